using System.Collections.Concurrent;
using System.Globalization;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>How often each feature was met with each answer. For several threads.</summary>
internal sealed class Coverage
{
    private readonly ConcurrentDictionary<(string Feature, bool Answer), int> answers = new();

    /// <summary>Takes down what every leaf and group of the case is made of, and its answer when the case begins.</summary>
    public void Add(Case it, BruteForce oracle) => Add(it.It.Match, it, oracle);

    /// <summary>The features that were met less often than this with the answer.</summary>
    public IEnumerable<string> Rare(IEnumerable<string> features, bool answer, int least) => features
        .Select(feature => (feature, Count: answers.GetValueOrDefault((feature, answer))))
        .Where(one => one.Count < least)
        .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.feature} {(answer ? "holding" : "not holding")}: {one.Count}"));

    private void Add(ConditionSpec condition, Case it, BruteForce oracle)
    {
        var holds = oracle.Holds(Case.Name, condition, it.Now);
        foreach (var feature in Features.Of(condition).Distinct())
            answers.AddOrUpdate((feature, holds), 1, static (_, count) => count + 1);
        foreach (var item in condition.All ?? condition.Any ?? condition.None ?? [])
            Add(item, it, oracle);
    }
}
