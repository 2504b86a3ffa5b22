using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>One of the Lua scripts beside this file, sent by its hash once the server knows it.</summary>
internal sealed class Script(string name)
{
    public static readonly Script Acquire = new("acquire");
    public static readonly Script Append = new("append");
    public static readonly Script Load = new("load");
    public static readonly Script Commit = new("commit");
    public static readonly Script Activate = new("activate");
    public static readonly Script Peek = new("peek");
    public static readonly Script Export = new("export");
    public static readonly Script EventsPage = new("events-page");

    // Redis' machine-readable error code.
    private const string UnknownToServer = "NOSCRIPT ";

    private readonly string _text = ReadResource(name + ".lua");

    /// <summary>
    /// Runs it on the node that holds <paramref name="key"/>.
    /// </summary>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey key, params RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_text, [key], arguments);
        }
        catch (RedisServerException e) when (e.Message.StartsWith(UnknownToServer, StringComparison.Ordinal))
        {
            // The server's script cache was flushed. Nothing has run; the client now knows that it must send the text.
            return await database.ScriptEvaluateAsync(_text, [key], arguments);
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
