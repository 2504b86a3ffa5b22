namespace EndToEnd.Tests.Chart;

/// <summary>The chart of charts/, rendered by helm where there is one, else by what the project has for its tests.</summary>
internal static class HelmChart
{
    public const string Name = "segmentation-operator";

    private static readonly string Folder = RepositoryRoot.Combine("charts", Name);

    public static string File(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>The manifests that a release consists of, which must render.</summary>
    /// <param name="values">YAML that is laid over the chart's own values.</param>
    public static async Task<Manifests> RenderAsync(string values = "", string release = Name, string @namespace = "segmentation-system") =>
        Manifests.Read((await TryRenderAsync(values, release, @namespace)).ShouldSucceed().Output);

    public static Task<CommandResult> TryRenderAsync(string values, string release = Name, string @namespace = "segmentation-system") =>
        Command.RunAsync(RepositoryRoot.Combine("tests", "chart", "template.sh"), ["-n", @namespace, "-f", "/dev/stdin", release, Folder], values);
}
