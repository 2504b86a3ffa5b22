namespace Segmentation;

/// <summary>Why an event was refused. Neither part holds personal data.</summary>
/// <param name="Field">The field at fault, such as <c>occurredAt</c>; <c>event</c> for the object as a whole.</param>
/// <param name="Message">What is wrong with it and how to mend it.</param>
public readonly record struct EventError(string Field, string Message)
{
    /// <summary>Such as <c>occurredAt: "yesterday" is not RFC 3339; write it like 2026-01-31T09:30:00Z</c>.</summary>
    public override string ToString() => $"{Field}: {Message}";
}
