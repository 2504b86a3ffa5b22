using FsCheck;
using FsCheck.Fluent;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

internal static partial class Conditions
{
    private static Gen<ConditionSpec> Property(Scene scene) =>
        Test<PropertyConditionSpec>(scene, (spec, name) => spec.Name = name).Select(spec => new ConditionSpec { Property = spec });

    private static Gen<ConditionSpec> HeldProperty(Scene scene) =>
        from spec in Test<PropertyConditionSpec>(scene, (spec, name) => spec.Name = name)
        from duration in scene.Duration
        select new ConditionSpec { Property = spec with { For = duration } };

    // One of the operators that time alone does not change, with a property that mostly has values for it.
    private static Gen<T> Test<T>(Scene scene, Action<T, string> name)
        where T : PropertyOperators, new()
    {
        Gen<(string Property, Action<T> Operator)> For<TOperand>(Gen<string> property, Gen<TOperand> operand, Action<T, TOperand> set) =>
            from p in property from o in operand select (p, (Action<T>)(spec => set(spec, o)));

        var any = Gen.Elements("p", "p", "q", "tags");
        var scalar = Gen.Elements("p", "q");
        var list = Gen.Elements("tags", "tags", "tags", "p");
        var date = Gen.Elements("day", "day", "day", "p");
        var operand = Values.Operand.Select(text => (ScalarValue)text);
        var elements = Values.Some(Gen.Elements("a", "b", "5", "", "c"));
        return from chosen in Gen.OneOf(
                For(any, operand, (spec, o) => spec.Eq = o),
                For(any, operand, (spec, o) => spec.Ne = o),
                For(any, Values.Some(operand), (spec, o) => spec.In = o),
                For(any, Values.Some(operand), (spec, o) => spec.NotIn = o),
                For(scalar, Values.Number, (spec, o) => spec.Gt = o),
                For(scalar, Values.Number, (spec, o) => spec.Gte = o),
                For(scalar, Values.Number, (spec, o) => spec.Lt = o),
                For(scalar, Values.Number, (spec, o) => spec.Lte = o),
                For(scalar, Values.Number.Two(), (spec, o) => spec.Between = [Math.Min(o.Item1, o.Item2), Math.Max(o.Item1, o.Item2)]),
                For(any, Values.TextNotEmpty, (spec, o) => spec.Contains = o),
                For(scalar, Values.TextNotEmpty, (spec, o) => spec.StartsWith = o),
                For(scalar, Values.TextNotEmpty, (spec, o) => spec.EndsWith = o),
                For(scalar, Gen.Elements(Values.Patterns), (spec, o) => spec.Matches = o),
                For(any, Values.TextNotEmpty, (spec, o) => spec.NotContains = o),
                For(scalar, Values.TextNotEmpty, (spec, o) => spec.NotStartsWith = o),
                For(scalar, Values.TextNotEmpty, (spec, o) => spec.NotEndsWith = o),
                For(scalar, Gen.Elements(Values.Patterns), (spec, o) => spec.NotMatches = o),
                For(list, elements, (spec, o) => spec.ContainsAny = o),
                For(list, elements, (spec, o) => spec.ContainsAll = o),
                For(list, elements, (spec, o) => spec.ContainsNone = o),
                For(list, Comparison<ComparisonSpec>(Gen.Choose(0, 4).Select(n => (decimal)n)), (spec, o) => spec.Length = o),
                For(any, Gen.Elements(true, false), (spec, o) => spec.Exists = o),
                For(date, scene.Date, (spec, o) => spec.Before = o),
                For(date, scene.Date, (spec, o) => spec.After = o),
                For(date, Gen.Choose(1, 12), (spec, o) => spec.Month = o))
            from missing in Gen.Frequency((2, Gen.Constant(OnMissingProperty.Exclude)), (1, Gen.Constant(OnMissingProperty.Include)))
            select Built(chosen.Property, chosen.Operator, missing);

        T Built(string property, Action<T> set, OnMissingProperty missing)
        {
            var spec = new T();
            name(spec, property);
            set(spec);
            // exists asks for absence itself.
            spec.OnMissing = spec.Exists is null ? missing : OnMissingProperty.Exclude;
            return spec;
        }
    }

    private static Gen<ConditionSpec> MovingProperty(Scene scene) =>
        from name in Gen.Elements("day", "day", "day", "day", "p")
        from missing in Gen.Frequency((2, Gen.Constant(OnMissingProperty.Exclude)), (1, Gen.Constant(OnMissingProperty.Include)))
        from spec in Gen.OneOf(
            scene.Duration.Select(text => new PropertyConditionSpec { WithinLast = text }),
            scene.Duration.Select(text => new PropertyConditionSpec { WithinNext = text }),
            scene.Duration.Select(text => new PropertyConditionSpec { OlderThan = text }),
            Scene.Phrase(ofProperty: true).Select(text => new PropertyConditionSpec { Calendar = text }),
            Days.Select(n => new PropertyConditionSpec { Anniversary = new AnniversarySpec { WithinNext = n } }),
            Days.Select(n => new PropertyConditionSpec { Anniversary = new AnniversarySpec { WithinLast = n } }),
            Scene.Phrase(ofProperty: true).Select(text => new PropertyConditionSpec { Anniversary = new AnniversarySpec { Calendar = text } }))
        select new ConditionSpec { Property = spec with { Name = name, OnMissing = missing } };

    private static Gen<int> Days { get; } = Gen.Frequency((4, Gen.Choose(0, 5)), (2, Gen.Choose(6, 364)), (1, Gen.Elements(365, 366)));
}
