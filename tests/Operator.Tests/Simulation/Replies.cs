using System.Reflection;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>Replies as the client gives them. Version 1 of it keeps their constructors to itself; 2.x has <c>RedisResult.Create</c>.</summary>
internal static class Replies
{
    private static readonly ConstructorInvoker Single = Constructor("SingleRedisResult", typeof(RedisValue));
    private static readonly ConstructorInvoker Array = Constructor("ArrayRedisResult", typeof(RedisResult[]));

    /// <param name="content">A text, a number, null, or an array of these.</param>
    public static RedisResult Of(object? content) => content switch
    {
        null => (RedisResult)Single.Invoke(RedisValue.Null),
        string text => (RedisResult)Single.Invoke((RedisValue)text),
        long number => (RedisResult)Single.Invoke((RedisValue)number),
        object?[] all => (RedisResult)Array.Invoke(System.Array.ConvertAll(all, Of)),
        _ => throw new ArgumentException($"No reply is a {content.GetType().Name}.", nameof(content)),
    };

    private static ConstructorInvoker Constructor(string type, Type argument) => ConstructorInvoker.Create(
        typeof(RedisResult).GetNestedType(type, BindingFlags.NonPublic)?.GetConstructor([argument])
        ?? throw new NotSupportedException($"This version of the client has no {type}."));
}
