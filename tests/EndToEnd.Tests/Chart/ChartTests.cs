using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace EndToEnd.Tests.Chart;

public sealed class ChartTests
{
    private const string EverythingOn =
        """
        podDisruptionBudget: {enabled: true}
        serviceMonitor: {enabled: true, labels: {release: prometheus}}
        prometheusRule: {enabled: true, labels: {release: prometheus}}
        """;

    // What a release adds to objects so that Helm and people find them; says nothing about what they do.
    private static readonly string[] OfTheRelease =
        ["app.kubernetes.io/instance", "app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart", "checksum/settings"];

    [Fact]
    public async Task The_defaults_install_what_the_manifests_install()
    {
        var files = Directory.GetFiles(RepositoryRoot.Combine("config", "rbac"), "*.yaml").Append(RepositoryRoot.Combine("config", "operator.yaml"));
        var expected = Manifests.Read(string.Join("\n---\n", files.Select(File.ReadAllText)));
        expected.Remove("Namespace segmentation-system").ShouldBeTrue("Helm makes the namespace itself");

        var rendered = await HelmChart.RenderAsync();

        rendered.Keys.ShouldBe(expected.Keys, ignoreOrder: true);
        foreach (var (key, manifest) in rendered) Meaning(manifest).ShouldBe(Meaning(expected[key]), key);
    }

    [Fact]
    public async Task The_pods_are_what_the_values_say()
    {
        var deployment = (await HelmChart.RenderAsync(
            """
            image: {repository: registry.example.com/segments, tag: "2.0", pullPolicy: Always}
            imagePullSecrets: [{name: registry}]
            replicas: 3
            extraEnv: [{name: Redis__MaxLogLength, value: "5"}]
            podAnnotations: {team: crm}
            nodeSelector: {disk: fast}
            tolerations: [{key: only, operator: Exists}]
            affinity: {podAntiAffinity: null, nodeAffinity: {}}
            resources: {limits: {memory: 2Gi}}
            terminationGracePeriodSeconds: 90
            podSecurityContext: {runAsUser: 1000}
            securityContext: {privileged: false}
            """)).Only("Deployment");

        var pod = deployment["spec"]!["template"]!;
        Text(deployment["spec"]!["replicas"]).ShouldBe("3");
        Text(pod["metadata"]!["annotations"]!["team"]).ShouldBe("\"crm\"");
        Text(pod["metadata"]!["annotations"]!["prometheus.io/port"]).ShouldBe("\"8080\"");
        Text(pod["spec"]!["imagePullSecrets"]).ShouldBe("""[{"name":"registry"}]""");
        Text(pod["spec"]!["nodeSelector"]).ShouldBe("""{"disk":"fast"}""");
        Text(pod["spec"]!["tolerations"]).ShouldBe("""[{"key":"only","operator":"Exists"}]""");
        Text(pod["spec"]!["affinity"]).ShouldBe("""{"nodeAffinity":{}}""");
        Text(pod["spec"]!["terminationGracePeriodSeconds"]).ShouldBe("90");
        Text(pod["spec"]!["securityContext"]!["runAsUser"]).ShouldBe("1000");
        var container = pod["spec"]!["containers"]![0]!;
        Text(container["image"]).ShouldBe("\"registry.example.com/segments:2.0\"");
        Text(container["imagePullPolicy"]).ShouldBe("\"Always\"");
        Text(container["env"]!.AsArray()[^1]).ShouldBe("""{"name":"Redis__MaxLogLength","value":"5"}""");
        Text(container["resources"]).ShouldBe("""{"limits":{"memory":"2Gi"},"requests":{"cpu":"250m","memory":"256Mi"}}""");
        Text(container["securityContext"]!["privileged"]).ShouldBe("false");
    }

    [Fact]
    public async Task The_service_is_what_the_values_say()
    {
        var service = (await HelmChart.RenderAsync("service: {type: LoadBalancer, port: 80, annotations: {internal: 'true'}}")).Only("Service");

        Text(service["metadata"]!["annotations"]).ShouldBe("""{"internal":"true"}""");
        Text(service["spec"]!["type"]).ShouldBe("\"LoadBalancer\"");
        Text(service["spec"]!["ports"]).ShouldBe("""[{"name":"http","port":80,"targetPort":"http"}]""");
    }

    [Fact]
    public async Task Settings_are_text_and_win()
    {
        var settings = await SettingsAsync(
            """
            redis: {configuration: "redis.{{ .Release.Namespace }}:6380,ssl=true"}
            http: {tokenSecret: ""}
            watchNamespaces: [acme, globex]
            settings: {DataPlane__CachedOccurrences: 1000000, DataPlane__TestClock: true, Redis__CommandTimeout: 00:00:10, Kubernetes__Namespaces__1: umbrella}
            """);

        Text(settings).ShouldBe(
            """
            {"DataPlane__CachedOccurrences":"1000000","DataPlane__TestClock":"true","Http__ShutdownDelay":"00:00:05","Http__TokenSecret":"","Kubernetes__LeaderElection__LeaseNamespace":"segmentation-system","Kubernetes__Namespaces__0":"acme","Kubernetes__Namespaces__1":"umbrella","Redis__CommandTimeout":"00:00:10","Redis__Configuration":"redis.segmentation-system:6380,ssl=true"}
            """);
    }

