using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Contestants.Phase;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Results;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Commands;

/// <summary>The whole optimizer phase: norm of the gradients, clipping, a step of Adam, zero gradients, average of the parameters.</summary>
internal static class PhaseCommand
{
    private const int FromMemory = 1 << 24;

    /// <summary>Measures; refuses to where contestants differ.</summary>
    /// <returns>A table for each instruction set, or null if contestants differ.</returns>
    public static IReadOnlyList<RaceTable>? Run(CompareOptions options, TextWriter output, TextWriter error)
    {
        var tables = new List<RaceTable>();
        foreach (InstructionSet set in options.InstructionSets)
        {
            var table = new RaceTable($"The whole optimizer phase, {Names.Of(set)}", "threads, parameters");
            foreach (Setting setting in options.Threads.Select(threads => new Setting(set, threads)))
            {
                var lineup = new Lineup(setting, options.Peers);
                if (Agreement.Check(lineup) is { Count: > 0 } complaints)
                {
                    error.WriteLine($"The contestants do not compute the same, so nothing is measured:\n{string.Join('\n', complaints)}");
                    return null;
                }

                table.Notes.AddRange(lineup.LeftOut.Except(table.Notes));
                lineup.WarmUp(Rule.All[0]);
                foreach (int length in options.Lengths)
                {
                    var arena = new PhaseArena(length);
                    (RaceResult race, IReadOnlyList<Target?> targets) = FastestExact.Run(
                        lineup.On(arena), new Target(1.4, FromMemory), options.RoundsAt(length), length, setting.Threads);
                    table.Add($"{setting.Threads}, {Lengths.Name(length)}", length, race, targets, output);
                }
            }

            table.PrintNotes(output);
            tables.Add(table);
        }

        return tables;
    }
}
