using System.Collections;
using System.Reflection;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>
/// What a condition makes use of, in words such as event, event.within, where.eq, sum.gte, consent.is=never: every field that it sets, so
/// that a field that is added to the specs one day is asked for here without anybody remembering.
/// </summary>
internal static class Features
{
    private static readonly string[] Groups = ["all", "any", "none"];

    /// <summary>Every feature that there is.</summary>
    public static IReadOnlyList<string> All { get; } = Fields(typeof(ConditionSpec)).Where(key => !Groups.Contains(Word(key)))
        .SelectMany(key => Possible(Word(key), key.PropertyType).Prepend(Word(key)))
        .Concat(Groups)
        .Concat(Units.Select(unit => $"calendar={unit}"))
        .Distinct()
        .ToList();

    private static string[] Units => ["today", "yesterday", "tomorrow", .. from word in new[] { "this", "last", "next" } from unit in new[] { "week", "month", "quarter", "year" } select $"{word} {unit}",
        .. from word in new[] { "last", "next" } from unit in new[] { "days", "weeks", "months", "quarters", "years" } select $"{word} n {unit}"];

    /// <summary>The conditions that are no groups.</summary>
    public static IEnumerable<ConditionSpec> LeavesOf(ConditionSpec condition) =>
        (condition.All ?? condition.Any ?? condition.None) is { } items ? items.SelectMany(LeavesOf) : [condition];

    /// <summary>Those of the segment and of all that it refers to.</summary>
    public static IEnumerable<ConditionSpec> Leaves(PlainWorkspace workspace, string segment) => LeavesOf(workspace.Segments[segment].Match)
        .SelectMany(leaf => leaf.Segment is { } other ? Leaves(workspace, other.Name).Prepend(leaf) : [leaf]);

    /// <summary>The features of a leaf or of a group itself.</summary>
    public static IEnumerable<string> Of(ConditionSpec condition)
    {
        var key = Fields(typeof(ConditionSpec)).First(field => field.GetValue(condition) is not null);
        var word = Word(key);
        return Groups.Contains(word) ? [word] : Used(word, key.GetValue(condition)!).Prepend(word);
    }

    private static IEnumerable<string> Used(string owner, object spec) => Fields(spec.GetType()).SelectMany(field => field.GetValue(spec) switch
    {
        null => [],
        string text when field.Name == "Calendar" => new[] { $"{owner}.calendar", $"calendar={Unit(text)}" },
        Enum choice => [$"{owner}.{Word(field)}={choice}"],
        bool choice => [$"{owner}.{Word(field)}={choice}"],
        IEnumerable<WhereSpec> tests => tests.SelectMany(test => Used("where", test)),
        IEnumerable<SequenceStepSpec> steps => steps.SelectMany(step => Used("step", step)),
        var value when IsSpec(value.GetType()) => Used(Word(field), value).Prepend($"{owner}.{Word(field)}"),
        _ => [$"{owner}.{Word(field)}"],
    });

    private static IEnumerable<string> Possible(string owner, Type spec) => Fields(spec).SelectMany(field =>
    {
        var type = Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType;
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{owner}.{Word(field)}={name}");
        if (type == typeof(bool))
            return field.Name == "Exists" ? [$"{owner}.exists=True", $"{owner}.exists=False"] : new[] { $"{owner}.{Word(field)}=True" };
        if (type == typeof(IReadOnlyList<WhereSpec>))
            return Possible("where", typeof(WhereSpec));
        if (type == typeof(IReadOnlyList<SequenceStepSpec>))
            return Possible("step", typeof(SequenceStepSpec));
        return IsSpec(type) ? Possible(Word(field), type).Prepend($"{owner}.{Word(field)}") : [$"{owner}.{Word(field)}"];
    });

    private static bool IsSpec(Type type) => type.IsClass && type != typeof(string) && !type.IsAssignableTo(typeof(IEnumerable));

    private static string Unit(string phrase) => phrase.Split(' ') is [var word, _, var unit] ? $"{word} n {unit}" : phrase;

    private static PropertyInfo[] Fields(Type spec) => spec.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string Word(PropertyInfo field) => char.ToLowerInvariant(field.Name[0]) + field.Name[1..];
}
