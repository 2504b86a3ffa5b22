using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Segmentation.Cli.Tests.Support;

/// <summary>As much of a Kubernetes API server as reading the RfmPolicies of the namespace acme needs, with a kubeconfig that leads to it.</summary>
internal sealed class PolicyServer : IAsyncDisposable
{
    public const string Token = "a-token";

    private const string Collection = "/apis/segmentation.dev/v1alpha1/namespaces/acme/rfmpolicies";

    private readonly WebApplication _application;
    private readonly TemporaryFolder _folder = new();

    private PolicyServer(WebApplication application) => _application = application;

    /// <summary>The objects, by name, as JSON.</summary>
    public Dictionary<string, string> Policies { get; } = [];

    public string Kubeconfig => _folder["kubeconfig"];

    public static async Task<PolicyServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        WebApplication application = builder.Build();
        var server = new PolicyServer(application);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        server._folder.Write("kubeconfig", Config(application.Urls.Single(), Token));
        return server;
    }

    /// <summary>A kubeconfig whose context is in the namespace acme.</summary>
    public static string Config(string address, string token) => $$$"""
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test, namespace: acme}}]
        clusters: [{name: test, cluster: {server: "{{{address}}}"}}]
        users: [{name: test, user: {token: {{{token}}}}}]
        """;

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _folder.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path;
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
            return WriteAsync(context, 401, Failure("Unauthorized", 401));
        if (path == Collection)
            return WriteAsync(context, 200, $$"""{"apiVersion":"segmentation.dev/v1alpha1","kind":"RfmPolicyList","metadata":{"resourceVersion":"1"},"items":[{{string.Join(',', Policies.Values)}}]}""");
        return Policies.TryGetValue(path[(path.LastIndexOf('/') + 1)..], out string? policy) && path.StartsWith(Collection, StringComparison.Ordinal)
            ? WriteAsync(context, 200, policy)
            : WriteAsync(context, 404, Failure("NotFound", 404));
    }

    private static string Failure(string reason, int code) =>
        $$"""{"apiVersion":"v1","kind":"Status","status":"Failure","reason":"{{reason}}","code":{{code}}}""";

    private static Task WriteAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }
}
