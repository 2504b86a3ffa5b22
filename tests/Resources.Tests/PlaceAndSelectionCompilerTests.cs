using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests;

public class PlaceAndSelectionCompilerTests
{
    private static readonly Profile Customer = new("c-1")
    {
        Properties = PropertyBag.Of(("country", "germany"), ("region", "Bavaria"), ("latitude", 48.1351m), ("longitude", 11.582m)),
    };

    [Theory]
    [InlineData("{place: {country: [AT, DE]}}", true)]
    [InlineData("{place: {country: [deu]}}", true)]
    [InlineData("{place: {country: [Germany]}}", true)]
    [InlineData("{place: {country: [AT, UK]}}", false)]
    [InlineData("{place: {region: [bavaria, Tyrol]}}", true)]
    [InlineData("{place: {region: [Tyrol]}}", false)]
    [InlineData("{place: {in: eu}}", true)]
    [InlineData("{place: {in: eea}}", true)]
    [InlineData("{place: {near: {latitude: 52.52, longitude: 13.405, distance: 505 km}}}", true)]
    [InlineData("{place: {near: {latitude: 52.52, longitude: 13.405, distance: 504km}}}", false)]
    [InlineData("{place: {near: {latitude: 52.52, longitude: 13.405, distance: 313.5 mi}}}", true)] // 504.529 km
    [InlineData("{place: {near: {latitude: 52.52, longitude: 13.405, distance: 313.4mi}}}", false)] // 504.368 km
    [InlineData("{sample: {salt: spring-2027, to: 69.84}}", false)] // c-1 is at 69.84
    [InlineData("{sample: {salt: spring-2027, to: 69.85}}", true)]
    [InlineData("{sample: {salt: spring-2027, from: 69.84, to: 100}}", true)]
    [InlineData("{sample: {salt: spring-2027, from: 69.85, to: 100}}", false)]
    [InlineData("{profiles: {ids: [c-0, c-1]}}", true)]
    [InlineData("{profiles: {ids: [c-0, C-1]}}", false)]
    public void What_is_written_means_what_the_engine_answers(string match, bool matches)
    {
        var compiled = Specs.Compile(match);
        compiled.Problems.ShouldBeEmpty();
        var evaluation = new Evaluation();
        evaluation.Begin(Customer, 0);
        evaluation.Evaluate(compiled.Definition!).Matches.ShouldBe(matches);
    }

    public static TheoryData<string, string, string, string> Wrong => new()
    {
        { "{place: {}}", "UnknownOperator", "spec.match.place", "give exactly one of country, region, in or near" },
        { "{place: {in: eu, country: [DE]}}", "InvalidSpec", "spec.match.place", "country and in are given together" },
        { "{place: {country: []}}", "InvalidSpec", "spec.match.place.country", "takes 1 to 256 names; there are 0" },
        { "{place: {country: [DE, Germny]}}", "InvalidSpec", "spec.match.place.country[1]", "there is no country Germny; did you mean Germany?; write a code" },
        { "{place: {country: [XX]}}", "InvalidSpec", "spec.match.place.country[0]", "there is no country XX; write a code of ISO 3166-1, such as DE or DEU, or an English name" },
        { "{place: {region: ['']}}", "InvalidSpec", "spec.match.place.region[0]", "is required, such as Bavaria" },
        { "{place: {near: {latitude: 91, longitude: 0, distance: 1 km}}}", "InvalidSpec", "spec.match.place.near.latitude", "91 lies beyond a pole; write degrees from -90" },
        { "{place: {near: {latitude: 0, longitude: -181, distance: 1 km}}}", "InvalidSpec", "spec.match.place.near.longitude", "beyond the date line; write degrees from -180" },
        { "{place: {near: {latitude: 0, longitude: 0}}}", "InvalidSpec", "spec.match.place.near.distance", "write a number and its unit km or mi" },
        { "{place: {near: {latitude: 0, longitude: 0, distance: '10'}}}", "InvalidSpec", "spec.match.place.near.distance", "is no distance" },
        { "{place: {near: {latitude: 0, longitude: 0, distance: -5 km}}}", "InvalidSpec", "spec.match.place.near.distance", "is no distance" },
        { "{place: {near: {latitude: 0, longitude: 0, distance: '1,5 km'}}}", "InvalidSpec", "spec.match.place.near.distance", "is no distance" },
        { "{sample: {to: 10}}", "InvalidSpec", "spec.match.sample.salt", "is required, such as spring-2027" },
        { "{sample: {salt: a}}", "InvalidSpec", "spec.match.sample.to", "0 does not lie above from, which is 0" },
        { "{sample: {salt: a, from: 20, to: 10}}", "InvalidSpec", "spec.match.sample.to", "10 does not lie above from, which is 20" },
        { "{sample: {salt: a, to: 101}}", "InvalidSpec", "spec.match.sample.to", "101 is no share; write a percentage from 0 to 100" },
        { "{sample: {salt: a, from: -1, to: 10}}", "InvalidSpec", "spec.match.sample.from", "-1 is no share" },
        { "{sample: {salt: a, to: 0.125}}", "InvalidSpec", "spec.match.sample.to", "0.125 has more than two decimals; round it, such as 0.12" },
        { "{profiles: {}}", "InvalidSpec", "spec.match.profiles.ids", "takes 1 to 1000 ids; there are 0" },
        { "{profiles: {ids: [a, '']}}", "InvalidSpec", "spec.match.profiles.ids[1]", "1 to 256 characters; this one has 0" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_wrong_condition_is_refused_with_reason_place_and_cure(string match, string reason, string path, string message)
    {
        var problem = Specs.Compile(match).Problems.ShouldHaveSingleItem();
        (problem.Reason, problem.FieldPath).ShouldBe((reason, path));
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void More_ids_than_a_definition_may_hold_are_refused_with_another_way()
    {
        var ids = string.Join(", ", Enumerable.Range(0, ProfilesConditionSpec.IdsMax + 1).Select(i => $"c-{i}"));
        Specs.Compile($"{{profiles: {{ids: [{ids}]}}}}").Problems.ShouldHaveSingleItem().Message.ShouldContain("there are 1001; set a property on more");
    }
}
