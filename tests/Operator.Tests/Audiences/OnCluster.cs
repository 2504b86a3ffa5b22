namespace Operator.Tests.Audiences;

// As Cluster/OnCluster.cs: some of the tests that run on one server, on a cluster.

[Collection(AudienceClusterCollection.Name)]
public sealed class DeliveryTestsOnCluster(AudienceClusterCollection.Cluster redis) : DeliveryTests(redis);

[Collection(AudienceClusterCollection.Name)]
public sealed class OutboxTestsOnCluster(AudienceClusterCollection.Cluster redis) : OutboxTests(redis);

[Collection(AudienceClusterCollection.Name)]
public sealed class WholePathTestsOnCluster(AudienceClusterCollection.Cluster redis) : WholePathTests(redis);

[CollectionDefinition(Name)]
public sealed class AudienceClusterCollection : ICollectionFixture<AudienceClusterCollection.Cluster>
{
    public const string Name = "audiences on a cluster";

    public sealed class Cluster() : RedisServer(new Segmentation.Operator.Tests.Redis.RedisCluster());
}
