using System.Text;

namespace Segmentation;

/// <summary>
/// Gives the same string for the same bytes most of the time, so that the few names of events and properties that a workspace uses are
/// not allocated again for every event. Bounded: a slot keeps the last name that fell into it. Safe to use from several threads: a slot
/// is one reference to an immutable entry, and losing a race costs one allocation.
/// </summary>
internal sealed class NameCache
{
    public static readonly NameCache Shared = new();

    private const int Slots = 1024;
    private const int LongestKept = 64;

    private readonly Entry?[] entries = new Entry?[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKept)
            return Encoding.UTF8.GetString(utf8);
        ref var slot = ref entries[Hash(utf8) & (Slots - 1)];
        var entry = slot;
        if (entry is null || !utf8.SequenceEqual(entry.Utf8))
            slot = entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return entry.Text;
    }

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u;
        foreach (var b in utf8)
            hash = (hash ^ b) * 16777619u;
        return hash ^ (hash >> 15);
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
