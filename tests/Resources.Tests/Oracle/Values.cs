using FsCheck;
using FsCheck.Fluent;

namespace Resources.Tests.Oracle;

/// <summary>Property values, numbers and operands from small pools.</summary>
internal static class Values
{
    public static readonly string[] Patterns = ["^a", "b$", "^[a-z]+$", "a|5", "^$", "[0-9]{2}", "."];

    private static readonly string[] Words = ["", "a", "ab", "b", "5", "true", "12.5", "01067"];

    private static readonly decimal[] Amounts = [0m, 0.1m, 0.2m, 0.3m, 1m, 1.00m, 2.5m, 5m, 10m, 12.5m, -1m];

    public static Gen<string> Text { get; } = Gen.Elements(Words);

    public static Gen<string> TextNotEmpty { get; } = Gen.Elements(Words[1..]);

    public static Gen<decimal> Number { get; } = Gen.Elements(Amounts);

    public static Gen<string[]> List { get; } = Gen.Choose(0, 4).SelectMany(count => Gen.Elements("a", "b", "5", "").ArrayOf(count));

    public static Gen<object> Scalar { get; } = Gen.Frequency(
        (3, Text.Select(text => (object)text)),
        (3, Number.Select(number => (object)number)),
        (1, Gen.Elements(true, false).Select(boolean => (object)boolean)));

    /// <summary>An operand of eq and in, in any of its spellings.</summary>
    public static Gen<string> Operand { get; } = Gen.Elements([.. Words, "false", "10", "0.10", "-1", "1.0", "0"]);

    /// <summary>Texts that look a bit like dates.</summary>
    public static Gen<string> NoDate { get; } = Gen.Elements("soon", "", "2026-02-30", "2026-13-01", "2026-1-1", "20260101", "2026-01-01 00:00:00");

    /// <summary>A property that mostly holds a date.</summary>
    public static Gen<object> DateOf(Scene scene) => Gen.Frequency(
        (4, scene.Date.Select(text => (object)text)),
        (3, scene.Birthday.Select(text => (object)text)),
        (1, NoDate.Select(text => (object)text)),
        (1, Gen.Constant((object)20260101m)));

    /// <summary>Anything in p and q, mostly lists in tags, mostly dates in day; each now and then missing.</summary>
    public static Gen<IReadOnlyDictionary<string, object>> Bag(Scene scene) =>
        from p in Scalar
        from q in Scalar
        from tags in Gen.Frequency((4, List.Select(list => (object)list)), (1, Scalar))
        from day in DateOf(scene)
        from present in Gen.Choose(0, 3).ArrayOf(4)
        select (IReadOnlyDictionary<string, object>)new[] { ("p", p), ("q", q), ("tags", tags), ("day", day) }
            .Where((_, i) => present[i] > 0)
            .ToDictionary(value => value.Item1, value => value.Item2);

    /// <summary>Some of these, at least one.</summary>
    public static Gen<IReadOnlyList<T>> Some<T>(Gen<T> one, int most = 3) =>
        Gen.Choose(1, most).SelectMany(count => one.ArrayOf(count)).Select(items => (IReadOnlyList<T>)items.Distinct().ToList());
}
