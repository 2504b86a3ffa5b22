using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>
/// The same load into PostgreSQL, whose trigger keeps the same memberships (<c>postgres.sql</c>): statements of many rows over two connections, each
/// with profiles of its own. What time alone changes is brought up to date by a job every five minutes of the load.
/// </summary>
internal sealed class PostgresPeer : IAsyncDisposable
{
    private const int Connections = 2;
    private static readonly TimeSpan JobInterval = TimeSpan.FromMinutes(5);

    private const string Insert =
        """
        insert into event select * from unnest(@ids, @profiles, @names, @times, @cents, @choices) on conflict (id) do nothing
        """;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection[] _connections;
    private readonly int _profiles;
    private TimeSpan _sinceJob;

    private PostgresPeer(NpgsqlDataSource source, NpgsqlConnection[] connections, int profiles, int rowsPerStatement)
    {
        _source = source;
        _connections = connections;
        _profiles = profiles;
        RowsPerStatement = rowsPerStatement;
    }

    public int RowsPerStatement { get; }

    /// <summary>How often the job for what time changes has run within what was timed.</summary>
    public int Jobs { get; private set; }

    /// <summary>How long the last job took, which was not timed.</summary>
    public double JobSeconds { get; private set; }

    /// <summary>The size of the database after it.</summary>
    public long Bytes { get; private set; }

    /// <param name="connection">Connection string.</param>
    /// <param name="schema">File of the tables and the trigger.</param>
    /// <param name="profiles">How many customers there are.</param>
    /// <param name="rowsPerStatement">How many events are inserted at once.</param>
    public static async Task<PostgresPeer> CreateAsync(string connection, string schema, int profiles, int rowsPerStatement)
    {
        var source = NpgsqlDataSource.Create(connection + ";Command Timeout=0");
        await using (var create = source.CreateCommand(await File.ReadAllTextAsync(schema))) await create.ExecuteNonQueryAsync();
        var connections = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ => await source.OpenConnectionAsync()));
        return new PostgresPeer(source, connections, profiles, rowsPerStatement);
    }

    /// <returns>After how many seconds the events were committed.</returns>
    public async Task<double> TimeAsync(ShopEvent[] events)
    {
        var batches = events.GroupBy(e => e.Profile % Connections).OrderBy(g => g.Key).Select(g => g.Chunk(RowsPerStatement).Select(Columns.Of).ToArray()).ToArray();
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < batches.Max(b => b.Length); round++)
        {
            var before = watch.Elapsed;
            await Task.WhenAll(_connections.Select((c, i) => round < batches[i].Length ? InsertAsync(c, batches[i][round]) : Task.CompletedTask));
            _sinceJob += watch.Elapsed - before;
            if (_sinceJob < JobInterval) continue;
            await JobAsync(NowMs());
            (_sinceJob, Jobs) = (TimeSpan.Zero, Jobs + 1);
        }
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Runs the job for an instant, and hashes the members.</summary>
    public async Task<MembershipHash> MembershipsAsync(DateTimeOffset at)
    {
        var watch = Stopwatch.StartNew();
        await JobAsync(at.ToUnixTimeMilliseconds());
        JobSeconds = watch.Elapsed.TotalSeconds;
        await using (var size = _source.CreateCommand("select pg_database_size(current_database())")) Bytes = (long)(await size.ExecuteScalarAsync())!;

        var hash = new MembershipHash();
        await using var command = _source.CreateCommand("select s.name, m.profile from membership m join segment s on s.number = m.segment");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) hash.Add(reader.GetString(0), "c-" + reader.GetInt32(1).ToString(CultureInfo.InvariantCulture));
        return hash;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var c in _connections) await c.DisposeAsync();
        await _source.DisposeAsync();
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

    private Task JobAsync(long atMs) => Task.WhenAll(_connections.Select(async (c, i) =>
    {
        await using var command = new NpgsqlCommand("select refresh(array(select generate_series(@first, @last, @step)), @at)", c);
        command.Parameters.AddWithValue("first", i);
        command.Parameters.AddWithValue("last", _profiles - 1);
        command.Parameters.AddWithValue("step", Connections);
        command.Parameters.AddWithValue("at", atMs);
        await command.ExecuteNonQueryAsync();
    }));

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
