using System.Security.Cryptography;
using System.Text;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>A command on its way to Redis.</summary>
/// <param name="Name">As Redis calls it; of one of the program's scripts the name of its file, as <c>commit</c>.</param>
/// <param name="Key">The first key, empty where there is none.</param>
/// <param name="Arguments">All parts, the name included.</param>
internal sealed record RedisCommand(string Name, string Key, IReadOnlyList<byte[]> Arguments)
{
    private static readonly Dictionary<string, string> ScriptsByHash = Scripts();

    public static RedisCommand Parse(ReadOnlySpan<byte> bytes)
    {
        var arguments = Resp.Arguments(bytes);
        var name = Text(arguments[0]);
        if (name is not ("EVAL" or "EVALSHA")) return new RedisCommand(name, arguments.Length > 1 ? Text(arguments[1]) : "", arguments);
        var hash = name == "EVAL" ? HashOf(Text(arguments[1])) : Text(arguments[1]);
        return new RedisCommand(ScriptsByHash.GetValueOrDefault(hash, hash), Text(arguments[3]), arguments);
    }

    public bool Has(string argument) => Arguments.Any(a => a.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(argument)));

    public bool Contains(string text) => Arguments.Any(a => a.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public static string Text(byte[] argument) => Encoding.UTF8.GetString(argument);

    private static Dictionary<string, string> Scripts()
    {
        var names = typeof(Script).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".lua", StringComparison.Ordinal));
        return names.ToDictionary(name => HashOf(Script.TextOf(name)), name => name[..^".lua".Length]);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "Redis names scripts by it")]
    private static string HashOf(string script) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(script)));
}
