using Segmentation.Operator.Partitions;
using Segmentation.Operator.Tests.Partitions;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>What is declared during a simulation.</summary>
internal enum SimulatedDefinitions
{
    /// <summary>Every move can be told beforehand.</summary>
    Standing,

    /// <summary>The same, of rules that ask of the past.</summary>
    AskingOfThePast,

    /// <summary>Edited, deleted, suspended and declared anew at any point.</summary>
    Changing,
}

/// <summary>The circumstances of a simulation.</summary>
/// <param name="Faults">The share of commands that something happens to.</param>
/// <param name="Merges">Whether profiles are merged; then none is erased, and nothing is changed whose order matters.</param>
/// <param name="MaxLogLength">Entries that a log takes before producers have to wait.</param>
internal sealed record SimulationShape(
    SimulatedDefinitions Definitions, int Partitions, int Followers, double Faults, int MaxLogLength, DataPlaneOptions Options, HistoryShape History, bool Merges = false)
{
    private const long DayMs = 24 * 3_600_000L;

    public static SimulationShape Of(Random random)
    {
        var shape = WithoutMerges(random);
        return shape.Definitions == SimulatedDefinitions.AskingOfThePast || random.Next(3) > 0
            ? shape
            : shape with { Merges = true, History = shape.History with { DuplicatesMove = false } };
    }

    private static SimulationShape WithoutMerges(Random random) => new(
        (SimulatedDefinitions)random.Next(3),
        random.Next(1, 4),
        random.Next(4),
        Pick(random, 0.002, 0.01, 0.03, 0.06),
        Pick(random, 5, 100_000),
        Pick(
            random,
            new DataPlaneOptions(),
            new DataPlaneOptions { EntriesPerTurn = 2, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 },
            new DataPlaneOptions { EntriesPerTurn = 7, EventsPerTurn = 4, DuePerTurn = 1, BackfillPerTurn = 1, CachedOccurrences = 200 }),
        Pick(
            random,
            new HistoryShape(),
            new HistoryShape(Profiles: 8, LongestWaitMs: 4 * DayMs),
            new HistoryShape(Profiles: 60, EventsPerRequest: 12, Late: 0.9, Duplicates: 0.3)));

    private static T Pick<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
