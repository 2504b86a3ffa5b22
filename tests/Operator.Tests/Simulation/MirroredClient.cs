using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>The client's interface over a real Redis that asks the simulated store the same, and fails where the two do not answer the same.</summary>
[SuppressMessage("Design", "MA0053", Justification = "The runtime derives the proxy from it")]
public class MirroredClient : DispatchProxy
{
    private static readonly MethodInfo Compare = typeof(MirroredClient).GetMethod(nameof(CompareAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private object _real = null!;
    private object _simulated = null!;
    private SimulatedStore _store = null!;

    internal static T Over<T>(T real, T simulated, SimulatedStore store)
        where T : class
    {
        var mirrored = Create<T, MirroredClient>();
        var proxy = (MirroredClient)(object)mirrored;
        (proxy._real, proxy._simulated, proxy._store) = (real, simulated, store);
        return mirrored;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var real = targetMethod!.Invoke(_real, args);
        var what = SimulatedDatabase.ScriptName(targetMethod, args) is { } script ? script
            : targetMethod.Name == nameof(IDatabase.ExecuteAsync) && args![0] is string command ? command
            : targetMethod.Name;
        return Compare.MakeGenericMethod(targetMethod.ReturnType.GenericTypeArguments[0]).Invoke(this, [what, real, targetMethod, args]);
    }

    private async Task<T> CompareAsync<T>(string what, Task<T> asked, MethodInfo method, object?[] args)
    {
        var real = await asked;
        lock (_store)
        {
            // What the server's clock showed stands in the new entry's id.
            if (what is "append" or "receive" && (string?)(RedisResult)(object)real! is { Length: > 0 } id) _store.NowMs = StreamPosition.Parse(id).Ms;
            var simulated = ((Task<T>)method.Invoke(_simulated, args)!).GetAwaiter().GetResult();
            ReplyText.Of(what, simulated).ShouldBe(ReplyText.Of(what, real), what);
        }
        return real;
    }
}

/// <summary>Answers as text, without the order of what has none.</summary>
internal static class ReplyText
{
    public static string Of(string what, object? answer) => (what, answer) switch
    {
        ("acquire", RedisResult { IsNull: false } hash) => Pairs(hash),
        ("load", RedisResult profiles) => string.Join('\n', ((RedisResult[])profiles!).Select(profile => OfProfile((RedisResult[])profile!))),
        ("KEYS", RedisResult keys) => Sorted(((RedisValue[])keys!).Select(key => (string)key!)),
        (_, RedisResult { IsNull: true }) => "nothing",
        (_, RedisResult result) when result.GetType().Name.StartsWith("Array", StringComparison.Ordinal) =>
            $"[{string.Join(", ", ((RedisResult[])result!).Select(item => Of(what, item)))}]",
        (_, RedisResult result) => (string)result!,
        (_, HashEntry[] entries) => Sorted(entries.Select(entry => $"{entry.Name}={entry.Value}")),
        (nameof(IDatabase.HashKeysAsync) or nameof(IDatabase.HashValuesAsync), RedisValue[] values) => Sorted(values.Select(value => (string)value!)),
        (_, RedisValue[] values) => string.Join(", ", values.Select(value => value.IsNull ? "nothing" : (string)value!)),
        (_, SortedSetEntry[] entries) => string.Join(", ", entries.Select(entry => $"{SimulatedStore.Text(entry.Score)} {entry.Element}")),
        _ => answer?.ToString() ?? "nothing",
    };

    private static string OfProfile(RedisResult[] profile) =>
        string.Join("; ", profile.Skip(1).Select(item => Of("", item)).Prepend(Pairs(profile[0])));

    private static string Pairs(RedisResult flat) => Sorted(((RedisValue[])flat!).Chunk(2).Select(pair => $"{pair[0]}={pair[1]}"));

    private static string Sorted(IEnumerable<string> lines) => string.Join(", ", lines.Order(StringComparer.Ordinal));
}
