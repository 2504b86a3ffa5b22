using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// Since when a profile is in segments, and when it last entered those that it has left. Kept by whoever evaluates, flip by flip, for the
/// rules that ask; a segment that nobody asks about need not be in it.
/// </summary>
public sealed class MembershipHistory
{
    private readonly Dictionary<string, Stay> stays = new(StringComparer.Ordinal);

    /// <summary>By segment.</summary>
    public IReadOnlyDictionary<string, Stay> Stays => stays;

    /// <summary>When the profile entered the segment, in milliseconds since the Unix epoch; null when it is no member.</summary>
    public long? JoinedAtMs(string segment) => stays.TryGetValue(segment, out var stay) && stay.IsMember ? stay.EnteredAtMs : null;

    /// <summary>When the profile last entered the segment, also when it has left since; null when it never did.</summary>
    public long? EnteredAtMs(string segment) => stays.TryGetValue(segment, out var stay) ? stay.EnteredAtMs : null;

    /// <summary>Remembers what is known of a segment.</summary>
    public void Set(string segment, Stay stay)
    {
        ArgumentException.ThrowIfNullOrEmpty(segment);
        stays[segment] = stay;
    }

    /// <summary>Remembers that the profile entered at the instant.</summary>
    public void Enter(string segment, long instantMs) => Set(segment, new Stay(instantMs, IsMember: true, EnteredAtMs(segment)));

    /// <summary>Remembers that the profile is no member any more.</summary>
    public void Leave(string segment)
    {
        if (stays.TryGetValue(segment, out var stay))
            stays[segment] = new Stay(stay.EnteredAtMs, IsMember: false);
    }

    /// <summary>Remembers nothing of the segment.</summary>
    public void Forget(string segment) => stays.Remove(segment);

    /// <summary>Another history that knows the same.</summary>
    public MembershipHistory Copy()
    {
        var copy = new MembershipHistory();
        foreach (var (segment, stay) in stays)
            copy.stays.Add(segment, stay);
        return copy;
    }
}

/// <summary>A stay in a segment: the present one of a member, or else the latest.</summary>
/// <param name="EnteredAtMs">In milliseconds since the Unix epoch.</param>
/// <param name="IsMember">Whether it goes on.</param>
/// <param name="EnteredBeforeMs">Of one that goes on: when the profile entered the time before; null when it did not, or when nobody asks.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Stay(long EnteredAtMs, bool IsMember, long? EnteredBeforeMs = null);
