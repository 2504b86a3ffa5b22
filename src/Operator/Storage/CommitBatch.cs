using System.Globalization;
using System.Runtime.InteropServices;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>Why a membership changed, as the outbox tells it.</summary>
public enum FlipCause
{
    /// <summary>An event or a changed property.</summary>
    Event,

    /// <summary>Time alone.</summary>
    Time,

    /// <summary>A new revision of the definition.</summary>
    Edit,

    /// <summary>New RFM break points.</summary>
    Rescore,

    /// <summary>The segment was deleted.</summary>
    Deletion,

    /// <summary>The first members of a segment, or the first that an AudienceSync tells.</summary>
    Initial,

    /// <summary>The profile was erased.</summary>
    Erasure,

    /// <summary>The profile was merged into another one.</summary>
    Merge,
}

/// <summary>Who is told of a membership change.</summary>
internal enum FlipAudience
{
    /// <summary>Nobody: a revision that does not serve yet.</summary>
    None = 0,

    /// <summary>The segment's own statistics.</summary>
    Statistics = 1,

    /// <summary>The statistics and the outbox.</summary>
    Outbox = 2,
}

/// <summary>A membership operation as it was sent, to be read beside the reply that says whether it changed anything.</summary>
internal readonly record struct MembershipOperation(string Segment, string Revision, bool Enters, long AtMs, bool CountsInFlow, FlipAudience Audience);

/// <summary>Collects the operations of one commit (see <c>commit.lua</c>). What is alike goes into one command, for a command costs more than its data.</summary>
internal sealed class CommitBatch
{
    // Those that are in most batches: a text would be encoded anew each time.
    private static readonly RedisValue Occurrences = "e";
    private static readonly RedisValue Entering = "i";
    private static readonly RedisValue Leaving = "u";
    private static readonly RedisValue Enters = "+";
    private static readonly RedisValue Leaves = "-";
    private static readonly RedisValue Due = "d";
    private static readonly RedisValue NeverDue = "x";
    private static readonly RedisValue ProfileField = "h";
    private static readonly RedisValue Rfm = "r";
    private static readonly RedisValue Tier = "t";

    // A script unpacks lists onto a stack of 8,000.
    private const int LongestList = 1_000;

    // Room for what a usual turn writes is kept from one to the next, that for a large one is not.
    private const int LargestKept = 8_192;

    // The same of segments, one of which is looked up for every move.
    private const int MostSegmentsKept = 64;

    private readonly List<RedisValue> _arguments = [];
    private readonly List<CustomerEvent> _occurrences = [];
    private readonly List<RedisValue> _profiles = [];
    private readonly List<MembershipOperation> _memberships = [];
    private readonly List<MembershipOperation> _moves = [];
    private readonly Dictionary<(string Segment, string Revision), SegmentMoves> _segments = [];
    private readonly List<SegmentMoves> _moved = [];
    private bool _isWanted;

    public bool IsEmpty => !_isWanted && _arguments.Count == 0 && _occurrences.Count == 0 && _profiles.Count == 0 && _moves.Count == 0;

    /// <summary>Membership operations of which only the store can tell whether they change anything, in the order of its answer.</summary>
    public IReadOnlyList<MembershipOperation> Memberships => _memberships;

    /// <summary>Membership operations that change what the store is known to hold.</summary>
    public IReadOnlyList<MembershipOperation> Moves => _moves;

    /// <summary>Whether anything is to be sent on.</summary>
    public bool Forwards { get; private set; }

    /// <summary>
    /// Has it be committed even if nothing is added: something was written before it by other means, and only the sequence number of a later commit tells
    /// whether Redis still has it.
    /// </summary>
    public void Want() => _isWanted = true;

    /// <summary>Begins anew, with nothing in it.</summary>
    public void Clear()
    {
        Forwards = false;
        _isWanted = false;
        _arguments.Clear();
        _occurrences.Clear();
        _profiles.Clear();
        _memberships.Clear();
        _moves.Clear();
        foreach (var segment in _moved) segment.EndCommit();
        _moved.Clear();
        if (_segments.Count > MostSegmentsKept) _segments.Clear();
        if (_arguments.Capacity <= LargestKept) return;
        _arguments.Capacity = 0;
        _occurrences.Capacity = 0;
        _memberships.Capacity = 0;
        _moves.Capacity = 0;
    }

    /// <summary>Completes the batch: nothing may be added any more until <see cref="Clear"/>, and what is returned is good until then.</summary>
    public IReadOnlyList<RedisValue> Complete()
    {
        Flush();
        foreach (var moves in _moved)
        {
            foreach (var ((minute, enters), count) in moves.Flow) Add("c", FormattableString.Invariant($"{moves.Segment}|{minute}|{(enters ? '+' : '-')}"), count);
            if (moves.LatestMs is { } atMs) Add("l", moves.Segment, atMs);
        }
        return _arguments;
    }

