using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Results;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Commands;

/// <summary>A step over many small tensors, relative to a step over one that is as long as all of them.</summary>
internal static class SmallCommand
{
    /// <summary>Measures.</summary>
    /// <returns>A table for each setting.</returns>
    public static IReadOnlyList<RaceTable> Run(CompareOptions options, TextWriter output)
    {
        var tables = new List<RaceTable>();
        foreach (Setting setting in options.InstructionSets.SelectMany(set => options.Threads.Select(threads => new Setting(set, threads))))
        {
            var table = new RaceTable($"200 small tensors, {setting}", "rule, memory, finite check");
            foreach (Rule rule in options.Rules)
            {
                foreach (bool checkFinite in (bool[])[false, true])
                {
                    string check = checkFinite ? "on" : "off";
                    ManyTensors one = ManyTensors.One(rule, setting, checkFinite);
                    Add($"{rule.Name}, arena, {check}", ManyTensors.InArena(rule, setting, checkFinite), one, 0.9);
                    Add($"{rule.Name}, wrapped, {check}", ManyTensors.Wrapped(rule, setting, checkFinite), one, 0.5);
                }
            }

            table.PrintNotes(output);
            tables.Add(table);

            void Add(string label, ManyTensors many, ManyTensors one, double least)
            {
                RaceResult race = Race.Run([many, one], options.RoundsAt(ManyTensors.Length), ManyTensors.Length, setting.Threads);
                table.Add(label, ManyTensors.Length, race, [null, new Target(least)], output);
            }
        }

        return tables;
    }
}
