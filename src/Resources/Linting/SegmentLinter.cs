namespace Segmentation.Resources;

/// <summary>
/// Looks at a valid segment for what is probably a mistake: conditions that nobody or everybody meets, absence that was not thought of,
/// events that have to be kept for ever, expressions that cost much. It never claims what it cannot prove; it does not find everything.
/// </summary>
public sealed class SegmentLinter
{
    private const string Contradiction = "contradiction";
    private const string AlwaysTrue = "always-true";
    private const int ManyConditions = 40;
    private const int ManyOperands = 100;

    private readonly Func<string, bool> isWritten;
    private readonly List<LintFinding> findings = [];
    private int conditions;

    private SegmentLinter(Func<string, bool> isWritten) => this.isWritten = isWritten;

    /// <param name="spec">One that compiles without problems.</param>
    /// <param name="isWritten">Whether the field of a path stands in the file, as opposed to being left to its default.</param>
    public static IReadOnlyList<LintFinding> Lint(SegmentSpec spec, Func<string, bool> isWritten)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(isWritten);
        var linter = new SegmentLinter(isWritten);
        linter.Look(spec.Match, "spec.match", isTrue: true);
        if (linter.conditions > ManyConditions)
        {
            linter.Report(
                "expensive", LintSeverity.Info, "spec.match", $"{linter.conditions} conditions; parts that several segments share can be a Segment of their own");
        }

