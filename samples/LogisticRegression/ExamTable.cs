using Samples.Shared;

namespace LogisticRegression;

/// <summary>A table of made-up students: the hours that each studied and slept, and whether the student passed.</summary>
internal sealed class ExamTable
{
    private ExamTable(float[][] features, float[] passed) => (Features, Passed) = (features, passed);

    /// <summary>
    /// The features of each student: all columns but the last, standardized to mean 0 and variance 1. A column of equal values becomes 0.
    /// </summary>
    public float[][] Features { get; }

    /// <summary>The label of each student, from the last column: 1 if the exam was passed, else 0.</summary>
    public float[] Passed { get; }

    public int Count => Passed.Length;

    /// <summary>Reads a CSV file: a line of headings, then one line for each student, with the features first and 0 or 1 last.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">The name of the file in messages.</param>
    /// <exception cref="InvalidDataException">The table cannot be fitted; the message names file, line, column and value.</exception>
    public static ExamTable Read(TextReader reader, string name)
    {
        var table = CsvTable.Read(reader, name);
        int label = table.Headings.Count - 1;
        if (label == 0)
        {
            throw new InvalidDataException($"{name}, line 1, {table.Column(0)}: this is the only column; at least one feature and the label are needed.");
        }

        if (table.Rows.Count == 0)
        {
            throw new InvalidDataException($"{name}, line 2: there are no rows after the headings.");
        }

        float[] passed = [.. table.Rows.Select(row => table.Number(row, label) switch
        {
            0 => 0f,
            1 => 1f,
            _ => throw table.Refuse(row, label, "is not a label, which is 0 or 1"),
        })];
        double[][] columns = [.. Enumerable.Range(0, label).Select(column => Standardize([.. table.Rows.Select(row => (double)table.Number(row, column))]))];
        if (passed.Distinct().Count() == 1)
        {
            throw new InvalidDataException(
                $"{name}, lines {table.Rows[0].Line} to {table.Rows[^1].Line}, {table.Column(label)}: every value is '{passed[0]}'; both 0 and 1 are needed.");
        }

        return new ExamTable([.. Enumerable.Range(0, passed.Length).Select(i => columns.Select(column => (float)column[i]).ToArray())], passed);
    }

    /// <summary>Computed in double, because the squares of large floats overflow a float.</summary>
    private static double[] Standardize(double[] column)
    {
        // Equal values are detected by comparison and not by a variance of 0, because their mean can differ from them in the last bit.
        if (column.Min() == column.Max())
        {
            return new double[column.Length];
        }

        double mean = column.Average();
        double deviation = Math.Sqrt(column.Average(value => (value - mean) * (value - mean)));
        return [.. column.Select(value => (value - mean) / deviation)];
    }
}
