using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Http;

/// <summary>
/// <c>GET</c> and <c>PUT /test/clock</c>, there only with <c>DataPlane:TestClock</c>: tests set the instant at which memberships are true.
/// </summary>
internal static class ClockEndpoint
{
    public static IResult Get(BusinessClock clock) => Results.Json(new ClockModel(clock.Now), ApiJson.Plain.ClockModel);

    public static IResult Put(BusinessClock clock, ClockModel model)
    {
        clock.MoveTo(model.Now);
        return Get(clock);
    }
}
