namespace Segmentation.Operator.Partitions;

/// <summary>
/// Profiles in the order in which they were last used. They are linked by numbers of places: references from one old object to another, written by every
/// use, would be for the garbage collector to look at again while everything stands still.
/// </summary>
internal sealed class UseList
{
    private const int None = -1;

    private Place[] _places = [];
    private int _taken;
    private int _free = None;
    private int _first = None;
    private int _last = None;

    /// <summary>The one used longest ago; null when there is none.</summary>
    public CachedProfile? Last => _last == None ? null : _places[_last].Profile;

    /// <summary>Takes one in that is in no list, as the one used last. Amortised O(1), as all others are.</summary>
    public void AddFirst(CachedProfile cached)
    {
        var place = _free;
        if (place != None) _free = _places[place].Before;
        else if ((place = _taken++) == _places.Length) Array.Resize(ref _places, Math.Max(16, _taken * 2));
        _places[place].Profile = cached;
        cached.UsePlace = place;
        LinkFirst(place);
    }

    public void Remove(CachedProfile cached)
    {
        Unlink(cached.UsePlace);
        _places[cached.UsePlace] = new Place { Before = _free };
        _free = cached.UsePlace;
    }

    public void MoveToFront(CachedProfile cached)
    {
        if (cached.UsePlace == _first) return;
        Unlink(cached.UsePlace);
        LinkFirst(cached.UsePlace);
    }

    public void Clear()
    {
        _places = [];
        _taken = 0;
        _free = _first = _last = None;
    }

    private void LinkFirst(int place)
    {
        _places[place].Before = _first;
        _places[place].After = None;
        if (_first == None) _last = place;
        else _places[_first].After = place;
        _first = place;
    }

    private void Unlink(int place)
    {
        var (before, after) = (_places[place].Before, _places[place].After);
        if (after == None) _first = before;
        else _places[after].Before = before;
        if (before == None) _last = after;
        else _places[before].After = after;
    }

    /// <summary>Of a profile, or of none; then <see cref="Before"/> is the next that is free.</summary>
    private struct Place
    {
        public CachedProfile? Profile;

        /// <summary>The one that was used last before this one.</summary>
        public int Before;

        /// <summary>The one that was used next after this one.</summary>
        public int After;
    }
}
