using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>One of the Lua scripts beside this file, sent by its hash once the server knows it.</summary>
/// <param name="name">The file's, without its ending.</param>
/// <param name="touches">Which keys it reads and writes.</param>
internal sealed class Script(string name, ScriptKeys touches)
{
    public static readonly Script Acquire = new("acquire", ScriptKeys.OfPartition);
    public static readonly Script Release = new("release", ScriptKeys.One);
    public static readonly Script Append = new("append", ScriptKeys.One);
    public static readonly Script Receive = new("receive", ScriptKeys.OfPartition);
    public static readonly Script Load = new("load", ScriptKeys.OfPartition);
    public static readonly Script Commit = new("commit", ScriptKeys.OfPartition);
    public static readonly Script Activate = new("activate", ScriptKeys.OfPartition);
    public static readonly Script BringForward = new("bring-forward", ScriptKeys.OfPartition);
    public static readonly Script Peek = new("peek", ScriptKeys.OfPartition);
    public static readonly Script Export = new("export", ScriptKeys.OfPartition);
    public static readonly Script EventsPage = new("events-page", ScriptKeys.One);

    // Redis' machine-readable error code.
    private const string UnknownToServer = "NOSCRIPT ";

    private readonly string _text = ReadResource(name + ".lua");

    /// <summary>Runs it on the node that holds <paramref name="key"/>.</summary>
    /// <exception cref="RedisServerException">
    /// With <c>TRYAGAIN</c> when the script touches several keys and their slot is being moved to another node; nothing has run then.
    /// </exception>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey key, params RedisValue[] arguments)
    {
        RedisKey[] keys = touches == ScriptKeys.One ? [key] : [key, Keys.Never(key)];
        try
        {
            return await database.ScriptEvaluateAsync(_text, keys, arguments, CommandFlags.DemandMaster);
        }
        catch (RedisServerException e) when (e.Message.StartsWith(UnknownToServer, StringComparison.Ordinal))
        {
            // The server's script cache was flushed. Nothing has run. Now the text goes itself: by its hash it could be unknown once more.
            return await database.ExecuteAsync("EVAL", (object[])[_text, keys.Length, .. keys, .. arguments], CommandFlags.DemandMaster);
        }
    }

    private static string ReadResource(string name)
    {
        using var stream = typeof(Script).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The script {name} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>Which keys a script reads and writes.</summary>
internal enum ScriptKeys
{
    /// <summary>The one that it is given.</summary>
    One,

    /// <summary>
    /// Others of the same partition, too, whose names only the script knows. While the partition's slot is moved from one node of a cluster to another,
    /// some of them are here and some there: on one node a write would fail half-way, on the other a key would seem not to exist. So such a script is also given
    /// <see cref="Keys.Never"/>, a key that nobody writes: of several keys of which one is missing, a node with a moving slot says <c>TRYAGAIN</c>
    /// before anything runs.
    /// </summary>
    OfPartition,
}
