using Smoothing;

namespace Samples.Tests;

public sealed class TemperatureSeriesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_quoted_dates_and_plain_ones()
    {
        TemperatureSeries series = TemperatureSeries.Read(Csv("\"Date\",\"Temp\"\n\"1981-01-01\",20.7\r\n1981-01-02,\"-1.5\"\n\n"));

        Assert.Equal([new DateOnly(1981, 1, 1), new DateOnly(1981, 1, 2)], series.Dates);
        Assert.Equal([20.7f, -1.5f], series.Temperatures);
    }

    [Theory]
    [InlineData("", ", line 1: there are no headings")]
    [InlineData("Date,Temp\n", ", line 2: there are no temperatures")]
    [InlineData("Date\n1981-01-01\n", ", line 1: it has 1 columns")]
    [InlineData("Date,Temp\n1981-01-01,?0.2\n", ", line 2, column 2 ('Temp'): '?0.2' is not a finite number")]
    [InlineData("Date,Temp\n1981-01-01,1\n1981-13-01,1\n", ", line 3, column 1 ('Date'): '1981-13-01' is not a date")]
    [InlineData("Date,Temp\n1981-01-01\n", ", line 2, column 2 ('Temp'): there is no value")]
    [InlineData("Date,Temp\n1981-01-01,1,2\n", ", line 2, column 3: '2' has no heading")]
    [InlineData("Date,Temp\n1981-01-01,NaN\n", ", line 2, column 2 ('Temp'): 'NaN' is not a finite number")]
    [InlineData("Date,Temp\n1981-01-01,1e39\n", ", line 2, column 2 ('Temp'): '1e39' is not a finite number")]
    [InlineData("Date,Temp\n1981-01-02,1\n\n1981-01-01,1\n", ", line 4, column 1 ('Date'): '1981-01-01' does not come after")]
    public void Refuses_a_bad_file_by_line_column_and_value(string text, string reason)
    {
        string path = Csv(text);

        var refusal = Assert.Throws<InvalidDataException>(() => TemperatureSeries.Read(path));

        Assert.StartsWith(path + reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_synthetic_series_is_the_same_each_time() =>
        Assert.Equal(TemperatureSeries.Synthetic().Temperatures, TemperatureSeries.Synthetic().Temperatures);

    private string Csv(string text)
    {
        string path = folder.File("series.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
