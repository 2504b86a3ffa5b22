using System.CommandLine;
using Kubernetes.Client.Configuration;

namespace Segmentation.Cli.Server;

/// <summary>Which Kubernetes API server and namespace a command reads from; found as kubectl finds them.</summary>
internal sealed class ClusterOptions(Terminal terminal)
{
    public Option<string?> Workspace { get; } = new("--workspace", "-w", "--namespace", "-n")
    {
        Description = "The workspace, which is a Kubernetes namespace. Default: $SEGMENTATION_WORKSPACE, else that of the kubeconfig's context",
        HelpName = "NAME",
    };

    public Option<string?> Kubeconfig { get; } = new("--kubeconfig")
    {
        Description = "The kubeconfig. Default: $KUBECONFIG, else ~/.kube/config",
        HelpName = "FILE",
    };

    public Option<string?> Context { get; } = new("--context")
    {
        Description = "The kubeconfig's context. Default: its current one",
        HelpName = "NAME",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Workspace);
        command.Options.Add(Kubeconfig);
        command.Options.Add(Context);
    }

    /// <exception cref="CliException">There is no kubeconfig, or something is wrong with it.</exception>
    public ClusterConnection Connect(ParseResult parsed)
    {
        try
        {
            ClientConfiguration found = new ClientConfigurationLoader(terminal.Time, terminal.Variable).Load(parsed.GetValue(Kubeconfig), parsed.GetValue(Context));
            string workspace = parsed.GetValue(Workspace) ?? terminal.Variable("SEGMENTATION_WORKSPACE") ?? found.Namespace;
            return new ClusterConnection(found, workspace, terminal.Time);
        }
        catch (ClientConfigurationException failure)
        {
            throw CliException.BadInput(failure.Message, "name a kubeconfig with --kubeconfig, and one of its contexts with --context");
        }
    }
}
