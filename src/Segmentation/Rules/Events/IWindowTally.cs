namespace Segmentation;

/// <summary>
/// What a walk knows of the occurrences in its window, kept so that one can be added or removed in constant time. Occurrences are added
/// in the order of their indices; one whose amount a refund changes is removed and added again at once.
/// </summary>
internal interface IWindowTally
{
    /// <summary>Takes in what the occurrence contributes at the instant, if anything.</summary>
    void Add(int index, long atMs);

    /// <summary>Takes back an <see cref="Add"/> of the same contribution.</summary>
    void Remove(int index, long atMs);

    /// <summary>Whether the rule holds at the instant.</summary>
    /// <param name="atMs">The instant, never before an earlier one.</param>
    /// <param name="oldest">The first index that is still in the window.</param>
    bool Holds(long atMs, int oldest);
}
