using Kubernetes.Model;
using Segmentation.Resources;

namespace Segmentation.Cli.Linting;

/// <summary>Lints the definitions of some files; those of one namespace are looked at together.</summary>
internal sealed class DefinitionLint
{
    private readonly List<FileFinding> _findings = [];
    private readonly List<Definition> _definitions = [];

    /// <summary>How many Segments and RfmPolicies were looked at.</summary>
    public int Count => _definitions.Count;

    /// <summary>Reads a file; what an API server would refuse is a finding already.</summary>
    public void Add(string file, string text)
    {
        ResourceFileContent content = ResourceFile.Read(text);
        foreach (ResourceFileError error in content.Errors)
            _findings.Add(new FileFinding(file, error.Line, "", new LintFinding("schema", LintSeverity.Error, error.Path, error.Message)));
        foreach ((IKubernetesObject definition, IReadOnlyDictionary<string, long> lines) in content.Objects.Zip(content.Lines))
        {
            if (definition is Segment or RfmPolicy)
                Add(new Definition(file, definition, lines));
        }
    }

    /// <summary>Everything that was found, by file and line.</summary>
    public IReadOnlyList<FileFinding> Run()
    {
        foreach (IGrouping<string?, Definition> workspace in _definitions.GroupBy(definition => definition.Object.Metadata.Namespace))
            Look([.. workspace]);
        return [.. _findings.OrderBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line)];
    }

    private void Add(Definition added)
    {
        Definition? first = _definitions.Find(known =>
            known.Name == added.Name && known.Object.Metadata.Namespace == added.Object.Metadata.Namespace);
        if (first is null)
            _definitions.Add(added);
        else
            Report(added, new LintFinding("duplicate", LintSeverity.Error, "metadata.name", $"{added.Name} is defined in {first.File} already"));
    }

    private void Look(List<Definition> definitions)
    {
        Dictionary<string, SegmentSpec> segments = definitions.Where(definition => definition.Object is Segment)
            .ToDictionary(definition => definition.Object.Metadata.Name, definition => ((Segment)definition.Object).Spec);
        Dictionary<string, RfmPolicySpec> policies = definitions.Where(definition => definition.Object is RfmPolicy)
            .ToDictionary(definition => definition.Object.Metadata.Name, definition => ((RfmPolicy)definition.Object).Spec);
        WorkspaceDefinition workspace = WorkspaceCompiler.Compile(segments, policies, new Dictionary<string, RfmBreakPoints>());
        foreach (Definition definition in definitions)
        {
            string name = definition.Object.Metadata.Name;
            IReadOnlyList<SpecProblem> problems =
                definition.Object is Segment ? workspace.Segments[name].Problems : workspace.Policies[name].Problems;
            foreach (SpecProblem problem in problems)
                Report(definition, Of(problem));
            if (problems.Any(problem => Of(problem).Severity == LintSeverity.Error))
                continue;
            foreach (LintFinding finding in definition.Object is Segment segment
                ? SegmentLinter.Lint(segment.Spec, definition.Lines.ContainsKey)
                : RfmPolicyLinter.Lint(((RfmPolicy)definition.Object).Spec))
                Report(definition, finding);
        }
    }

    // What is referred to may stand in another file.
    private static LintFinding Of(SpecProblem problem) => problem.Reason is ProblemReasons.SegmentNotFound or ProblemReasons.RfmPolicyNotFound
        ? new LintFinding("reference", LintSeverity.Warning, problem.FieldPath, $"{problem.Message}; or name its file, too")
        : new LintFinding(problem.Reason == ProblemReasons.SegmentCycle ? "cycle" : "invalid", LintSeverity.Error, problem.FieldPath, problem.Message);

    private void Report(Definition definition, LintFinding finding) =>
        _findings.Add(new FileFinding(definition.File, definition.LineOf(finding.Path), definition.Name, finding));

    private sealed record Definition(string File, IKubernetesObject Object, IReadOnlyDictionary<string, long> Lines)
    {
        public string Name => $"{Object.Kind} {Object.Metadata.Name}";

        /// <summary>Of the field, or, when it was left out, of the nearest one around it.</summary>
        public long LineOf(string path)
        {
            while (path.Length > 0)
            {
                if (Lines.TryGetValue(path, out long line))
                    return line;
                path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
            }
            return Lines[""];
        }
    }
}
