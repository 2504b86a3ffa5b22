using Kubernetes.Informers;
using Segmentation;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Operator.Tests.Audiences;

/// <summary>From an accepted property change through plan, partition and outbox to the receiver.</summary>
[Collection(AudienceCollection.Name)]
public class WholePathTests(RedisServer redis)
{
    [Fact]
    public async Task An_audience_that_is_created_in_the_middle_of_changes_gets_exactly_the_members()
    {
        await using var bench = await AudienceBench.StartAsync(redis);
        bench.Get<EntityStore<Segment>>().Upsert(Vips(bench, "DE"));
        await using var dataPlane = new DataPlane(bench);
        bench.Lead();
        await Eventually.HoldsAsync(() => bench.Get<WorkspaceRegistry>().Find(bench.Workspace)?.Segments.GetValueOrDefault("vips")?.Serving is not null, "the segment serves");

        var countries = new Dictionary<string, string>();
        var random = new Random(5);
        for (var i = 0; i < 900; i++)
        {
            if (i == 300) bench.Apply(configure: spec => spec.Batch.MaxSize = 9);
            var profile = $"c-{random.Next(150)}";
            countries[profile] = random.Next(2) == 0 ? "DE" : "FR";
            await MoveAsync(bench, profile, countries[profile]);
        }

        await bench.Receiver.MembersBecomeAsync(countries.Where(c => c.Value == "DE").Select(c => c.Key));

        // A new definition: those who match both stay, the others are told.
        bench.Get<EntityStore<Segment>>().Upsert(Vips(bench, "FR", generation: 2));
        await bench.Receiver.MembersBecomeAsync(countries.Where(c => c.Value == "FR").Select(c => c.Key));
    }

    [Fact]
    public async Task A_partition_says_for_whom_it_writes_the_outbox_and_ceases_when_nobody_reads_it()
    {
        await using var bench = await AudienceBench.StartAsync(redis);
        bench.Get<EntityStore<Segment>>().Upsert(Vips(bench, "DE"));
        var sync = bench.Apply();
        await using var dataPlane = new DataPlane(bench);

        await Eventually.HoldsAsync(async () => await AudiencesAsync() is ["uid-crm", "uid-crm", "uid-crm", "uid-crm"], "every partition tells the audience");
        bench.MarkDeleted(sync);
        await Eventually.HoldsAsync(async () => await AudiencesAsync() is [null, null, null, null], "no partition tells it any more");

        Task<string?[]> AudiencesAsync() => Task.WhenAll(Enumerable.Range(0, AudienceBench.Partitions).Select(async p =>
            (string?)await redis.Connection.GetDatabase().HashGetAsync(Keys.Owner(Keys.Partition(bench.Workspace, p)), OwnerState.AudiencePrefix + "vips")));
    }

    [Fact]
    public async Task An_erased_profile_is_told_to_leave_and_then_no_key_names_it()
    {
        await redis.EverywhereAsync("CONFIG", "SET", "rdbcompression", "no"); // of dumps, too
        await using var bench = await AudienceBench.StartAsync(redis);
        bench.Get<EntityStore<Segment>>().Upsert(Vips(bench, "DE"));
        bench.Apply();
        await using var dataPlane = new DataPlane(bench);
        bench.Lead();
        const string Erased = "erika-mustermann-4711";
        foreach (var profile in (string[])["c-1", Erased, "c-2"]) await MoveAsync(bench, profile, "DE");
        await bench.Receiver.MembersBecomeAsync(["c-1", Erased, "c-2"]);
        bench.Receiver.Answer(500); // what is in flight is written down
        (await KeysWithAsync(bench, Erased)).ShouldNotBeEmpty();

        var partition = PartitionHash.Of(Erased, AudienceBench.Partitions);
        (await bench.Get<EventLog>().AppendErasureAsync(Keys.Partition(bench.Workspace, partition), bench.Get<BusinessClock>().NowMs, Erased)).ShouldBeTrue();
        bench.Get<WorkspaceRegistry>().Wake(bench.Workspace, partition);

        await bench.Receiver.MembersBecomeAsync(["c-1", "c-2"]);
        await Eventually.HoldsAsync(async () => (await KeysWithAsync(bench, Erased)).Length == 0, "no key names the profile any more");
        (await KeysWithAsync(bench, "c-1")).ShouldNotBeEmpty();
        bench.Log.Lines.ShouldNotContain(line => line.Contains(Erased, StringComparison.Ordinal));
    }

    // By what each key is called and by what a dump of it holds.
    private async Task<string[]> KeysWithAsync(AudienceBench bench, string id)
    {
        var database = redis.Connection.GetDatabase();
        var found = new List<string>();
        var keys = await Dump.KeysAsync(database, "{" + bench.Workspace + "}");
        for (var p = 0; p < AudienceBench.Partitions; p++) keys = [.. keys, .. await Dump.KeysAsync(database, Keys.Partition(bench.Workspace, p))];
        foreach (var key in keys)
        {
            var dump = await database.KeyDumpAsync(key);
            if (key.Contains(id, StringComparison.Ordinal) || dump.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(id)) >= 0) found.Add(key);
        }
        return [.. found];
    }

    private static Segment Vips(AudienceBench bench, string country, long generation = 1) => new()
    {
        Metadata = new() { Name = AudienceBench.Segment, Namespace = bench.Workspace, Uid = "uid-vips", ResourceVersion = AudienceBench.NextVersion(), Generation = generation },
        Spec = new() { Match = new() { Property = new() { Name = "country", Eq = country } } },
    };

    private static async Task MoveAsync(AudienceBench bench, string profile, string country)
    {
        var partition = PartitionHash.Of(profile, AudienceBench.Partitions);
        var change = new ProfileChange(profile, PropertyBag.Of(("country", country)), Merge: true, []);
        (await bench.Get<EventLog>().AppendAsync(Keys.Partition(bench.Workspace, partition), bench.Get<BusinessClock>().NowMs, change)).ShouldBeTrue();
        bench.Get<WorkspaceRegistry>().Wake(bench.Workspace, partition);
    }

    /// <summary>Plans and partitions at work, until disposed.</summary>
    internal sealed class DataPlane : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public DataPlane(AudienceBench bench) => _running = Task.WhenAll(
            bench.Get<PartitionScheduler>().RunAsync(_stop.Token), Task.Run(() => bench.Get<PlanWorker>().RunAsync(_stop.Token)));

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}
