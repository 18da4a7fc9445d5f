using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptimGen.Benchmarks.CompileTime;
using OptimGen.Generator;

namespace OptimGen.Benchmarks.Commands;

/// <summary>What the generator costs a build, and an edit in an IDE: the time of a run of the generator driver, over projects of some sizes.</summary>
internal static class CompileTimeCommand
{
    private const int Turns = 15;

    /// <summary>Measures.</summary>
    /// <param name="sizes">The numbers of optimizers.</param>
    /// <param name="editsForMemory">The number of edits over which the memory in use must not grow; 0 to leave that out.</param>
    /// <param name="output">Where the tables go.</param>
    public static void Run(IReadOnlyList<int> sizes, int editsForMemory, TextWriter output)
    {
        var first = Stopwatch.StartNew();
        Driver().RunGenerators(OptimizerProject.Create(4).Compilation);
        output.WriteLine($"The first run of the process, over 4 optimizers: {first.Elapsed.TotalMilliseconds:F0} ms. Below, medians in ms (processor time of the process).");
        output.WriteLine();
        output.WriteLine($"| {"",-28} |{string.Concat(sizes.Select(size => $" {$"{size} optimizers",22} |"))}");
        output.WriteLine($"|{new string('-', 30)}|{string.Concat(sizes.Select(_ => $"{new string('-', 23)}:|"))}");
        foreach (string edit in (string[])["cold", .. OptimizerProject.Edits])
        {
            output.Write($"| {edit,-28} |");
            foreach (int size in sizes)
            {
                (double wall, double processor) = edit == "cold" ? Cold(size) : Edit(size, edit);
                output.Write($" {$"{wall:F1} ({processor:F1})",22} |");
            }

            output.WriteLine();
        }

        if (editsForMemory > 0)
        {
            output.WriteLine();
            MeasureMemory(sizes[0], editsForMemory, output);
        }
    }

    private static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(new OptimizerGenerator());

    private static (double Wall, double Processor) Cold(int size) =>
        Median(Enumerable.Range(0, size > 100 ? 3 : Turns).Select(_ =>
        {
            OptimizerProject project = OptimizerProject.Create(size);
            return Time(() => Driver().RunGenerators(project.Compilation));
        }));

    private static (double Wall, double Processor) Edit(int size, string edit)
    {
        OptimizerProject project = OptimizerProject.Create(size);
        GeneratorDriver driver = Driver().RunGenerators(project.Compilation);
        return Median(Enumerable.Range(0, Turns).Select(turn =>
        {
            project.Edit(edit, turn);
            return Time(() => driver = driver.RunGenerators(project.Compilation));
        }));
    }

    private static (double Wall, double Processor) Time(Action run)
    {
        GC.Collect();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        var wall = Stopwatch.StartNew();
        run();
        return (wall.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
    }

    private static (double Wall, double Processor) Median(IEnumerable<(double Wall, double Processor)> times)
    {
        (double Wall, double Processor)[] all = [.. times];
        return (all.Select(one => one.Wall).Order().ElementAt(all.Length / 2), all.Select(one => one.Processor).Order().ElementAt(all.Length / 2));
    }

    /// <summary>Makes every kind of edit that leaves the project as large as it was, and prints the memory in use at ten points on the way.</summary>
    private static void MeasureMemory(int size, int edits, TextWriter output)
    {
        OptimizerProject project = OptimizerProject.Create(size);
        GeneratorDriver driver = Driver().RunGenerators(project.Compilation);
        string[] kinds = [.. OptimizerProject.Edits.SkipLast(1)];
        output.Write($"MiB in use over {edits} edits, {size} optimizers:");
        for (int i = 0; i <= edits; i++)
        {
            project.Edit(kinds[i % kinds.Length], i);
            driver = driver.RunGenerators(project.Compilation);
            if (i % Math.Max(1, edits / 10) == 0)
            {
                output.Write($" {GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:F1}");
            }
        }

        output.WriteLine();
        GC.KeepAlive(driver);
    }
}
