using System.Diagnostics;
using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Contestants.Rows;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Results;

namespace OptimGen.Benchmarks.Commands;

/// <summary>
/// Adam over the rows of a batch, of a table of a million rows: against C that sorts, sums and prefetches, a plain C# loop, and the step over all rows. An element
/// is one of the batch's gradients, whichever of its rows occur several times. And <see cref="RowwiseAdagrad"/> against <see cref="Adagrad"/>, which moves more memory.
/// </summary>
internal static class RowsCommand
{
    private const int Width = 64;
    private const int BatchSize = 4096;
    private const float LargestDifference = 1e-5f;

    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(2);

    /// <summary>The rows ahead that the loops in C prefetch; the fastest of them counts.</summary>
    private static readonly int[] Distances = [4, 8, 16];

    /// <summary>Measures.</summary>
    /// <param name="options">The instruction sets, threads and rounds; the length is that of the table.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="output">Receives the table.</param>
    /// <param name="errors">Receives why a peer is missing.</param>
    public static IReadOnlyList<RaceTable> Run(CompareOptions options, int rowCount, TextWriter output, TextWriter errors)
    {
        output.WriteLine(FormattableString.Invariant(
            $"Speed of Adam over {BatchSize} rows, drawn by Zipf's law, of {rowCount} rows of {Width} elements, relative to others. Median of the rounds (quartiles)."));
        var batches = new RowBatches(rowCount, Width, BatchSize);
        output.WriteLine(FormattableString.Invariant($"{batches.DistinctRows:F0} rows of a batch differ, in the mean."));
        var tables = new List<RaceTable>();
        foreach (Setting setting in options.InstructionSets.SelectMany(set => options.Threads.Select(threads => new Setting(set, threads))))
        {
            (batches.Optimizer.InstructionSet, batches.Optimizer.MaxDegreeOfParallelism) = (setting.InstructionSet, setting.Threads);
            List<IContestant> race = [new StepOfRows(batches, batches.Optimizer)];
            CLibrary? library = CCompiler.Gcc?.Build("rows.c", $"-O3 {CCompiler.MachineFlags(setting.InstructionSet)[^1]} -ffast-math -mno-recip", threads: 1);
            if (library is null)
            {
                errors.WriteLine($"No C: {CCompiler.HowToInstallFamily(CFamily.Gcc)}");
            }
            else
            {
                RequireSame(setting, library);
                race.AddRange(Distances.Select(distance => new RowsInC(batches, library, distance)));
            }

            race.Add(new PlainRows(batches));
            WarmUp(race);
            var table = new RaceTable($"Rows, {setting}", "rows of the table");
            RaceResult result = Race.Run(race, options.RoundsAt(1), (long)BatchSize * Width, setting.Threads);
            Target?[] targets = [null, .. race.Skip(1).Select(one => one is RowsInC ? new Target(0.95) : null)];
            if (library is not null)
            {
                result = result.WithFastestOf("fastest of C", [.. Enumerable.Range(1, Distances.Length)]);
                targets = [null, new Target(0.95), .. targets.Skip(1).Select(_ => (Target?)null)];
            }

            table.Add(Lengths.Name(rowCount), rowCount, result, targets, output);
            table.Add(
                $"{Lengths.Name(rowCount)}, all", rowCount,
                Race.Run([race[0], new StepOfAllRows(batches, setting)], Math.Min(5, options.RoundsAt(1)), (long)BatchSize * Width, setting.Threads), [null, null], output);
            IContestant[] adagrads =
            [
                new StepOfRows(batches, With(setting, new RowwiseAdagrad(batches.Optimizer.Parameters))),
                new StepOfRows(batches, With(setting, new Adagrad(batches.Optimizer.Parameters))),
            ];
            WarmUp(adagrads);
            table.Add(
                $"{Lengths.Name(rowCount)}, {nameof(RowwiseAdagrad)}", rowCount, Race.Run(adagrads, options.RoundsAt(1), (long)BatchSize * Width, setting.Threads),
                [null, new Target(1)], output);
            table.PrintNotes(output);
            tables.Add(table);
        }

        return tables;
    }

    private static Optimizer<float> With(Setting setting, Optimizer<float> optimizer)
    {
        (optimizer.InstructionSet, optimizer.MaxDegreeOfParallelism, optimizer.NonFiniteGradients) = (setting.InstructionSet, setting.Threads, NonFiniteGradientPolicy.Allow);
        return optimizer;
    }

    /// <summary>Until the just-in-time compiler is done with them.</summary>
    private static void WarmUp(IReadOnlyCollection<IContestant> race)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUpTime;)
        {
            foreach (IContestant one in race)
            {
                one.Step();
            }
        }
    }

    /// <summary>A peer that computes something else would be measured for nothing.</summary>
    private static void RequireSame(Setting setting, CLibrary library)
    {
        RowBatches ours = new(1000, Width, 512), theirs = new(1000, Width, 512);
        ours.Optimizer.InstructionSet = setting.InstructionSet;
        IContestant[] both = [new StepOfRows(ours, ours.Optimizer), new RowsInC(theirs, library, 4)];
        for (int step = 0; step < 3; step++)
        {
            Array.ForEach(both, one => one.Step());
        }

        for (int i = 0; i < ours.Table.Length; i++)
        {
            if (!(Math.Abs(ours.Table.Values[i] - theirs.Table.Values[i]) <= LargestDifference))
            {
                throw new InvalidOperationException($"C has {theirs.Table.Values[i]} and OptimGen {ours.Table.Values[i]} for element {i}.");
            }
        }
    }
}
