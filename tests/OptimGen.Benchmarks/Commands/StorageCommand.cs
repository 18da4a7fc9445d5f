using System.Diagnostics;
using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Native;
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
        output.WriteLine("Speed of Adam with numbers in fewer bits, relative to Adam in single precision, and to its memory's twin of the same bytes; and of states in bfloat16 to plain loops in C. Median of the rounds (quartiles).");
        var tables = new List<RaceTable>();
        foreach (Setting setting in options.InstructionSets.SelectMany(set => options.Threads.Select(threads => new Setting(set, threads))))
        {
            var table = new RaceTable($"States in fewer bits, {setting}", "parameters, form of the states");
            foreach (int length in options.Lengths)
            {
                (float[] values, float[] gradients) = Draw(length);
                StoredStep single = Adam("fp32", Storage.Native), half = Adam("bfloat16", Storage.BFloat16), blocks = Adam("8-bit blocks", Storage.Block8);
                StoredStep all = new("bfloat16, states in 8-bit blocks", length, Storage.Block8, setting);
                // Until the just-in-time compiler is done with them.
                for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
                {
                    Array.ForEach([single, half, blocks, all], one => one.Step());
                }

                foreach (StoredStep step in new[] { half, blocks, all })
                {
                    int floats = step == all ? length / 2 : length;
                    var memory = new BytesTwin("memory", values.AsMemory(0, floats), gradients.AsMemory(0, floats), step.StateBytes, setting.Threads);
                    table.Add($"{Lengths.Name(length)}, {step.Name}", length, Race.Run([step, single, memory], options.RoundsAt(length), length, setting.Threads), [null, null, null], output);
                }

                StoredStep Adam(string name, Storage storage) => new(name, (set, how) => new Adam(set, how), values, gradients, storage, setting);
            }

            table.PrintNotes(output);
            tables.Add(table);
            if (AgainstC(setting, options, output) is { } inC)
            {
                tables.Add(inC);
            }
        }

        return tables;
    }

    /// <summary>States in bfloat16, against a plain loop by each compiler of the machine.</summary>
    /// <returns><see langword="null"/> if there is no compiler.</returns>
    private static RaceTable? AgainstC(Setting setting, CompareOptions options, TextWriter output)
    {
        var table = new RaceTable($"States in bfloat16 against C, {setting}", "parameters");
        foreach (int length in options.Lengths)
        {
            (float[] values, float[] gradients) = Draw(length);
            IReadOnlyList<StoredCLoop> loops = StoredCLoop.All(setting, values, gradients);
            if (loops.Count == 0)
            {
                output.WriteLine(CCompiler.HowToInstall);
                return null;
            }

            var step = new StoredStep("bfloat16", (set, how) => new Adam(set, how), values, gradients, Storage.BFloat16, setting);
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
            {
                step.Step();
            }

            RaceResult race = Race.Run([step, .. loops], options.RoundsAt(length), length, setting.Threads).WithFastestOf(FastestExact.Name, [.. Enumerable.Range(1, loops.Count)]);
            table.Add(Lengths.Name(length), length, race, [.. Enumerable.Repeat<Target?>(null, race.Names.Count)], output);
        }

        table.PrintNotes(output);
        return table;
    }

    private static (float[] Values, float[] Gradients) Draw(int length)
    {
        float[] values = GC.AllocateArray<float>(length, pinned: true), gradients = GC.AllocateArray<float>(length, pinned: true);
        var random = new Random(1);
        for (int i = 0; i < length; i++)
        {
            (values[i], gradients[i]) = (random.NextSingle() - 0.5f, (random.NextSingle() - 0.5f) * 0.1f);
        }

        return (values, gradients);
    }
}
