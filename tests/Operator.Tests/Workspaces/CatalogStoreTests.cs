using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Tests.Workspaces;

/// <summary>The catalog on a real Redis: written whole, and only over what the writer has seen.</summary>
[Collection(SharedRedis.Name)]
public class CatalogStoreTests(RedisServer server) : IAsyncLifetime
{
    private readonly string _workspace = "catalog-" + Guid.NewGuid().ToString("N");
    private RedisConnection _redis = null!;

    public async Task InitializeAsync() => _redis = await DataPlane.ConnectAsync(server.Configuration, partitions: 4);

    public async Task DisposeAsync()
    {
        await _redis.StopAsync(CancellationToken.None);
        _redis.Dispose();
    }

    [Fact]
    public async Task What_was_written_is_read_and_the_partitions_of_the_first_opening_stay()
    {
        var store = new CatalogStore(_redis);
        var opened = await store.OpenAsync(_workspace);
        var written = await store.WriteAsync(_workspace, opened, With(opened, "one"));

        var other = await DataPlane.ConnectAsync(server.Configuration, partitions: 8);
        var read = await new CatalogStore(other).OpenAsync(_workspace);
        await other.StopAsync(CancellationToken.None);
        other.Dispose();
        read.Partitions.ShouldBe(4);
        read.Segments.Keys.ShouldBe(["one"]);
        read.Version.ShouldBe(written.Version);
    }

    [Fact]
    public async Task A_former_leader_does_not_write_over_what_its_successor_has_stored()
    {
        var store = new CatalogStore(_redis);
        var seen = await store.OpenAsync(_workspace);
        await store.WriteAsync(_workspace, seen, With(seen, "successor"));

        await Should.ThrowAsync<StoreUnavailableException>(() => store.WriteAsync(_workspace, seen, With(seen, "former")));
        (await store.ReadAsync(_workspace)).Segments.Keys.ShouldBe(["successor"]);
    }

    [Fact]
    public async Task The_same_catalog_again_is_not_written()
    {
        var store = new CatalogStore(_redis);
        var opened = await store.OpenAsync(_workspace);
        var written = await store.WriteAsync(_workspace, opened, With(opened, "one"));
        (await store.WriteAsync(_workspace, written, written)).Version.ShouldBe(written.Version);
        (await store.ReadVersionAsync(_workspace)).ShouldBe(written.Version);
    }

    [Fact]
    public async Task A_catalog_of_the_version_before_audiences_stood_in_it_is_not_followed_until_it_is_planned_again()
    {
        var store = new CatalogStore(_redis);
        var opened = await store.OpenAsync(_workspace);
        var old = await store.WriteAsync(_workspace, opened, With(opened, "one"));
        (await store.ReadAsync(_workspace)).CanBeFollowed.ShouldBeFalse();

        await store.WriteAsync(_workspace, old, old with { Segments = new Dictionary<string, SegmentEntry> { ["one"] = new(Audience: "") } });
        (await store.ReadAsync(_workspace)).CanBeFollowed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_version_is_never_given_twice_although_Redis_came_back_in_an_earlier_state()
    {
        var store = new CatalogStore(_redis);
        var opened = await store.OpenAsync(_workspace);
        var first = await store.WriteAsync(_workspace, opened, With(opened, "one"));
        var second = await store.WriteAsync(_workspace, first, With(first, "two"));
        await _redis.Database.HashSetAsync(Keys.Catalog(_workspace), "version", first.Version);

        var again = await store.WriteAsync(_workspace, await store.ReadAsync(_workspace), With(second, "three"));
        again.Version.ShouldBeGreaterThan(second.Version);
    }

    [Fact]
    public async Task A_Redis_that_came_back_empty_gets_all_of_it_again_for_the_other_replicas_to_follow()
    {
        var store = new CatalogStore(_redis);
        var opened = await store.OpenAsync(_workspace, "team=a");
        var written = await store.WriteAsync(_workspace, opened, With(opened, "one"));
        await _redis.Database.KeyDeleteAsync(Keys.Catalog(_workspace));
        (await store.ReadClaimAsync(_workspace)).ShouldBe((0, null));

        var again = await store.WriteAsync(_workspace, await store.ReadAsync(_workspace), written);
        (await store.ReadClaimAsync(_workspace)).ShouldBe((again.Version, "team=a"));
        (await store.ReadAsync(_workspace)).Partitions.ShouldBe(4);
    }

    private static Catalog With(Catalog catalog, string segment) =>
        catalog with { Segments = new Dictionary<string, SegmentEntry> { [segment] = new(Suspended: true) } };
}