    /// <summary>Writes what was collected until now: for an operation that must come after it.</summary>
    public void Flush()
    {
        WriteOccurrences();
        EndRound();
        for (var rest = Span(_profiles); rest.Length > 0;)
        {
            var some = Take(ref rest, LongestList);
            Add("n", some.Length);
            Add(some);
        }
        _profiles.Clear();
    }

    public void AddOccurrence(CustomerEvent e) => _occurrences.Add(e);

    public void AddProfile(string profileId) => _profiles.Add(profileId);

    public void ForgetOccurrences(string profileId, in Forgotten forgotten)
    {
        Flush();
        Add("q", profileId, Keys.EscapeEventName(forgotten.Name), forgotten.BeforeMs);
    }

    public void SetProfileField(string profileId, string field, string value) => Add(ProfileField, profileId, field, value);

    /// <param name="dueTimes">
    /// Per profile the earliest instant at which time alone may change a membership; <see cref="Verdict.Never"/> removes the entry.
    /// </param>
    public void SetDue(IReadOnlyCollection<(string ProfileId, long DueMs)> dueTimes)
    {
        foreach (var some in dueTimes.Where(due => due.DueMs != Verdict.Never).Chunk(LongestList))
        {
            Add(Due, some.Length);
            foreach (var (profileId, dueMs) in some) Add(dueMs, profileId);
        }
        foreach (var some in dueTimes.Where(due => due.DueMs == Verdict.Never).Chunk(LongestList))
        {
            Add(NeverDue, some.Length);
            foreach (var (profileId, _) in some) Add(profileId);
        }
    }

    /// <summary>
    /// A membership of which it is certain that the store holds the opposite, or will by what is in this batch already, and that no audience is told.
    /// </summary>
    /// <param name="segment">The segment.</param>
    /// <param name="revision">Whose members are changed.</param>
    /// <param name="profileId">Who enters or leaves.</param>
    /// <param name="isMember">Enters, or leaves.</param>
    /// <param name="atMs">When.</param>
    /// <param name="isServing">Whether it changes the segment's statistics.</param>
    /// <param name="countsInFlow">Whether it counts as entered or left.</param>
    public void Move(string segment, string revision, string profileId, bool isMember, long atMs, bool isServing, bool countsInFlow)
    {
        var moves = MovesOf(segment, revision);

        // Who enters and leaves in one batch must do so in that order.
        if (!moves.Profiles.Add(profileId))
        {
            EndRound();
            moves.Profiles.Add(profileId);
        }
        if (isMember) moves.Entering.Add(atMs);
        (isMember ? moves.Entering : moves.Leaving).Add(profileId);
        countsInFlow &= isServing;
        _moves.Add(new MembershipOperation(segment, revision, isMember, atMs, countsInFlow, isServing ? FlipAudience.Statistics : FlipAudience.None));
        if (isServing) moves.LatestMs = Math.Max(moves.LatestMs ?? atMs, atMs);
        if (!countsInFlow) return;
        var flow = (atMs / 60_000, isMember);
        moves.Flow[flow] = moves.Flow.GetValueOrDefault(flow) + 1;
    }

    /// <summary>A membership of which the store may hold either.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="revision">Whose members are changed.</param>
    /// <param name="profileId">Who enters or leaves.</param>
    /// <param name="isMember">Enters, or leaves.</param>
    /// <param name="atMs">When.</param>
    /// <param name="audience">Who is told.</param>
    /// <param name="countsInFlow">Whether it counts as entered or left.</param>
    /// <param name="cause">Why.</param>
    /// <param name="joinedAtFrom">Of one that enters: the revision whose joined-at it keeps, if it is a member there.</param>
    /// <param name="remembersEntering">Of one that leaves: whether it stays known when it had entered.</param>
    public void SetMembership(
        string segment, string revision, string profileId, bool isMember, long atMs, FlipAudience audience, bool countsInFlow, FlipCause cause,
        string? joinedAtFrom, bool remembersEntering = false)
    {
        var minute = countsInFlow && audience != FlipAudience.None ? (atMs / 60_000).ToString(CultureInfo.InvariantCulture) : "";
        var last = isMember ? joinedAtFrom ?? "" : remembersEntering ? "1" : "";
        _arguments.AddRange([isMember ? Enters : Leaves, segment, revision, profileId, atMs, (int)audience, minute, CauseName(cause), last]);
        _memberships.Add(new MembershipOperation(segment, revision, isMember, atMs, minute.Length > 0, audience));
    }

    /// <param name="policyKey">Policy and revision.</param>
    /// <param name="profileId">Whose dimensions.</param>
    /// <param name="score">What they are.</param>
    /// <param name="withSpent">Whether what the purchases come to is kept beside the monetary value, which is something else.</param>
    public void SetRfm(string policyKey, string profileId, in RfmScore score, bool withSpent = false)
    {
        if (score.HasPurchase)
            Add(Rfm, policyKey, profileId, score.LastPurchaseMs, score.FrequencyValue, Text(score.MonetaryValue), withSpent ? Text(score.Spent) : "");
        else
            Add(Rfm, policyKey, profileId, "", "", "", "");

        static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
    }

