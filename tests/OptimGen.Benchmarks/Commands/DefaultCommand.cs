using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Results;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Commands;

/// <summary>
/// A step as it is by default, which refuses gradients that are not finite before it stores anything, and one that checks each piece just before its
/// update, relative to one with <see cref="NonFiniteGradientPolicy.Allow"/>, which does not check.
/// </summary>
internal static class DefaultCommand
{
    public static IReadOnlyList<int> DefaultLengths { get; } = [1 << 16, 1 << 20, 1 << 24, 1 << 26];

    /// <summary>Measures.</summary>
    /// <returns>A table for each setting.</returns>
    public static IReadOnlyList<RaceTable> Run(CompareOptions options, TextWriter output)
    {
        output.WriteLine("Speed of a step whose gradients are checked relative to the same unchecked: 0.8 takes 1.25 times as long. Median of the rounds (quartiles).");
        var tables = new List<RaceTable>();
        (NonFiniteGradientPolicy Policy, string Name)[] policies =
        [
            (NonFiniteGradientPolicy.Throw, "by default"), (NonFiniteGradientPolicy.StepFinitePieces, "piece by piece"),
        ];
        foreach (Setting setting in options.InstructionSets.SelectMany(set => options.Threads.Select(threads => new Setting(set, threads))))
        {
            var table = new RaceTable($"By default, with gradients checked, {setting}", "rule, parameters, check");
            foreach (Rule rule in options.Rules)
            {
                new Lineup(setting with { ChecksGradients = true }, []).WarmUp(rule);
                foreach (int length in options.Lengths)
                {
                    var arena = new Arena(rule, length);
                    foreach ((NonFiniteGradientPolicy policy, string name) in policies)
                    {
                        GeneratedStep[] both = [new(arena, setting, "OptimGen", policy), new(arena, setting, "unchecked")];
                        table.Add($"{rule.Name}, {Lengths.Name(length)}, {name}", length, Race.Run(both, options.RoundsAt(length), length, setting.Threads), [null, null], output);
                    }
                }

                // The next rule's arena needs the memory.
                GC.Collect();
            }

            table.PrintNotes(output);
            tables.Add(table);
        }

        return tables;
    }
}
