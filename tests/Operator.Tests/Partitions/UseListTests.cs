using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>The order of use, against a plain list.</summary>
public sealed class UseListTests(ITestOutputHelper output)
{
    [Fact]
    public void The_last_one_is_always_the_one_used_longest_ago()
    {
        foreach (var seed in Seeds.Take(20))
        {
            output.WriteLine($"SEED={seed}");
            var random = new Random(seed);
            var list = new UseList();
            var expected = new List<CachedProfile>();
            for (var step = 0; step < 2_000; step++)
            {
                switch (random.Next(step < 1_000 ? 4 : 6))
                {
                    case 0 or 1:
                        var added = new CachedProfile(StoredProfile.Unknown($"p{step}"));
                        list.AddFirst(added);
                        expected.Insert(0, added);
                        break;
                    case 2 when expected.Count > 0:
                        var used = expected[random.Next(expected.Count)];
                        list.MoveToFront(used);
                        expected.Remove(used);
                        expected.Insert(0, used);
                        break;
                    case 3 when random.Next(500) == 0:
                        list.Clear();
                        expected.Clear();
                        break;
                    case > 3 when expected.Count > 0:
                        var removed = random.Next(2) == 0 ? expected[^1] : expected[random.Next(expected.Count)];
                        list.Remove(removed);
                        expected.Remove(removed);
                        break;
                }
                list.Last.ShouldBe(expected.LastOrDefault(), $"SEED={seed}, step {step}");
            }
            while (list.Last is { } last)
            {
                last.ShouldBe(expected[^1]);
                list.Remove(last);
                expected.RemoveAt(expected.Count - 1);
            }
            expected.ShouldBeEmpty();
        }
    }
}
