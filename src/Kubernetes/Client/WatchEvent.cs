using Kubernetes.Model;

namespace Kubernetes.Client;

/// <summary>What a line of a watch reports.</summary>
public enum WatchEventKind
{
    Added = 0,
    Modified = 1,
    Deleted = 2,

    /// <summary>Nothing happened; the resource version moves on.</summary>
    Bookmark = 3,

    /// <summary>The watch failed; <see cref="WatchEvent{T}.Status"/> says why. Nothing follows.</summary>
    Error = 4,
}

/// <summary>One line of a watch.</summary>
/// <param name="Metadata">Of the object, or of the bookmark.</param>
/// <param name="Entity">Null for bookmarks, errors, and objects that do not fit the type.</param>
/// <param name="DecodeError">Why the object could not be read; null when it could.</param>
public sealed record WatchEvent<T>(WatchEventKind Kind, ObjectMeta Metadata, T? Entity, ApiStatus? Status, string? DecodeError)
    where T : class
{
    /// <summary>The bookmark that ends the initial state of a watch that sends it.</summary>
    public bool EndsInitialEvents =>
        Kind == WatchEventKind.Bookmark
        && Metadata.Annotations?.TryGetValue("k8s.io/initial-events-end", out var value) == true && value == "true";
}
