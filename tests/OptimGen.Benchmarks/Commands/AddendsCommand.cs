using System.Diagnostics;
using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Results;

namespace OptimGen.Benchmarks.Commands;

/// <summary>A step that adds four gradients while it reads them, relative to additions in passes of their own and a step over the sum.</summary>
internal static class AddendsCommand
{
    private const int Gradients = 4;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<int> DefaultLengths { get; } = [1 << 16, 1 << 20, 1 << 24];

    /// <summary>Measures.</summary>
    /// <returns>A table for each setting.</returns>
    public static IReadOnlyList<RaceTable> Run(CompareOptions options, TextWriter output)
    {
        output.WriteLine($"Speed of Adam over the sum of {Gradients} gradients, relative to one addition after the other and then a step, and to one pass that adds all and then a step. Median of the rounds (quartiles).");
        var tables = new List<RaceTable>();
        foreach (Setting setting in options.InstructionSets.SelectMany(set => options.Threads.Select(threads => new Setting(set, threads))))
        {
            var table = new RaceTable($"{Gradients} gradients, {setting}", "parameters, check of gradients");
            foreach (int length in options.Lengths)
            {
                foreach (NonFiniteGradientPolicy policy in new[] { NonFiniteGradientPolicy.Throw, NonFiniteGradientPolicy.StepFinitePieces, NonFiniteGradientPolicy.Allow })
                {
                    float[][] gradients = [.. Enumerable.Range(1, Gradients).Select(seed => Random(length, seed))];
                    IContestant[] race =
                    [
                        new AddendStep(gradients, policy, setting), new AddedStep("additions", gradients, inOnePass: false, policy, setting),
                        new AddedStep("one pass", gradients, inOnePass: true, policy, setting),
                    ];
                    // Until the just-in-time compiler is done with them.
                    for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
                    {
                        Array.ForEach(race, one => one.Step());
                    }

                    table.Add($"{Lengths.Name(length)}, {policy}", length, Race.Run(race, options.RoundsAt(length), length, setting.Threads), [null, null, null], output);
                }
            }

            table.PrintNotes(output);
            tables.Add(table);
        }

        return tables;
    }

    private static float[] Random(int length, int seed)
    {
        float[] values = GC.AllocateArray<float>(length, pinned: true);
        var random = new Random(seed);
        for (int i = 0; i < length; i++)
        {
            values[i] = (random.NextSingle() - 0.5f) * 0.1f;
        }

        return values;
    }
}
