using Segmentation.Resources;

namespace Segmentation.Cli.Offline;

/// <summary>Evaluates definitions over profiles in memory, by the same compiler and engine as the operator's.</summary>
internal sealed class OfflineWorkspace(DefinitionFiles files, OfflineProfiles profiles, long asOfMs)
{
    private readonly Dictionary<string, RfmBreakPoints> _breakPoints = [];
    private readonly Dictionary<string, PredictionModel> _models = [];
    private readonly List<string> _notes = [];

    /// <summary>What the last evaluation could not do, for a person.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Refuses definitions that cannot be used, before any event is read.</summary>
    /// <param name="files">The definitions.</param>
    /// <param name="wanted">The only segment that has to be right; null for all.</param>
    /// <exception cref="CliException">A definition is wrong, or the wanted segment is not among them.</exception>
    public static void Check(DefinitionFiles files, string? wanted)
    {
        WorkspaceDefinition workspace = WorkspaceCompiler.Compile(files.Segments, files.Policies, new Dictionary<string, RfmBreakPoints>());
        if (wanted is not null && !workspace.Segments.ContainsKey(wanted))
            throw CliException.BadInput($"--segment: there is no Segment {wanted} in the files", $"they hold: {string.Join(", ", files.Segments.Keys.Order(StringComparer.Ordinal))}");
        if (wanted is not null && workspace.Segments[wanted].IsValid)
            return;
        string[] problems =
        [
            .. workspace.Policies.Values.SelectMany(policy => policy.Problems.Select(problem => $"RfmPolicy {policy.Name}: {problem}")),
            .. workspace.Segments.Values.SelectMany(segment => segment.Problems.Select(problem => $"Segment {segment.Name}: {problem}")),
        ];
        if (problems.Length > 0)
            throw CliException.BadInput(string.Join("\n       ", problems));
    }

    /// <summary>The members of each segment, their ids in ordinal order.</summary>
    /// <param name="wanted">Only this segment; null for all of them, by name.</param>
    public IReadOnlyList<SegmentMembers> Evaluate(string? wanted)
    {
        SegmentDefinition[] segments = [.. Ranked().ValidSegments
            .Select(segment => segment.Definition!)
            .Where(segment => wanted is null || segment.Name == wanted)
            .OrderBy(segment => segment.Name, StringComparer.Ordinal)];
        List<string>[] members = [.. segments.Select(_ => new List<string>())];
        var evaluation = new Evaluation();
        var replay = new MembershipReplay(segments);
        foreach (Profile profile in profiles.All)
        {
            replay.Run(profile, asOfMs);
            evaluation.Begin(profile, asOfMs);
            for (int i = 0; i < segments.Length; i++)
            {
                if (evaluation.Evaluate(segments[i]).Matches)
                    members[i].Add(profile.Id);
            }
        }
        foreach (List<string> ids in members)
            ids.Sort(StringComparer.Ordinal);
        return [.. segments.Select((segment, i) => new SegmentMembers(segment.Name, members[i]))];
    }

    /// <summary>The definitions, with the break points that quantile policies and the models that predicting ones have over these profiles.</summary>
    private WorkspaceDefinition Ranked()
    {
        WorkspaceDefinition unranked = WorkspaceCompiler.Compile(files.Segments, files.Policies, _breakPoints);
        foreach (RfmPolicyCompilation policy in unranked.Policies.Values)
        {
            if (policy.Definition is { BreakPoints: null } definition && OfflineBreakPoints.Of(definition, profiles.All, asOfMs) is { } breakPoints)
                _breakPoints[policy.Name] = breakPoints;
            if (policy.Terms is { } terms)
                Fit(policy.Definition!, terms);
        }
        return _breakPoints.Count + _models.Count == 0
            ? unranked
            : WorkspaceCompiler.Compile(files.Segments, files.Policies, _breakPoints, models: _models);
    }

    private void Fit(RfmPolicyDefinition policy, PredictionTerms terms)
    {
        var training = new PredictionTraining(asOfMs, terms);
        foreach (Profile profile in profiles.All)
            training.Add(policy, profile);
        PredictionReport report = training.Finish();
        if (report.Model is { } model)
            _models[policy.Name] = model;
        else
            _notes.Add($"RfmPolicy {policy.Name} has no model, and predicts nothing: {PredictionShortfallText.Of(report.Shortfalls)}");
    }
}

/// <param name="Segment">The segment's name.</param>
/// <param name="Ids">The ids of its members, in ordinal order.</param>
internal sealed record SegmentMembers(string Segment, IReadOnlyList<string> Ids);
