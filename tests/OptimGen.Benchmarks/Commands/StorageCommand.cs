using System.Diagnostics;
using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Results;

namespace OptimGen.Benchmarks.Commands;

/// <summary>Steps whose states are kept in fewer bits, relative to the same rule with states in single precision; and each with its memory's twin.</summary>
internal static class StorageCommand
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<int> DefaultLengths { get; } = [1 << 16, 1 << 20, 1 << 24, 1 << 26];

    /// <summary>Measures.</summary>
    /// <returns>A table for each setting.</returns>
    public static IReadOnlyList<RaceTable> Run(CompareOptions options, TextWriter output)
    {
        output.WriteLine("Speed of Adam with its states in fewer bits, relative to Adam with states in single precision, and to its memory's twin of the same bytes. Median of the rounds (quartiles).");
        var tables = new List<RaceTable>();
        foreach (Setting setting in options.InstructionSets.SelectMany(set => options.Threads.Select(threads => new Setting(set, threads))))
        {
            var table = new RaceTable($"States in fewer bits, {setting}", "parameters, form of the states");
            foreach (int length in options.Lengths)
            {
                float[] values = GC.AllocateArray<float>(length, pinned: true), gradients = GC.AllocateArray<float>(length, pinned: true);
                var random = new Random(1);
                for (int i = 0; i < length; i++)
                {
                    (values[i], gradients[i]) = (random.NextSingle() - 0.5f, (random.NextSingle() - 0.5f) * 0.1f);
                }

                StoredStep single = Adam("fp32", Storage.Native), half = Adam("bfloat16", Storage.BFloat16), blocks = Adam("8-bit blocks", Storage.Block8);
                // Until the just-in-time compiler is done with them.
                for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
                {
                    Array.ForEach([single, half, blocks], one => one.Step());
                }

                foreach (StoredStep step in new[] { half, blocks })
                {
                    IContestant[] race = [step, single, new BytesTwin("memory", values, gradients, step.StateBytes, setting.Threads)];
                    table.Add($"{Lengths.Name(length)}, {step.Name}", length, Race.Run(race, options.RoundsAt(length), length, setting.Threads), [null, null, null], output);
                }

                StoredStep Adam(string name, Storage storage) => new(name, (set, how) => new Adam(set, how), values, gradients, storage, setting);
            }

            table.PrintNotes(output);
            tables.Add(table);
        }

        return tables;
    }
}
