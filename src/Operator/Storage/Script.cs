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

    private readonly string _text = ReadResource(name + ".lua");

    /// <summary>
    /// Runs it on the node that holds <paramref name="key"/>. Throws <see cref="RedisServerException"/> once after the server's script cache was
    /// flushed; the next call sends the text again.
    /// </summary>
    public Task<RedisResult> RunAsync(IDatabase database, RedisKey key, params RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(_text, [key], arguments);

    private static string ReadResource(string name)
    {
        using var stream = typeof(Script).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The script {name} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
