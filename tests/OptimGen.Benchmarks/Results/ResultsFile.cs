using System.Text;

namespace OptimGen.Benchmarks.Results;

/// <summary>The file of a processor's figures: a section for each table. What is measured again takes the place of its old section.</summary>
internal sealed class ResultsFile
{
    private const string Heading = "\n## ";
    private readonly Dictionary<string, string> sections = [];
    private readonly List<string> order = [];
    private readonly string path;

    /// <summary>The file of this machine's processor, in the repository that the current folder belongs to.</summary>
    /// <param name="empty">Whether to forget what it holds.</param>
    public ResultsFile(bool empty)
    {
        string root = Directory.GetCurrentDirectory();
        for (string? folder = root; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            root = File.Exists(Path.Combine(folder, "OptimGen.sln")) ? folder : root;
        }

        path = Path.Combine(root, "tests", "OptimGen.Benchmarks", "results", $"{Machine.Slug}.md");
        if (!empty && File.Exists(path))
        {
            foreach (string section in File.ReadAllText(path).Split(Heading).Skip(1))
            {
                int end = section.IndexOf('\n', StringComparison.Ordinal);
                Put(section[..end], section[(end + 1)..].Trim());
            }
        }
    }

    /// <summary>Puts a table into its section.</summary>
    /// <param name="table">The table.</param>
    /// <param name="command">The arguments that made it.</param>
    public void Put(RaceTable table, string command) => Put(table.Title, $"`{command}`\n\n{table.ToMarkdown().Trim()}");

    /// <summary>Writes the file.</summary>
    /// <returns>Its path.</returns>
    public string Write()
    {
        var text = new StringBuilder($"# {Machine.Processor}\n\n");
        text.AppendJoin('\n', Machine.Versions.Select(line => $"- {line}"));
        text.Append("""


            Written by the benchmark, with `dotnet run -c Release --project tests/OptimGen.Benchmarks -- ` and what stands below each heading. Each cell is
            OptimGen's speed relative to a peer: the median of the ratios of two turns of one round, and its quartiles. 1 is equal; above 1, OptimGen is
            faster. Bold cells miss their target. All contestants of a row run interleaved in one process, after their results were found to agree.

            The peers in C are plain loops with `-O3`, the vector flags below the table, and the flags in their heading. `-ffast-math` lets a compiler
            reorder, contract and, by itself, replace divisions and roots by an estimate and a Newton step; the builds found to do so are marked
            "(estimates)" and stand in the rules in which they do. OptimGen divides and takes roots exactly, so its equals are the builds without estimates:
            "fastest exact C" is in each row the fastest of them. It is chosen after the race, which favors it a little. "gcc intrinsics" is written by hand
            with intrinsics, exact. "memory" loads and stores what the rule does, and computes nothing. "OptimGen -fopenmp" runs OptimGen's kernels on
            the threads of OpenMP. In "By default" the peer is OptimGen itself with `NonFiniteGradients = Allow`.

            """);
        foreach (string title in order)
        {
            text.Append($"{Heading}{title}\n\n{sections[title]}\n");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.ToString());
        return path;
    }

    private void Put(string title, string text)
    {
        if (sections.TryAdd(title, text))
        {
            order.Add(title);
        }
        else
        {
            sections[title] = text;
        }
    }
}
