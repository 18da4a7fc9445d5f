using System.Globalization;
using System.Text;
using OptimGen.Benchmarks.Measuring;

namespace OptimGen.Benchmarks.Results;

/// <summary>Races as a table: a row for each, a column for each peer, with OptimGen's speed relative to it.</summary>
/// <param name="title">What was measured.</param>
/// <param name="rowHeading">What distinguishes the rows.</param>
internal sealed class RaceTable(string title, string rowHeading)
{
    private const int LabelWidth = 26;
    private const int LeastCellWidth = 22;
    private readonly List<Row> rows = [];

    private sealed record Row(string Label, int Length, RaceResult Race, IReadOnlyList<Target?> Targets)
    {
        public bool Misses(int peer) => Targets[peer] is { } target && target.IsMissedBy(Race.SpeedRelativeTo(peer), Length);
    }

    public string Title => title;

    /// <summary>What is to be said below the table.</summary>
    public List<string> Notes { get; } = Machine.BusyWarning is { } warning ? [warning] : [];

    /// <summary>Adds a row, and prints it.</summary>
    public void Add(string label, int length, RaceResult race, IReadOnlyList<Target?> targets, TextWriter output)
    {
        if (rows.Count == 0 || !rows[^1].Race.Names.Skip(1).SequenceEqual(race.Names.Skip(1)))
        {
            output.WriteLine();
            output.WriteLine(title);
            output.WriteLine(rowHeading.PadRight(LabelWidth) + "ns/parameter".PadLeft(14) + string.Concat(race.Names.Skip(1).Select(name => name.PadLeft(CellWidth(name)))));
        }

        var row = new Row(label, length, race, targets);
        rows.Add(row);
        output.WriteLine(label.PadRight(LabelWidth) + Time(row).PadLeft(14)
            + string.Concat(Enumerable.Range(1, race.Names.Count - 1).Select(peer => (Cell(row, peer) + (row.Misses(peer) ? " !" : "  ")).PadLeft(CellWidth(race.Names[peer])))));
    }

    /// <summary>The table in Markdown, and below it what was missed.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        string[] peers = [.. rows.SelectMany(row => row.Race.Names.Skip(1)).Distinct()];
        text.Append(CultureInfo.InvariantCulture, $"| {rowHeading} | ns/parameter | {string.Join(" | ", peers)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"|---|---:|{string.Concat(peers.Select(_ => "---:|"))}\n");
        foreach (Row row in rows)
        {
            IEnumerable<string> cells = peers.Select(name =>
            {
                int peer = row.Race.Names.ToList().IndexOf(name);
                return peer < 0 ? "" : row.Misses(peer) ? $"**{Cell(row, peer)}**" : Cell(row, peer);
            });
            text.Append(CultureInfo.InvariantCulture, $"| {row.Label} | {Time(row)} | {string.Join(" | ", cells)} |\n");
        }

        text.Append('\n');
        foreach (string line in Verdicts().Concat(Notes))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        }

        return text.ToString();
    }

    /// <summary>Prints what stands below the table.</summary>
    public void PrintNotes(TextWriter output)
    {
        foreach (string line in Verdicts().Concat(Notes))
        {
            output.WriteLine(line);
        }
    }

    /// <summary>For each target, whether it is reached, and where it is not.</summary>
    private IEnumerable<string> Verdicts()
    {
        var cells = rows.SelectMany(row => Enumerable.Range(1, row.Race.Names.Count - 1).Select(peer => (Row: row, Peer: peer)))
            .Where(cell => cell.Row.Targets[cell.Peer] is { } target && cell.Row.Length >= target.FromLength)
            .GroupBy(cell => (Name: cell.Row.Race.Names[cell.Peer], Target: cell.Row.Targets[cell.Peer]!));
        foreach (var cell in cells)
        {
            string[] missed = [.. cell.Where(one => one.Row.Misses(one.Peer)).Select(one => $"{one.Row.Label} ({Number(one.Row.Race.SpeedRelativeTo(one.Peer).Median)})")];
            string from = cell.Key.Target.FromLength > 0 ? $" from {Lengths.Name(cell.Key.Target.FromLength)} on" : "";
            string goal = cell.Key.Target.InMostRounds
                ? $"not slower than {cell.Key.Name} in three quarters of the rounds" : $"at least {Number(cell.Key.Target.Least)} of {cell.Key.Name}{from}";
            yield return $"{goal}: {(missed.Length == 0 ? "reached in every row." : $"missed in {missed.Length} of {cell.Count()}: {string.Join(", ", missed)}.")}";
        }
    }

    private static int CellWidth(string heading) => Math.Max(LeastCellWidth, heading.Length + 2);

    private static string Time(Row row) => row.Race.TimeOf(0).Median.ToString("F3", CultureInfo.InvariantCulture);

    private static string Cell(Row row, int peer)
    {
        Spread speed = row.Race.SpeedRelativeTo(peer);
        return $"{Number(speed.Median)} ({Number(speed.LowerQuartile)}–{Number(speed.UpperQuartile)})";
    }

    private static string Number(double ratio) => ratio.ToString(ratio < 9.995 ? "F2" : "F1", CultureInfo.InvariantCulture);
}
