using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary><c>profile-sample</c>: a random share.</summary>
internal static class SampleCondition
{
    private const string Salt = "klaviyo";

    public static IReadOnlyList<ConditionSpec> Translate(SourceObject condition, ImportScope scope)
    {
        int percentage = condition.Whole("percentage");
        if (percentage is < 1 or > 100)
            throw condition.Lost("percentage", $"{percentage} percent", "not from 1 to 100", "mend the segment in Klaviyo");
        scope.Check(
            condition.At("percentage"), $"{percentage} percent", "other customers than in Klaviyo, and the same ones for ever", "choose another salt for another sample");
        return [new ConditionSpec { Sample = new SampleConditionSpec { Salt = Salt, From = 0, To = percentage } }];
    }
}
