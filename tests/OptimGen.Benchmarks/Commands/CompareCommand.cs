using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Results;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Commands;

/// <summary>A step of each rule at each length, against its peers.</summary>
internal static class CompareCommand
{
    /// <summary>Measures; refuses to where contestants differ.</summary>
    /// <returns>A table for each setting, or null if contestants differ.</returns>
    public static IReadOnlyList<RaceTable>? Run(CompareOptions options, TextWriter output, TextWriter error)
    {
        output.WriteLine("Speed of OptimGen relative to each peer: 1 is equal, above 1 OptimGen is faster. Median of the rounds (quartiles); ! misses its target.");
        if (CCompiler.OfThisMachine is null)
        {
            output.WriteLine($"C is left out: {CCompiler.HowToInstall}.");
        }

        var tables = new List<RaceTable>();
        foreach (InstructionSet set in options.InstructionSets)
        {
            foreach (int threads in options.Threads)
            {
                var lineup = new Lineup(new Setting(set, threads));
                string[] complaints = [.. options.Rules.SelectMany(rule => Agreement.Check(lineup, rule))];
                if (complaints.Length > 0)
                {
                    error.WriteLine("The contestants do not compute the same, so nothing is measured:");
                    Array.ForEach(complaints, error.WriteLine);
                    return null;
                }

                tables.Add(Measure(lineup, options, output));
            }
        }

        return tables;
    }

    private static RaceTable Measure(Lineup lineup, CompareOptions options, TextWriter output)
    {
        var table = new RaceTable(lineup.Setting.ToString(), "rule, parameters");
        foreach (Rule rule in options.Rules)
        {
            lineup.WarmUp(rule);
            foreach (int length in options.Lengths)
            {
                var arena = new Arena(rule, length);
                IReadOnlyList<Entrant> entrants = lineup.On(arena);
                RaceResult race = Race.Run([.. entrants.Select(one => one.Contestant)], options.RoundsAt(length), length, lineup.Setting.Threads);
                table.Add($"{rule.Name}, {Lengths.Name(length)}", length, race, [.. entrants.Select(one => one.Target)], output);
            }

            // The next rule's arena needs the memory.
            GC.Collect();
        }

        table.Notes.AddRange(options.Rules.Where(rule => lineup.Fastest(rule) is not null).GroupBy(rule => lineup.Fastest(rule)!.Flags)
            .Select(build => $"C: `{build.Key}`, the fastest build for {string.Join(", ", build)}."));
        table.PrintNotes(output);
        return table;
    }
}