    public void SetTier(string policy, string profileId, string? tier, long atMs) => Add(Tier, policy, profileId, tier ?? "", atMs);

    /// <summary>Removes everything that is kept of a profile but its memberships and RFM dimensions, which are to be removed before.</summary>
    /// <param name="profileId">The profile.</param>
    /// <param name="remembering">The segments of which it is remembered when profiles that have left had entered.</param>
    /// <param name="mergedInto">The profile that it counts for from now on, which is then all that is kept of it; null for none.</param>
    public void EraseProfile(string profileId, IReadOnlyCollection<string> remembering, string? mergedInto = null)
    {
        Add("z", profileId, mergedInto ?? "", remembering.Count);
        foreach (var segment in remembering) Add(segment);
    }

    /// <summary>Leaves an entry to be sent to the log of the partition of a profile; see <see cref="ForwardStream"/>.</summary>
    /// <param name="profileId">The profile.</param>
    /// <param name="acceptedAtMs">When it was accepted.</param>
    /// <param name="field">As in the log.</param>
    /// <param name="payload">As in the log.</param>
    /// <param name="path">See <see cref="LogEntry.Path"/>.</param>
    public void Forward(string profileId, long acceptedAtMs, string field, RedisValue payload, params IReadOnlyCollection<string> path)
    {
        Forwards = true;
        Add("w", path.Count > 0 ? 8 : 6, ForwardStream.ToField, profileId, "at", acceptedAtMs, field, payload);
        if (path.Count > 0) Add("path", string.Join(EventLog.IdSeparator, path));
    }

    /// <param name="value">Null removes the field.</param>
    public void SetOwnerField(string field, string? value) => Add("o", field, value ?? "");

    public void RemoveFlowBucket(string field) => Add("f", field);

    public void RemoveKey(string keySuffix) => Add("k", keySuffix);

    public static string CauseName(FlipCause cause) => cause switch
    {
        FlipCause.Event => "event",
        FlipCause.Time => "time",
        FlipCause.Edit => "edit",
        FlipCause.Rescore => "rescore",
        FlipCause.Deletion => "deletion",
        FlipCause.Initial => "initial",
        FlipCause.Erasure => "erasure",
        FlipCause.Merge => "merge",
        _ => throw new ArgumentOutOfRangeException(nameof(cause)),
    };

    private void WriteOccurrences()
    {
        _occurrences.Sort(static (a, b) =>
            string.CompareOrdinal(a.ProfileId, b.ProfileId) is var byProfile and not 0 ? byProfile
            : string.CompareOrdinal(a.Name, b.Name) is var byName and not 0 ? byName
            : a.OccurredAtMs.CompareTo(b.OccurredAtMs));
        for (int i = 0, next; i < _occurrences.Count; i = next)
        {
            var first = _occurrences[i];
            for (next = i + 1; next < _occurrences.Count && next < i + LongestList && IsOfSameKey(first, _occurrences[next]);) next++;
            Add(Occurrences, Keys.EventsSuffix(first.ProfileId, first.Name), next - i);
            for (; i < next; i++) Add(_occurrences[i].OccurredAtMs, OccurrenceCodec.Encode(_occurrences[i]));
        }
        _occurrences.Clear();
    }

    private static bool IsOfSameKey(CustomerEvent a, CustomerEvent b) => a.Name == b.Name && a.ProfileId == b.ProfileId;

    private SegmentMoves MovesOf(string segment, string revision)
    {
        if (!_segments.TryGetValue((segment, revision), out var moves)) _segments.Add((segment, revision), moves = new SegmentMoves(segment, revision));
        if (!moves.IsUsed) _moved.Add(moves);
        moves.IsUsed = true;
        return moves;
    }

    private void EndRound()
    {
        foreach (var moves in _moved)
        {
            Write(Leaving, moves.Members, moves.Leaving);
            Write(Entering, moves.Members, moves.Entering);
            moves.EndRound();
        }
    }

    private void Write(RedisValue operation, RedisValue members, List<RedisValue> list)
    {
        for (var rest = Span(list); rest.Length > 0;)
        {
            var some = Take(ref rest, 2 * LongestList);
            Add(operation, members, some.Length);
            Add(some);
        }
    }

    private static ReadOnlySpan<RedisValue> Span(List<RedisValue> list) => CollectionsMarshal.AsSpan(list);

    private static ReadOnlySpan<RedisValue> Take(ref ReadOnlySpan<RedisValue> rest, int most)
    {
        var some = rest[..Math.Min(most, rest.Length)];
        rest = rest[some.Length..];
        return some;
    }

    private void Add(params ReadOnlySpan<RedisValue> arguments) => _arguments.AddRange(arguments);
}
