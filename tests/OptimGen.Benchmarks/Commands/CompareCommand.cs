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
        output.WriteLine($"{FastestExact.Name}: in each row, the fastest of the plain C loops that divide and take roots exactly, as OptimGen does.");
        var tables = new List<RaceTable>();
        foreach (InstructionSet set in options.InstructionSets)
        {
            foreach (int threads in options.Threads)
            {
                var lineup = new Lineup(new Setting(set, threads, options.ChecksGradients), options.Peers);
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
                (RaceResult race, IReadOnlyList<Target?> targets) = FastestExact.Run(
                    lineup.On(arena), lineup.ExactTarget, options.RoundsAt(length), length, lineup.Setting.Threads);
                table.Add($"{rule.Name}, {Lengths.Name(length)}", length, race, targets, output);
            }

            // The next rule's arena needs the memory.
            GC.Collect();
        }

        IEnumerable<(Rule Rule, CPeer Peer, CLibrary Library)> chosen = options.Rules.SelectMany(rule => lineup.Fastest(rule).Select(build => (rule, build.Peer, build.Library)));
        foreach (var build in chosen.GroupBy(one => (Compiler: CCompiler.Of(one.Peer.Family)!.Version, one.Library.Flags, one.Peer.IsLoop)))
        {
            string what = build.Key.IsLoop ? "the fastest such build in cache for" : "intrinsics, for";
            table.Notes.Add($"{build.Key.Compiler}, `{build.Key.Flags}`: {what} {string.Join(", ", build.Select(one => one.Rule))}.");
        }

        table.Notes.AddRange(lineup.LeftOut);
        table.PrintNotes(output);
        return table;
    }
}
