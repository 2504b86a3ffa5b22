using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Tests.Storage;
using Segmentation.Operator.Tests.Workspaces;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Cluster;

// What is most telling of the tests that run on one server, on a cluster. REDIS_TESTS=cluster runs all of them there.

[Collection(SharedCluster.Name)]
public sealed class PartitionPropertyTestsOnCluster(RedisCluster redis, ITestOutputHelper output) : PartitionPropertyTests(redis, output);

[Collection(SharedCluster.Name)]
public sealed class CatalogStoreTestsOnCluster(RedisCluster redis) : CatalogStoreTests(redis);

[Collection(SharedCluster.Name)]
public sealed class RedisConnectionTestsOnCluster(RedisCluster redis) : RedisConnectionTests(redis);
