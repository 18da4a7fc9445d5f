using System.Globalization;
using System.Text;

namespace Samples.Shared;

/// <summary>
/// A CSV file: a line of headings, then rows with as many cells. Cells may be in quotes, but a comma always ends a cell. Blank lines are
/// skipped. Error messages name file, line, column and value.
/// </summary>
internal sealed class CsvTable
{
    /// <summary>A longer line is refused, so that a file without line ends is not read as a whole.</summary>
    private const int LongestLine = 1 << 16;

    /// <summary>The largest number of rows, all of which are held in memory.</summary>
    private const int LongestText = 1 << 24;

    private const int LongestQuotation = 40;

    private readonly List<CsvRow> rows = [];

    private CsvTable(string name, string[] headings) => (Name, Headings) = (name, headings);

    /// <summary>The name of the file in messages.</summary>
    public string Name { get; }

    public IReadOnlyList<string> Headings { get; }

    public IReadOnlyList<CsvRow> Rows => rows;

    /// <summary>Reads a table.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">The name of the file in messages.</param>
    /// <exception cref="InvalidDataException">The file is empty or too long, or a row has another number of cells than there are headings.</exception>
    public static CsvTable Read(TextReader reader, string name)
    {
        CsvTable? table = null;
        foreach ((int number, string line) in Lines(reader, name))
        {
            string[] cells = [.. line.Split(',').Select(cell => cell.Trim().Trim('"'))];
            if (table is null)
            {
                table = new CsvTable(name, cells);
            }
            else if (line.AsSpan().Trim().Length > 0)
            {
                var row = new CsvRow(number, cells);
                table.RequireColumns(row);
                table.rows.Add(row);
            }
        }

        return table ?? throw new InvalidDataException($"{name}, line 1: there are no headings; the file is empty.");
    }

    /// <summary>The cell as a number.</summary>
    /// <exception cref="InvalidDataException">The cell is not a number, is not finite, or exceeds single precision.</exception>
    public float Number(CsvRow row, int column) =>
        float.TryParse(row.Cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number)
            ? number
            : throw Refuse(row, column, "is not a finite number in single precision");

    /// <summary>An exception that names the cell and says why it is refused.</summary>
    public InvalidDataException Refuse(CsvRow row, int column, string reason) =>
        new($"{Name}, line {row.Line}, {Column(column)}: {Quote(row.Cells[column])} {reason}.");

    /// <summary>The name of a column in messages: its number from 1, and its heading.</summary>
    public string Column(int column) => $"column {column + 1} ({Quote(Headings[column])})";

    private void RequireColumns(CsvRow row)
    {
        int actual = row.Cells.Length, expected = Headings.Count;
        if (actual < expected)
        {
            throw new InvalidDataException(
                $"{Name}, line {row.Line}, {Column(actual)}: there is no value; the line is {Quote(string.Join(',', row.Cells))}, {actual} of {expected} columns.");
        }

        if (actual > expected)
        {
            throw new InvalidDataException(
                $"{Name}, line {row.Line}, column {expected + 1}: {Quote(row.Cells[expected])} has no heading; the line has {actual} values, and there are {expected} headings.");
        }
    }

    /// <summary>The beginning of a text, in quotes and without line breaks, for messages.</summary>
    private static string Quote(string text)
    {
        string shown = text.Length > LongestQuotation ? text[..LongestQuotation] + "…" : text;
        return $"'{string.Concat(shown.Select(character => char.IsControl(character) ? '\uFFFD' : character))}'";
    }

    /// <summary>The lines, counted from 1. Unlike <see cref="TextReader.ReadLine"/> it stops at a line of any length.</summary>
    private static IEnumerable<(int Number, string Line)> Lines(TextReader reader, string name)
    {
        var line = new StringBuilder();
        int number = 1, length = 0, character;
        while ((character = reader.Read()) >= 0)
        {
            length++;
            if (length > LongestText)
            {
                throw new InvalidDataException($"{name}, line {number}: the file is longer than {LongestText} characters, the most that this sample reads.");
            }

            if (character is '\n' or '\r')
            {
                if (character == '\r' && reader.Peek() == '\n')
                {
                    reader.Read();
                }

                yield return (number++, line.ToString());
                line.Clear();
                continue;
            }

            line.Append((char)character);
            if (line.Length > LongestLine)
            {
                throw new InvalidDataException($"{name}, line {number}: the line begins {Quote(line.ToString())} and is longer than {LongestLine} characters; is this a CSV file?");
            }
        }

        if (line.Length > 0)
        {
            yield return (number, line.ToString());
        }
    }
}

/// <summary>A row of a <see cref="CsvTable"/>.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Cells">Its cells, as many as there are headings.</param>
internal sealed record CsvRow(int Line, string[] Cells);
