using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Results;

namespace OptimGen.Benchmarks.Commands;

/// <summary>Steps whose states are kept in fewer bits, relative to the same rule with states in single precision; and each with its memory's twin.</summary>
internal static class StorageCommand
{
    public static IReadOnlyList<int> DefaultLengths { get; } = [1 << 16, 1 << 20, 1 << 24, 1 << 26];

    /// <summary>Measures.</summary>
    /// <returns>A table for each setting.</returns>
    public static IReadOnlyList<RaceTable> Run(CompareOptions options, TextWriter output)
    {
        output.WriteLine("Speed of Adam, with its states in another form, relative to Adam in single precision; and of the memory's twins of the same bytes. Median of the rounds (quartiles).");
        var tables = new List<RaceTable>();
        foreach (Setting setting in options.InstructionSets.SelectMany(set => options.Threads.Select(threads => new Setting(set, threads))))
        {
            var table = new RaceTable($"States in fewer bits, {setting}", "parameters, contestant");
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
                for (int i = 0; i < Math.Max(3, (1 << 23) / length); i++)
                {
                    Array.ForEach([single, half, blocks], one => one.Step());
                }

                IContestant[][] races =
                [
                    [half, single], [blocks, single], [half, Twin("memory, 2 × 2 bytes", half)], [blocks, Twin("memory, 2 × 1 byte", blocks)],
                    [single, Twin("memory, 2 × 4 bytes", single)],
                ];
                foreach (IContestant[] race in races)
                {
                    table.Add($"{Lengths.Name(length)}, {race[0].Name} over {race[1].Name}", length, Race.Run(race, options.RoundsAt(length), length, setting.Threads), [null, null], output);
                }

                StoredStep Adam(string name, Storage storage) => new(name, (set, how) => new Adam(set, how), values, gradients, storage, setting);
                BytesTwin Twin(string name, StoredStep of) => new(name, values, gradients, of.StateBytes, setting.Threads);
            }

            table.PrintNotes(output);
            tables.Add(table);
        }

        return tables;
    }
}
