using System.Globalization;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>
/// Takes a load part by part, in turns with others: a machine may become half as fast from one minute to the next, so only what is done within seconds of one
/// another compares.
/// </summary>
/// <param name="eventsPerPart">How many events each of the parts has.</param>
/// <param name="takeAsync">Takes the part of that number, and says how many seconds that took.</param>
internal sealed class Contender(double eventsPerPart, Func<int, Task<double>> takeAsync)
{
    private readonly List<double> _seconds = [];

    public double Seconds => _seconds.Sum();

    public double EventsPerSecond => eventsPerPart * _seconds.Count / Seconds;

    /// <summary>Has each take as many parts as there are rounds. Every round begins with another of them.</summary>
    public static async Task TakeTurnsAsync(int rounds, params Contender[] contenders)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++) await contenders[(round + turn) % contenders.Length].TakeAsync(round);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1} of {rounds}: {string.Join(", ", contenders.Select(c => $"{c.RateOf(round):0}/s"))}"));
        }
    }

    /// <returns>How many times as fast as the other it was, by rounds: the median, and in brackets the least and the most.</returns>
    public string Against(Contender other)
    {
        var ratios = _seconds.Select((_, round) => RateOf(round) / other.RateOf(round)).Order().ToArray();
        var median = (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2;
        return string.Create(CultureInfo.InvariantCulture, $"{median:0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})");
    }

    private double RateOf(int round) => eventsPerPart / _seconds[round];

    private async Task TakeAsync(int part) => _seconds.Add(await takeAsync(part));
}
