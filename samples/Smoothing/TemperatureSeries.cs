using System.Globalization;
using Samples.Shared;

namespace Smoothing;

/// <summary>A series of daily temperatures.</summary>
/// <param name="Source">The origin of the series, as text.</param>
/// <param name="Dates">The days, ascending.</param>
/// <param name="Temperatures">The temperatures in °C, one for each day.</param>
internal sealed record TemperatureSeries(string Source, IReadOnlyList<DateOnly> Dates, float[] Temperatures)
{
    /// <summary>Four years of generated temperatures: seasons, weather that lasts some days, and noise. The same on every call.</summary>
    public static TemperatureSeries Synthetic()
    {
        const int days = (4 * 365) + 1;
        var random = new Random(1);
        var first = new DateOnly(2021, 1, 1);
        var temperatures = new float[days];
        double weather = 0;
        for (int day = 0; day < days; day++)
        {
            double season = 10 * Math.Cos(2 * Math.PI * (day - 20) / 365.25);
            weather = (0.8 * weather) + (3.4 * (random.NextDouble() + random.NextDouble() - 1));
            temperatures[day] = (float)Math.Round(14 + season + weather + (2 * (random.NextDouble() - 0.5)), 1);
        }

        return new TemperatureSeries("synthetic: seasons, weather, noise", [.. Enumerable.Range(0, days).Select(first.AddDays)], temperatures);
    }

    /// <summary>Reads a CSV file: a line of headings, then a date (yyyy-mm-dd) and a number in each line, in quotes or not.</summary>
    /// <exception cref="InvalidDataException">The file does not have this form; the message names file, line, column and value.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TemperatureSeries Read(string path)
    {
        using StreamReader reader = SampleFile.OpenText(path);
        var table = CsvTable.Read(reader, path);
        if (table.Headings.Count != 2)
        {
            throw new InvalidDataException($"{path}, line 1: it has {table.Headings.Count} columns; two are needed, a date and a number.");
        }

        var dates = new List<DateOnly>();
        foreach (CsvRow row in table.Rows)
        {
            if (!DateOnly.TryParseExact(row.Cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
            {
                throw table.Refuse(row, 0, "is not a date (yyyy-mm-dd)");
            }

            if (dates.Count > 0 && date <= dates[^1])
            {
                throw table.Refuse(row, 0, "does not come after the date before it");
            }

            dates.Add(date);
        }

        return dates.Count > 0
            ? new TemperatureSeries(Path.GetFileName(path), dates, [.. table.Rows.Select(row => table.Number(row, 1))])
            : throw new InvalidDataException($"{path}, line 2: there are no temperatures after the headings.");
    }
}