        return linter.findings;
    }

    private void Look(ConditionSpec spec, string path, bool isTrue)
    {
        var before = findings.Count;
        foreach (var (part, at) in Parts(spec, path))
            Look(part, at, isTrue != (spec.None is not null));
        if (Parts(spec, path).Count == 0)
            LookAtLeaf(spec, path, isTrue);

        // What is wrong with a part need not be said of the whole again.
        if (!findings.Skip(before).Any(finding => finding.Rule is Contradiction or AlwaysTrue))
            LookForTruth(spec, path, isTrue);
    }

    // Whether the condition can hold at all, and whether it can fail.
    private void LookForTruth(ConditionSpec spec, string path, bool isTrue)
    {
        if (Contradictions.Find(Claims(spec, path, isTrue: true)) is { } never)
            Report(Contradiction, isTrue ? LintSeverity.Error : LintSeverity.Warning, path, Nobody(never, path));
        else if (Contradictions.Find(Claims(spec, path, isTrue: false)) is { } always)
            Report(AlwaysTrue, LintSeverity.Warning, path, Everybody(always, path));
    }

    private static string Nobody((Claim First, Claim Second) pair, string path) => pair.First == pair.Second
        ? "nobody can meet this"
        : $"nobody can meet this: {Below(pair.First, path)} and {Below(pair.Second, path)} exclude one another";

    private static string Everybody((Claim First, Claim Second) pair, string path) => pair.First == pair.Second
        ? "everybody meets this, so that it says nothing; take it out"
        : $"everybody meets this, so that it says nothing: who misses {Below(pair.First, path)} meets {Below(pair.Second, path)}";

    private static string Below(Claim claim, string path) => claim.Path.Length > path.Length ? claim.Path[(path.Length + 1)..] : claim.Path;

    // What must hold for the condition to hold, or to fail: as far as it is a plain "and".
    private static List<Claim> Claims(ConditionSpec spec, string path, bool isTrue)
    {
        var parts = Parts(spec, path);
        if (parts.Count == 0)
            return Claim.Of(spec, path, isTrue) is { } claim ? [claim] : [];
        var partsHold = isTrue != (spec.None is not null);
        var isAnd = parts.Count == 1 || (spec.All is not null ? isTrue : !isTrue != (spec.None is not null));
        return isAnd ? [.. parts.SelectMany(part => Claims(part.Part, part.Path, partsHold))] : [];
    }

    private static List<(ConditionSpec Part, string Path)> Parts(ConditionSpec spec, string path)
    {
        var (parts, name) = spec.All is not null ? (spec.All, "all") : spec.Any is not null ? (spec.Any, "any") : (spec.None ?? [], "none");
        return [.. parts.Select((part, i) => (part, $"{path}.{name}[{i}]"))];
    }

    private void LookAtLeaf(ConditionSpec spec, string path, bool isTrue)
    {
        conditions++;
        if (spec.Property is { } property)
            LookAtProperty(property, path + ".property", isTrue);
        if (spec.Event is { } e)
            LookAtEvent(e, path + ".event");
        foreach (var (where, at) in Wheres(spec, path))
            LookAtExpression(where, at);
    }

    private void LookAtProperty(PropertyConditionSpec property, string path, bool isTrue)
    {
        LookAtExpression(property, path);
        if (isWritten(path + ".onMissing") || property.Exists is not null)
            return;
        var isNegative = property is { Ne: not null } or { NotIn: not null } or { NotContains: not null } or { NotStartsWith: not null }
            or { NotEndsWith: not null } or { NotMatches: not null } or { ContainsNone: not null };
        if (isTrue && isNegative)
        {
            Report(
                "missing-data", LintSeverity.Warning, path,
                $"customers without {property.Name} do not meet this; write onMissing: include if they should, onMissing: exclude if not");
        }
        else if (!isTrue && !isNegative)
        {
            Report(
                "missing-data", LintSeverity.Info, path,
                $"customers without {property.Name} pass the none around this; write onMissing: include here if they should not");
        }
    }

    private void LookAtEvent(EventConditionSpec e, string path)
    {
        var isEver = TimeframeNames(e).All(name => !isWritten($"{path}.{name}"));
        if (isEver && e is not { Sum: null, Avg: null, Min: null, Max: null, Distinct: null })
        {
            Report(
                "unbounded-history", LintSeverity.Warning, path,
                $"every {e.Name} has to be kept and read for ever; give it a timeframe such as within: 730d");
        }
        else if (isEver && e.Count is { Eq: not null and not 0 } or { Between: not null } or { Ne: not null })
        {
            Report("unbounded-history", LintSeverity.Info, path, $"every {e.Name} has to be kept for ever; a timeframe such as within: 730d bounds that");
        }

        if (e.SinceEntering == true && e.Count is { Eq: 0 } or { Lt: not null } or { Lte: not null })
        {
            Report(
                "never-returns", LintSeverity.Warning, path,
                "who leaves by this condition does not come back: since entering goes on from the latest entering; add a timeframe such as within, if that is not meant");
        }
    }

    private void LookAtExpression(PropertyOperators operators, string path)
    {
        if ((operators.Matches ?? operators.NotMatches) is { } pattern && pattern.StartsWith(".*", StringComparison.Ordinal))
            Report("expensive", LintSeverity.Info, $"{path}.{(operators.Matches is null ? "notMatches" : "matches")}", "a pattern finds its text anywhere; leave out the .* in front");
        if ((operators.In ?? operators.NotIn) is { Count: > ManyOperands } operands)
            Report("expensive", LintSeverity.Info, path, $"{operands.Count} values are compared one by one; a property that says the same is faster");
    }

    private static IEnumerable<string> TimeframeNames(TimeframeSpec spec)
    {
        if (spec.Ever == true)
            return [];
        return ["within", "between", "since", "after", "before", "from", "calendar", "sinceEntering", "sinceProperty"];
    }

    private static IEnumerable<(WhereSpec Where, string Path)> Wheres(ConditionSpec spec, string path)
    {
        IEnumerable<(IReadOnlyList<WhereSpec>? List, string Path)> lists =
        [
            (spec.Event?.Where, ".event"), (spec.FirstTime?.Where, ".firstTime"), (spec.Restarted?.Where, ".restarted"),
            (spec.Regular?.Where, ".regular"), (spec.Stopped?.Where, ".stopped"),
            .. (spec.Sequence?.Steps ?? []).Select((step, i) => (step.Where, $".sequence.steps[{i}]")),
        ];
        return lists.SelectMany(list => (list.List ?? []).Select((where, i) => (where, $"{path}{list.Path}.where[{i}]")));
    }

    private void Report(string rule, LintSeverity severity, string path, string message) =>
        findings.Add(new LintFinding(rule, severity, path, message));
}
