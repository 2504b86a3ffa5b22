using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kubernetes.Model;
using Segmentation.Resources;
using Segmentation.Resources.Manifests;

namespace Resources.Tests;

public class SchemaTests
{
    // kubectl apply keeps the last applied object in an annotation; all annotations together may have 256 KiB, and others want some of them.
    private const int AnnotationBytesMax = 240_000;

    public static TheoryData<Type> Kinds => [.. ManifestWriter.Kinds];

    [Theory, MemberData(nameof(Kinds))]
    public void Every_text_list_and_object_is_bounded(Type kind)
    {
        var unbounded = Walk(SchemaBuilder.ForEntity(kind), "")
            .Where(place => place.Path.Contains('.', StringComparison.Ordinal))
            .Where(place => place.Schema switch
            {
                { Type: "array" } list => list.SizeMaximum is null,
                { Type: "object" } map => map.Properties is null,
                { Type: "string" or null } text => text.SizeMaximum is null && text.Enum.Count == 0 && text.Format is null,
                _ => false,
            })
            .Select(place => place.Path);
        unbounded.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Kinds))]
    public void No_default_is_filled_into_a_list_where_it_would_look_like_a_change_for_ever(Type kind) =>
        Walk(SchemaBuilder.ForEntity(kind), "")
            .Where(place => place.Path.Contains("[]", StringComparison.Ordinal) && place.Schema.Default is not null)
            .Select(place => place.Path)
            .ShouldBeEmpty();

    [Theory, MemberData(nameof(Kinds))]
    public void Defaults_of_the_schema_are_those_of_the_type(Type kind)
    {
        foreach (var type in Types(kind.GetProperty("Spec")!.PropertyType).Concat(Types(kind.GetProperty("Status")!.PropertyType)).Where(type => !type.IsAbstract && type != typeof(Condition)).Distinct())
        {
            var created = Activator.CreateInstance(type);
            foreach (var property in type.GetProperties().Where(property => property.GetCustomAttribute<DefaultAttribute>() is { Json: not "{}" }))
            {
                var json = JsonSerializer.Serialize(property.GetValue(created), property.PropertyType, ResourcesJson.Default);
                json.ShouldBe(property.GetCustomAttribute<DefaultAttribute>()!.Json, $"{type.Name}.{property.Name}");
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_CRD_is_small_enough_for_kubectl_apply(Type kind) =>
        Encoding.UTF8.GetByteCount(ManifestWriter.Crd(kind).ToJsonString()).ShouldBeLessThan(AnnotationBytesMax);

    [Theory, MemberData(nameof(Kinds))]
    public void The_status_of_a_fresh_object_says_that_nothing_was_observed(Type kind)
    {
        var status = SchemaBuilder.ForEntity(kind).Properties!["status"];
        status.Default!.ToJsonString().ShouldBe("""{"observedGeneration":-1}""");
        status.Properties!["conditions"].ListMapKeys.ShouldBe(["type"]);
    }

    [Fact]
    public void Groups_unroll_three_deep_with_leaves_below_each()
    {
        var match = SchemaBuilder.ForEntity(typeof(Segment)).Properties!["spec"].Properties!["match"];
        string[] groups = ["all", "any", "none"];
        var all = match.Properties!.Keys.ToArray();
        groups.ShouldBeSubsetOf(all);
        for (var level = 0; level < ConditionSpec.GroupLevelsMax; level++)
        {
            match.Properties!.Keys.ShouldBe(all);
            match = match.Properties["none"].Items!;
        }

        match.Properties!.Keys.ShouldBe(all.Except(groups));
        match.TooDeepFields.ShouldBe(groups, ignoreOrder: true);
    }

    [Fact]
    public void A_server_is_told_all_of_the_two_outer_levels_and_of_deeper_conditions_that_they_have_one_key()
    {
        var match = Written(typeof(Segment))["properties"]!["spec"]!["properties"]!["match"]!;
        var member = match["properties"]!["any"]!["items"]!;
        foreach (var name in match["properties"]!.AsObject().Select(property => property.Key).Except(["all", "any", "none"]))
            Undescribed(member["properties"]![name]!).ShouldBe(Undescribed(match["properties"]![name]!), name);
        member["properties"]!["all"]!["items"]!.ToJsonString().ShouldBe(
            """{"type":"object","x-kubernetes-preserve-unknown-fields":true,"maxProperties":1,"minProperties":1}""");
    }

    [Fact]
    public void Operands_are_integer_or_string() =>
        Written(typeof(Segment)).ToJsonString().ShouldContain("\"x-kubernetes-int-or-string\":true");

    [Theory]
    [InlineData(typeof(RfmPolicy), 0)]
    [InlineData(typeof(AudienceSync), 0)]
    [InlineData(typeof(Segment), 9)] // the members of all, any and none in all, any and none
    public void Nothing_but_nested_groups_is_left_open(Type kind, int open) =>
        Written(kind).ToJsonString().Split("preserve-unknown-fields").Length.ShouldBe(open + 1);

    [Fact]
    public void A_one_of_rule_names_the_fields_and_escapes_words_of_CEL()
    {
        var rule = SchemaBuilder.ForEntity(typeof(Segment)).Properties!["spec"].Properties!["match"].Properties!["property"].Rules.ShouldHaveSingleItem();
        rule.Rule.ShouldStartWith("[has(self.eq),has(self.ne),has(self.__in__),has(self.notIn),");
        rule.Message.ShouldBe("give exactly one operator: eq, ne, in, notIn, gt, gte, lt, lte, between, contains or 20 others (docs/conditions.md lists them)");
    }

    [Fact]
    public void A_type_with_several_choices_has_a_rule_for_each_its_own_first()
    {
        var condition = SchemaBuilder.ForEntity(typeof(Segment)).Properties!["spec"].Properties!["match"].Properties!["event"];
        condition.Rules.Select(rule => rule.Message).ShouldBe(
            [
                "give at most one aggregate: count, sum, avg, min, max, distinct, first or last",
                "give at most one timeframe: within, between, since, after, before, from, calendar, sinceEntering, sinceProperty or ever",
                "from and to go together",
            ]);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a b", "a or b")]
    [InlineData("a b c d e f g h i j k l", "a, b, c, d, e, f, g, h, i, j, k or l")]
    [InlineData("a b c d e f g h i j k l m", "a, b, c, d, e, f, g, h, i, j or 3 others (docs/conditions.md lists them)")]
    public void A_list_of_names_stays_readable(string names, string listed) => OneOfRules.Listed(names.Split(' ')).ShouldBe(listed);

    [Fact]
    public void Written_YAML_quotes_what_a_reader_would_take_for_something_else()
    {
        var yaml = YamlText.Write(new JsonObject { ["a"] = "NO", ["b"] = "12", ["c"] = "true", ["d"] = "012", ["e"] = "x: y", ["f"] = 12, ["g"] = true, ["h"] = "plain", ["i"] = new JsonArray(), ["j"] = "" });
        yaml.ShouldBe("a: 'NO'\nb: '12'\nc: 'true'\nd: '012'\ne: 'x: y'\nf: 12\ng: true\nh: plain\ni: []\nj: ''\n");
    }

    private static JsonObject Written(Type kind) => SchemaJson.Write(SchemaBuilder.ForEntity(kind));

    private static string Undescribed(JsonNode schema)
    {
        var copy = schema.DeepClone();
        Undescribe(copy);
        return copy.ToJsonString();

        static void Undescribe(JsonNode? node)
        {
            if (node is JsonArray list)
            {
                foreach (var item in list)
                    Undescribe(item);
            }
            else if (node is JsonObject map)
            {
                if (map["description"] is JsonValue)
                    map.Remove("description");
                foreach (var (_, below) in map)
                    Undescribe(below);
            }
        }
    }

    private static IEnumerable<(string Path, Schema Schema)> Walk(Schema schema, string path)
    {
        yield return (path, schema);
        if (schema.Items is not null)
        {
            foreach (var below in Walk(schema.Items, path + "[]"))
                yield return below;
        }

        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, Schema>())
        {
            if (path.Length == 0 && name is not ("spec" or "status"))
                continue;
            foreach (var below in Walk(property, $"{path}.{name}"))
                yield return below;
        }
    }

    private static HashSet<Type> Types(Type root)
    {
        var seen = new HashSet<Type>();
        var waiting = new Stack<Type>([root]);
        while (waiting.TryPop(out var type))
        {
            if (!seen.Add(type))
                continue;
            foreach (var property in type.GetProperties())
            {
                var inner = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
                if (inner is { IsClass: true } && inner.Assembly == typeof(Segment).Assembly)
                    waiting.Push(inner);
            }
        }

        return seen;
    }
}
