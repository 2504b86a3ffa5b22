using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>
/// The same load into PostgreSQL, whose trigger keeps the same memberships (<c>postgres.sql</c>): statements of many rows over two connections, each
/// with profiles of its own. What time alone changes is brought up to date by a job every five minutes of the load.
/// </summary>
internal sealed class PostgresPeer(string connection)
{
    private const int Connections = 2;
    private static readonly TimeSpan JobInterval = TimeSpan.FromMinutes(5);

    private const string Insert =
        """
        insert into event select * from unnest(@ids, @profiles, @names, @times, @cents, @choices) on conflict (id) do nothing
        """;

    public async Task RunAsync(LoadSettings settings, string schema, int rowsPerStatement, long compareAtMs, Figures figures)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Command Timeout=0");
        await using (var create = source.CreateCommand(await File.ReadAllTextAsync(schema))) await create.ExecuteNonQueryAsync();
        var batches = ShopLoad.Generate(settings).GroupBy(e => e.Profile % Connections).OrderBy(g => g.Key)
            .Select(g => g.Chunk(rowsPerStatement).Select(Columns.Of).ToArray()).ToArray();
        GC.Collect();

        var connections = await Task.WhenAll(batches.Select(async _ => await source.OpenConnectionAsync()));
        var watch = Stopwatch.StartNew();
        var (lastJob, jobs) = (TimeSpan.Zero, 0);
        for (var round = 0; round < batches.Max(b => b.Length); round++)
        {
            await Task.WhenAll(connections.Select((c, i) => round < batches[i].Length ? InsertAsync(c, batches[i][round]) : Task.CompletedTask));
            if (watch.Elapsed - lastJob < JobInterval) continue;
            await JobAsync(connections, settings.Profiles, NowMs());
            (lastJob, jobs) = (watch.Elapsed, jobs + 1);
        }
        var seconds = watch.Elapsed.TotalSeconds;

        watch.Restart();
        await JobAsync(connections, settings.Profiles, compareAtMs);
        figures.Add("postgres-seconds", $"{seconds}");
        figures.Add("postgres-jobs", $"{jobs}");
        figures.Add("postgres-job-seconds", $"{watch.Elapsed.TotalSeconds}");
        figures.Add("postgres-rows-per-statement", $"{rowsPerStatement}");
        figures.Add("postgres-bytes", $"{await ScalarAsync(source, "select pg_database_size(current_database())")}");
        figures.Add("postgres-memberships", $"{await MembershipsAsync(source)}");
        foreach (var c in connections) await c.DisposeAsync();
    }

    private static long NowMs() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static async Task InsertAsync(NpgsqlConnection connection, Columns columns)
    {
        await using var command = new NpgsqlCommand(Insert, connection);
        command.Parameters.AddWithValue("ids", columns.Ids);
        command.Parameters.AddWithValue("profiles", columns.Profiles);
        command.Parameters.AddWithValue("names", columns.Names);
        command.Parameters.AddWithValue("times", columns.Times);
        command.Parameters.AddWithValue("cents", columns.Cents);
        command.Parameters.AddWithValue("choices", columns.Choices);
        await command.ExecuteNonQueryAsync();
    }

    private static Task JobAsync(NpgsqlConnection[] connections, int profiles, long atMs) => Task.WhenAll(connections.Select(async (c, i) =>
    {
        await using var command = new NpgsqlCommand("select refresh(array(select generate_series(@first, @last, @step)), @at)", c);
        command.Parameters.AddWithValue("first", i);
        command.Parameters.AddWithValue("last", profiles - 1);
        command.Parameters.AddWithValue("step", Connections);
        command.Parameters.AddWithValue("at", atMs);
        await command.ExecuteNonQueryAsync();
    }));

    private static async Task<MembershipHash> MembershipsAsync(NpgsqlDataSource source)
    {
        var hash = new MembershipHash();
        await using var command = source.CreateCommand("select s.name, m.profile from membership m join segment s on s.number = m.segment");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) hash.Add(reader.GetString(0), "c-" + reader.GetInt32(1).ToString(CultureInfo.InvariantCulture));
        return hash;
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string query)
    {
        await using var command = source.CreateCommand(query);
        return await command.ExecuteScalarAsync();
    }

    private sealed record Columns(long[] Ids, int[] Profiles, short[] Names, long[] Times, int?[] Cents, short[] Choices)
    {
        public static Columns Of(ShopEvent[] events) => new(
            [.. events.Select(e => (long)e.Number)],
            [.. events.Select(e => e.Profile)],
            [.. events.Select(e => (short)e.Kind)],
            [.. events.Select(e => e.OccurredAtMs)],
            [.. events.Select(e => e.Kind == ShopEventKind.Order ? e.Cents : (int?)null)],
            [.. events.Select(e => (short)e.Choice)]);
    }
}
