using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>One of the Lua scripts beside this file, sent by its digest once the server knows it.</summary>
internal sealed class Script
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

    private readonly ScriptKeys _touches;
    private readonly string _text;
    private readonly byte[] _digest;

    /// <param name="name">The file's, without its ending.</param>
    /// <param name="touches">Which keys it reads and writes.</param>
    public Script(string name, ScriptKeys touches)
    {
        _touches = touches;
        _text = TextOf(name + ".lua");
        _digest = DigestOf(_text);
    }

    /// <summary>Runs it on the node that holds <paramref name="key"/>.</summary>
    /// <exception cref="RedisServerException">
    /// With <c>TRYAGAIN</c> when the script touches several keys and their slot is being moved to another node; nothing has run then.
    /// </exception>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey key, params RedisValue[] arguments)
    {
        RedisKey[] keys = _touches == ScriptKeys.One ? [key] : [key, Keys.Never(key)];
        try
        {
            // Given the text, the client looks up each time, by all of it, whether the server knows it: more work than many a commit.
            return await database.ScriptEvaluateAsync(_digest, keys, arguments, CommandFlags.DemandMaster);
        }
        catch (RedisServerException e) when (e.Message.StartsWith(UnknownToServer, StringComparison.Ordinal))
        {
            // The first time, or the server's script cache was flushed. Nothing has run. The text goes itself: by its digest it could be unknown once more.
            return await database.ExecuteAsync("EVAL", (object[])[_text, keys.Length, .. keys, .. arguments], CommandFlags.DemandMaster);
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "Redis names scripts by it")]
    private static byte[] DigestOf(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>What is sent of a file.</summary>
    internal static string TextOf(string name)
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
