using System.Globalization;

namespace Smoothing;

/// <summary>A temperature for each of a number of days.</summary>
/// <param name="Source">Where it comes from, in words.</param>
/// <param name="Dates">The days, ascending.</param>
/// <param name="Temperatures">The temperatures in °C, one a day.</param>
internal sealed record TemperatureSeries(string Source, IReadOnlyList<DateOnly> Dates, float[] Temperatures)
{
    /// <summary>Four years that might have been: seasons, weather that lasts some days, and noise. The same on every call.</summary>
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

    /// <summary>Reads a CSV file: a line of headings, then a date (yyyy-mm-dd) and a number a line, in quotes or not.</summary>
    /// <exception cref="InvalidDataException">The file is not like that; the message names it and the line.</exception>
    public static TemperatureSeries Read(string path)
    {
        var dates = new List<DateOnly>();
        var temperatures = new List<float>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (number == 1 || string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            string[] fields = [.. line.Split(',').Select(field => field.Trim().Trim('"'))];
            if (fields.Length != 2
                || !DateOnly.TryParseExact(fields[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
                || !float.TryParse(fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out float temperature)
                || !float.IsFinite(temperature))
            {
                throw new InvalidDataException($"{path}, line {number}: '{line}' is not a date (yyyy-mm-dd), a comma and a number.");
            }

            if (dates.Count > 0 && date <= dates[^1])
            {
                throw new InvalidDataException($"{path}, line {number}: {fields[0]} does not come after the date before it.");
            }

            dates.Add(date);
            temperatures.Add(temperature);
        }

        return dates.Count > 0
            ? new TemperatureSeries(Path.GetFileName(path), dates, [.. temperatures])
            : throw new InvalidDataException($"{path}: no temperatures; a line of headings and then a date and a number a line are expected.");
    }
}
