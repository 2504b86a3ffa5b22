using Segmentation.Operator.Tests.Partitions;
using static Segmentation.Operator.Tests.Simulation.SimulatedStore;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>
/// Stands beside the store while scripts run: notes what was applied and when it took effect, for the oracle, and what must hold of every single run.
/// </summary>
/// <param name="applied">Gets what was applied, in that order: entries of the logs, and events that were brought to an owner.</param>
internal sealed class StoreWatch(SimulatedStore store, SimulatedNetwork network, List<Acknowledged> applied)
{
    private readonly SimulatedScripts _scripts = new(store);
    private readonly Dictionary<string, List<(StreamPosition Id, Acknowledged Entry)>> _unapplied = [];
    private readonly HashSet<string> _known = [];

    /// <summary>Batches that were applied.</summary>
    public int Commits { get; private set; }

    /// <summary>Commits, activations and releases that were refused because another owner had taken over.</summary>
    public int Refused { get; private set; }

    /// <summary>Events that commits took from inboxes.</summary>
    public int Brought { get; private set; }

    /// <summary>Entries of the logs that no commit has applied.</summary>
    public int Unapplied => _unapplied.Values.Sum(entries => entries.Count);

    /// <summary>All of these events were applied at some time.</summary>
    public void ShouldKnow(IEnumerable<CustomerEvent> events) => events.ShouldAllBe(e => _known.Contains(e.Id), "what an owner calls committed is");

    public object? Run(string script, string key, string[] arguments)
    {
        if (script == "append") return Append(key, arguments);
        if (script == "receive") return Receive(key, arguments);
        var before = OwnerOf(key);
        var changes = store.Changes;
        var reply = _scripts.Run(script, key, arguments);
        var hasChanged = store.Changes != changes;
        var after = OwnerOf(key);
        var isAcquired = script == "acquire" && reply is not null;
        var isApplied = script == "commit" && reply is object?[] and [1L, ..];

        after.Epoch.ShouldBe(before.Epoch + (isAcquired ? 1 : 0), $"{script}: only who takes over raises the epoch, by one");
        after.Sequence.ShouldBe(before.Sequence + (isApplied ? 1 : 0), $"{script}: every applied batch is one commit");
        if (isApplied) NoteApplied(key, before, after, arguments);
        else (after.Offset, after.ClockMs).ShouldBe((before.Offset, before.ClockMs), $"{script}: only a batch moves the offset and the clock");
        if (script is not ("acquire" or "load" or "peek") && arguments[0] != Text(before.Epoch))
        {
            hasChanged.ShouldBeFalse($"{script}: epoch {arguments[0]} was succeeded by epoch {before.Epoch} and may change nothing");
            Refused++;
        }
        if (script is "load" or "peek" || (script == "commit" && !isApplied)) hasChanged.ShouldBeFalse($"{script}: nothing is written");
        return reply;
    }

    private object? Append(string key, string[] arguments)
    {
        var reply = _scripts.Run("append", key, arguments);
        if (reply is not string id) return reply;
        var operation = network.Executing.ShouldNotBeNull();
        var entry = (Acknowledged)operation.Content! with { };
        operation.Job.Taken++;
        UnappliedOf(key).Add((StreamPosition.Parse(id), entry));
        return reply;
    }

    // What is sent on was acknowledged before: the oracle knows it.
    private object? Receive(string key, string[] arguments)
    {
        var (log, before) = (SimulatedScripts.Prefix(key) + "log", OwnerOf(key));
        var known = store.Stream(log).Count;
        var reply = _scripts.Run("receive", key, arguments);
        foreach (var entry in store.Stream(log).Skip(known)) UnappliedOf(log).Add((entry.Id, new Acknowledged(0, [], null, null)));
        OwnerOf(key).ShouldBe(before, "who sends on changes nothing but the log");
        return reply;
    }

    private void NoteApplied(string key, OwnerHash before, OwnerHash after, string[] arguments)
    {
        Commits++;
        (before.Sequence, before.Offset).ShouldBe((Number(arguments[1]), arguments[2]), "a batch is applied where its owner believes the store to be");
        after.ClockMs.ShouldBeGreaterThanOrEqualTo(before.ClockMs, "evaluations never go back");
        var offset = StreamPosition.Parse(after.Offset);
        StreamPosition.Parse(before.Offset).IsAfter(offset).ShouldBeFalse("entries are applied in order");
        var unapplied = UnappliedOf(SimulatedScripts.Prefix(key) + "log");
        var effectMs = before.ClockMs;
        Acknowledged[] entries = [.. unapplied.TakeWhile(entry => !entry.Id.IsAfter(offset)).Select(entry => entry.Entry)];
        foreach (var entry in entries) entry.TakesEffectMs = effectMs = Math.Max(effectMs, entry.AtMs);
        foreach (var entry in entries) NoteApplied(entry);
        if (BroughtEvents.Of(_scripts.Written, entries) is { Count: > 0 } brought)
        {
            NoteApplied(new Acknowledged(after.ClockMs, brought, null, null));
            Brought += brought.Count;
        }
        unapplied.RemoveAll(entry => !entry.Id.IsAfter(offset));
        store.Stream(SimulatedScripts.Prefix(key) + "log").Select(entry => entry.Id).SequenceEqual(unapplied.Select(entry => entry.Id))
            .ShouldBeTrue("what is not applied stays in the log");
    }

    private void NoteApplied(Acknowledged entry)
    {
        applied.Add(entry);
        _known.UnionWith(entry.Events.Select(e => e.Id));
    }

    private List<(StreamPosition Id, Acknowledged Entry)> UnappliedOf(string logKey)
    {
        if (!_unapplied.TryGetValue(logKey, out var entries)) _unapplied[logKey] = entries = [];
        return entries;
    }

    private OwnerHash OwnerOf(string key) => new(
        Number(store.HGet(key, "epoch") ?? "0"), Number(store.HGet(key, "seq") ?? "0"), store.HGet(key, "offset") ?? "0-0", Number(store.HGet(key, "clock") ?? "0"));

    private readonly record struct OwnerHash(long Epoch, long Sequence, string Offset, long ClockMs);
}
