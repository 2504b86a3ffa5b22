using System.Collections.Concurrent;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>Fits the models of RFM policies that predict to the purchases of every profile of a workspace, when they are missing or due.</summary>
internal sealed class ModelFitter(
    RedisConnection redis, BreakPointCalculator calculator, BusinessClock clock, TimeProvider time, ILogger<ModelFitter> logger)
{
    private const int ProfilesPerPage = 500;

    // As with break points: a workspace that was just filled must not wait for the schedule. But fits take at most a twentieth of the time.
    private const decimal GrowthThatRefits = 0.10m;
    private const long ShortestIntervalMs = 5_000;
    private const int RestPerFit = 20;

    private readonly ConcurrentDictionary<(string Workspace, string Key), long> _tookMs = new();

    /// <summary>Fits the first serving policy whose model is due, if there is one, and leaves the result with the workspace for its next planning.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StoreUnavailableException">Redis did not answer.</exception>
    public async Task<bool> FitDueAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        foreach (var (name, entry) in workspace.Catalog.Policies)
        {
            if (entry.Serving is not { Spec: { Predictions: { } wanted } spec } serving) continue;
            var key = WorkspacePlanner.PolicyKey(name, serving.Revision);
            if (spec.Suspend && workspace.Catalog.Models.ContainsKey(key)) continue; // segments wait for the first attempt
            var policy = RfmPolicyCompiler.Compile(name, spec);
            if (policy.Terms is not { } terms || workspace.Fits.ContainsKey(key)) continue;
            var profiles = await calculator.CountAsync(workspace, name, serving.Revision);
            if (!IsDue(workspace, key, terms, DurationText.ParseMs(wanted.RefitEvery), profiles)) continue;
            workspace.Fits[key] = await FitAsync(workspace, key, policy.Definition!, terms, profiles, cancellationToken);
            return true;
        }
        return false;
    }

    private bool IsDue(Workspace workspace, string key, PredictionTerms terms, long everyMs, long profiles)
    {
        if (!workspace.Catalog.Models.TryGetValue(key, out var last) || last.Terms != terms) return true;
        var ageMs = clock.NowMs - last.TriedAtMs;
        if (ageMs >= everyMs) return true;
        if (ageMs < Math.Max(ShortestIntervalMs, RestPerFit * _tookMs.GetValueOrDefault((workspace.Name, key)))) return false;
        return Math.Abs(profiles - last.Profiles) > last.Profiles * GrowthThatRefits;
    }

    private async Task<ModelFit> FitAsync(
        Workspace workspace, string key, RfmPolicyDefinition policy, PredictionTerms terms, long profiles, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var nowMs = clock.NowMs;
        var training = new PredictionTraining(nowMs, terms);
        for (var partition = 0; partition < workspace.PartitionCount; partition++)
            await ReadAsync(new PartitionStore(redis, workspace.Name, partition), policy, training, cancellationToken);
        var report = training.Finish();
        var tookMs = (long)time.GetElapsedTime(started).TotalMilliseconds;
        _tookMs[(workspace.Name, key)] = tookMs;
        Log.ModelFitted(logger, workspace.Name, policy.Name, report.Model is not null, report.Customers, tookMs);
        return new ModelFit(report, terms, nowMs, profiles);
    }

    // One page at a time and a rest as long as it took, so that orders never wait behind more than a page.
    private async Task ReadAsync(PartitionStore store, RfmPolicyDefinition policy, PredictionTraining training, CancellationToken cancellationToken)
    {
        for (var cursor = ""; ;)
        {
            var started = time.GetTimestamp();
            var ids = await store.ProfilesAfterAsync(cursor, until: null, ProfilesPerPage);
            foreach (var stored in await store.LoadAsync(ids, [])) training.Add(policy, stored.Profile);
            if (ids.Length < ProfilesPerPage) return;
            cursor = ids[^1];
            await Task.Delay(time.GetElapsedTime(started), time, cancellationToken);
        }
    }
}

/// <summary>An attempt to fit a model, to be stored by the next planning.</summary>
/// <param name="AtMs">As of when.</param>
/// <param name="Profiles">How many profiles had a purchase in the policy's window.</param>
internal sealed record ModelFit(PredictionReport Report, PredictionTerms Terms, long AtMs, long Profiles);
