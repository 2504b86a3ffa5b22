using System.Collections.Concurrent;
using System.Globalization;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>How often each feature was met with each answer, and how often an announced change was one. For several threads.</summary>
internal sealed class Coverage
{
    private readonly ConcurrentDictionary<(string Feature, bool Answer), int> answers = new();
    private readonly ConcurrentDictionary<(string Key, bool IsChange), int> changes = new();

    /// <summary>Takes down what every leaf and group of the case is made of, and its answer when the case begins.</summary>
    public void Add(Case it, BruteForce oracle) => Add(it.It.Match, it, oracle);

    /// <summary>Takes down whether the answer changed at the instant that was announced; for a case of one leaf.</summary>
    public void AddChange(Case it, bool isChange)
    {
        if (it.It.Match is { All: null, Any: null, None: null } leaf)
            changes.AddOrUpdate((Features.Of(leaf).First(), isChange), 1, static (_, count) => count + 1);
    }

    /// <summary>The features that were met less often than this with the answer.</summary>
    public IEnumerable<string> Rare(IEnumerable<string> features, bool answer, int least) => features
        .Select(feature => (feature, Count: answers.GetValueOrDefault((feature, answer))))
        .Where(one => one.Count < least)
        .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.feature} {(answer ? "holding" : "not holding")}: {one.Count}"));

    /// <summary>By kind of condition: of how many announced changes how many were ones.</summary>
    public IEnumerable<(string Key, int Announced, int Real)> Changes() => changes.Keys.Select(change => change.Key).Distinct().Order().Select(key =>
        (key, changes.GetValueOrDefault((key, true)) + changes.GetValueOrDefault((key, false)), changes.GetValueOrDefault((key, true))));

    private void Add(ConditionSpec condition, Case it, BruteForce oracle)
    {
        var holds = oracle.Holds(Case.Name, condition, it.Now);
        foreach (var feature in Features.Of(condition).Distinct())
            answers.AddOrUpdate((feature, holds), 1, static (_, count) => count + 1);
        foreach (var item in condition.All ?? condition.Any ?? condition.None ?? [])
            Add(item, it, oracle);
    }
}
