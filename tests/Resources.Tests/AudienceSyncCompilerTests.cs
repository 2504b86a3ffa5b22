using Segmentation.Resources;

namespace Resources.Tests;

public class AudienceSyncCompilerTests
{
    private const string Right =
        "{segmentRef: {name: vips}, destination: {webhook: {url: 'https://crm.example.com/audiences?x=1', signingSecretRef: {name: crm, key: whsec}, timeout: 30s}}, "
        + "batch: {maxSize: 500, maxDelay: 1m}}";

    [Fact]
    public void A_right_spec_is_read()
    {
        var definition = AudienceSyncCompiler.Compile(Specs.AudienceSync(Right)).Definition.ShouldNotBeNull();
        definition.ShouldBe(new AudienceSyncDefinition(
            "vips",
            new WebhookDestination(new Uri("https://crm.example.com/audiences?x=1"), "crm", "whsec", TimeSpan.FromSeconds(30)),
            500,
            TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void What_is_included_names_a_policy()
    {
        var spec = Specs.AudienceSync(Right);
        AudienceSyncCompiler.Compile(spec).Definition!.RfmPolicyName.ShouldBeNull();
        spec.Include = new AudienceIncludeSpec { RfmPolicy = "default" };
        AudienceSyncCompiler.Compile(spec).Definition!.RfmPolicyName.ShouldBe("default");
        spec.Include = new AudienceIncludeSpec();
        AudienceSyncCompiler.Compile(spec).Problems.ShouldHaveSingleItem().FieldPath.ShouldBe("spec.include.rfmPolicy");
    }

    [Fact]
    public void What_is_left_out_has_defaults()
    {
        var definition = AudienceSyncCompiler.Compile(
            Specs.AudienceSync("{segmentRef: {name: vips}, destination: {webhook: {url: 'https://a', signingSecretRef: {name: crm, key: whsec}}}}")).Definition.ShouldNotBeNull();
        (definition.BatchSizeMax, definition.BatchDelayMax, definition.Webhook.Timeout).ShouldBe((1000, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData("https://crm.example.com", true)]
    [InlineData("https://crm.example.com:8443/a/b?c=d", true)]
    [InlineData("https://10.0.0.1/", true)]
    [InlineData("http://localhost:9099", true)]
    [InlineData("http://127.0.0.1:9099/x", true)]
    [InlineData("http://[::1]:9099", true)]
    [InlineData("http://hook.crm.svc/x", true)]
    [InlineData("http://hook.crm.svc.cluster.local:8080", true)]
    [InlineData("http://crm.example.com", false)]
    [InlineData("http://localhost.example.com", false)]
    [InlineData("http://127.0.0.1.example.com", false)]
    [InlineData("http://hook.svc.example.com", false)]
    [InlineData("http://localhost@example.com", false)]
    [InlineData("https://user:password@example.com", false)]
    [InlineData("https://", false)]
    [InlineData("https://a b", false)]
    [InlineData("ftp://example.com", false)]
    [InlineData("crm.example.com", false)]
    [InlineData("HTTP://crm.example.com", false)]
    [InlineData("https://example.com/\nx", false)]
    public void Plain_http_stays_on_the_machine_or_in_the_cluster(string url, bool allowed)
    {
        var spec = Specs.AudienceSync(Right);
        spec.Destination.Webhook!.Url = url;
        var compiled = AudienceSyncCompiler.Compile(spec);
        if (allowed)
        {
            compiled.Definition.ShouldNotBeNull();
            return;
        }

        var problem = compiled.Problems.ShouldHaveSingleItem();
        problem.FieldPath.ShouldBe("spec.destination.webhook.url");
        problem.Message.ShouldNotContain("password@");
    }

    [Theory]
    [InlineData("name: vips", "name: ''", "spec.segmentRef.name")]
    [InlineData("webhook: {", "webhok: {", "spec.destination")]
    [InlineData("name: crm", "name: ''", "spec.destination.webhook.signingSecretRef.name")]
    [InlineData("key: whsec", "key: ''", "spec.destination.webhook.signingSecretRef.key")]
    [InlineData("timeout: 30s", "timeout: 10ms", "spec.destination.webhook.timeout")]
    [InlineData("timeout: 30s", "timeout: 6m", "spec.destination.webhook.timeout")]
    [InlineData("maxSize: 500", "maxSize: 0", "spec.batch.maxSize")]
    [InlineData("maxSize: 500", "maxSize: 10001", "spec.batch.maxSize")]
    [InlineData("maxDelay: 1m", "maxDelay: 2h", "spec.batch.maxDelay")]
    public void A_wrong_spec_is_refused_at_its_place(string right, string wrong, string path)
    {
        Right.ShouldContain(right);
        var compiled = AudienceSyncCompiler.Compile(Specs.AudienceSync(Right.Replace(right, wrong, StringComparison.Ordinal)));
        compiled.Definition.ShouldBeNull();
        compiled.Problems.ShouldHaveSingleItem().FieldPath.ShouldBe(path);
    }
}
