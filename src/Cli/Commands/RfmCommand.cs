using System.CommandLine;
using Segmentation.Cli.Output;
using Segmentation.Cli.Rfm;
using Segmentation.Cli.Server;
using Segmentation.Resources;

namespace Segmentation.Cli.Commands;

/// <summary><c>rfm POLICY</c>: how the customers are spread over the digits of recency and frequency, and over the tiers.</summary>
internal sealed class RfmCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ClusterOptions _cluster;
    private readonly Argument<string> _policy = new("POLICY") { Description = "The RfmPolicy's name" };
    private readonly Option<OutputFormat?> _output = OutputOption.Create(withCsv: true);

    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Also draw the matrix, and how the predictions' model does, into this SVG file",
        HelpName = "FILE",
    };

    public RfmCommand(Terminal terminal)
        : base("rfm", "Show how an RfmPolicy's customers are spread over recency, frequency and tiers, and what they spent.")
    {
        _terminal = terminal;
        _cluster = new ClusterOptions(terminal);
        Arguments.Add(_policy);
        _cluster.AddTo(this);
        Options.Add(_plot);
        Options.Add(_output);
        SetAction(RunAsync);
    }

    public string Details => """
        Reads the RfmPolicy's status from the Kubernetes API server, with kubectl's own kubeconfig. The operator counts every 15 seconds, large
        workspaces less often. Revenue is what the purchases in the policy's window come to, less refunds.
        """;

    public string Examples => """
        kubectl segment rfm default -w acme
        kubectl segment rfm default -w acme -o csv
        kubectl segment rfm default -w acme --plot rfm.svg
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using ClusterConnection cluster = _cluster.Connect(parsed);
        RfmReport report = RfmReport.Of(await cluster.GetAsync<RfmPolicy>("RfmPolicy", parsed.GetValue(_policy)!, cancellation), cluster.Workspace);
        if (parsed.GetValue(_plot) is { } file)
        {
            RfmPlot.Of(report).Save(file);
            await _terminal.Error.WriteLineAsync($"drawn into {file}");
        }
        switch (parsed.GetValue(_output))
        {
            case OutputFormat.Json:
                JsonOutput.Write(_terminal.Output, json => RfmJson.Write(json, report));
                break;
            case OutputFormat.Csv:
                RfmCsv.Write(_terminal.Out, report);
                break;
            default:
                RfmText.Write(_terminal, report);
                break;
        }
        return ExitCode.Done;
    }
}
