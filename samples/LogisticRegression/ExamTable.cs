using System.Globalization;

namespace LogisticRegression;

/// <summary>Made-up students: the hours that each studied and slept, and whether they passed.</summary>
internal sealed class ExamTable
{
    private ExamTable(float[][] features, float[] passed) => (Features, Passed) = (features, passed);

    /// <summary>For each student, the columns before the last, of mean 0 and variance 1.</summary>
    public float[][] Features { get; }

    /// <summary>For each student, the last column: 1 if the exam was passed, else 0.</summary>
    public float[] Passed { get; }

    public int Count => Passed.Length;

    /// <param name="csv">A line of headings, then a student a line.</param>
    /// <exception cref="InvalidDataException">A line has another number of columns than the headings, or something that is no number.</exception>
    public static ExamTable Read(TextReader csv)
    {
        int columns = csv.ReadLine()?.Split(',').Length ?? 0;
        var rows = new List<float[]>();
        while (csv.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            var row = new float[columns];
            for (int column = 0; column < columns; column++)
            {
                if (cells.Length != columns || !float.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out row[column]))
                {
                    throw new InvalidDataException($"Line {rows.Count + 2} is '{line}'; it must be {columns} numbers with commas between them.");
                }
            }

            rows.Add(row);
        }

        float[] passed = [.. rows.Select(row => row[^1])];
        for (int column = 0; column < columns - 1; column++)
        {
            Standardize(rows, column);
        }

        return new ExamTable([.. rows.Select(row => row[..^1])], passed);
    }

    private static void Standardize(List<float[]> rows, int column)
    {
        float mean = rows.Average(row => row[column]);
        float deviation = MathF.Sqrt(rows.Average(row => (row[column] - mean) * (row[column] - mean)));
        foreach (float[] row in rows)
        {
            row[column] = (row[column] - mean) / deviation;
        }
    }
}