    [Fact]
    public async Task An_address_of_Redis_from_a_Secret_stands_in_no_ConfigMap()
    {
        const string values = "redis: {existingSecret: redis, existingSecretKey: address}";

        (await SettingsAsync(values))["Redis__Configuration"].ShouldBeNull();
        Text((await HelmChart.RenderAsync(values)).Only("Deployment")["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray()[^1])
            .ShouldBe("""{"name":"Redis__Configuration","valueFrom":{"secretKeyRef":{"key":"address","name":"redis"}}}""");
    }

    [Fact]
    public async Task A_changed_setting_makes_new_pods_and_more_replicas_do_not()
    {
        var before = await PodAsync("");

        (await PodAsync("replicas: 5")).ShouldBe(before);
        (await PodAsync("settings: {DataPlane__Workers: 8}")).ShouldNotBe(before);
    }

    [Fact]
    public async Task Whatever_selects_pods_selects_those_of_the_release()
    {
        var rendered = await HelmChart.RenderAsync(EverythingOn, "eu");
        var selector = Text(rendered.Only("Deployment")["spec"]!["selector"]!["matchLabels"]);

        selector.ShouldBe("""{"app.kubernetes.io/instance":"eu","app.kubernetes.io/name":"segmentation-operator"}""");
        Text(rendered.Only("Service")["spec"]!["selector"]).ShouldBe(selector);
        Text(rendered.Only("PodDisruptionBudget")["spec"]!["selector"]!["matchLabels"]).ShouldBe(selector);
    }

    // Its kind is the Prometheus operator's, so no server here can check it.
    [Fact]
    public async Task The_service_monitor_finds_the_service_and_its_port()
    {
        var rendered = await HelmChart.RenderAsync(EverythingOn, "eu");
        var (service, monitor) = (rendered.Only("Service"), rendered.Only("ServiceMonitor"));

        Text(monitor["apiVersion"]).ShouldBe("\"monitoring.coreos.com/v1\"");
        Text(monitor["metadata"]!["labels"]!["release"]).ShouldBe("\"prometheus\"");
        foreach (var (name, value) in monitor["spec"]!["selector"]!["matchLabels"]!.AsObject()) Text(service["metadata"]!["labels"]![name]).ShouldBe(Text(value));
        Text(monitor["spec"]!["endpoints"]).ShouldBe("""[{"interval":"30s","path":"/metrics","port":"http"}]""");
        Text(service["spec"]!["ports"]![0]!["name"]).ShouldBe("\"http\"");
        rendered.Only("Deployment")["spec"]!["template"]!["metadata"]!["annotations"]!["prometheus.io/scrape"].ShouldBeNull("or the pods would be read twice");
    }

    [Fact]
    public async Task The_rule_holds_the_alerts_as_they_are()
    {
        var rule = (await HelmChart.RenderAsync(EverythingOn, "eu")).Only("PrometheusRule");
        var alerts = new YamlStream();
        alerts.Load(new StringReader(File.ReadAllText(HelmChart.File("alerts.yaml"))));

        Text(rule["apiVersion"]).ShouldBe("\"monitoring.coreos.com/v1\"");
        Text(rule["metadata"]!["labels"]!["release"]).ShouldBe("\"prometheus\"");
        Text(rule["spec"]).ShouldBe(Text(Manifests.Json(alerts.Documents[0].RootNode)));
    }

    [Fact]
    public async Task What_is_switched_off_is_not_installed_and_the_pods_use_the_account_that_is_named()
    {
        var rendered = await HelmChart.RenderAsync("{rbac: {create: false, aggregateRoles: false}, serviceAccount: {create: false, name: ours}}");

        rendered.Values.Select(manifest => manifest["kind"]!.GetValue<string>()).ShouldBe(["ConfigMap", "Deployment", "Service"], ignoreOrder: true);
        Text(rendered.Only("Deployment")["spec"]!["template"]!["spec"]!["serviceAccountName"]).ShouldBe("\"ours\"");
    }

    [Fact]
    public async Task Two_releases_in_one_namespace_share_neither_an_object_nor_a_lease()
    {
        const string values = "rbac: {aggregateRoles: false}";
        var (one, two) = (await HelmChart.RenderAsync(values), await HelmChart.RenderAsync(values, "eu"));

        one.Keys.Intersect(two.Keys).ShouldBeEmpty();
        Text(two.Only("ConfigMap")["data"]!["Kubernetes__LeaderElection__LeaseName"]).ShouldBe("\"eu-segmentation-operator\"");
    }

    private static async Task<JsonNode> SettingsAsync(string values) => (await HelmChart.RenderAsync(values)).Only("ConfigMap")["data"]!;

    private static async Task<string> PodAsync(string values) => Text((await HelmChart.RenderAsync(values)).Only("Deployment")["spec"]!["template"]);

    private static string Text(JsonNode? node) => Sorted(node, _ => true)?.ToJsonString(JsonSerializerOptions.Web) ?? "nothing";

    private static string Meaning(JsonObject manifest)
    {
        var meaning = Sorted(manifest, name => !OfTheRelease.Contains(name))!;
        var metadata = meaning["metadata"]!.AsObject();
        if (metadata["labels"] is JsonObject labels && labels.Remove("app.kubernetes.io/name") && labels.Count == 0) metadata.Remove("labels");
        return meaning.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static JsonNode? Sorted(JsonNode? node, Func<string, bool> keeps) => node switch
    {
        JsonObject map => new JsonObject(map.Where(field => keeps(field.Key)).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value, keeps)))),
        JsonArray list => new JsonArray([.. list.Select(item => Sorted(item, keeps))]),
        _ => node?.DeepClone(),
    };
}
