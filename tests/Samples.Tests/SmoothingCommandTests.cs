using Samples.Shared;
using Smoothing;

namespace Samples.Tests;

public sealed class SmoothingCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>One day, two days, and the first and last that there are.</summary>
    [Theory]
    [InlineData("1981-01-01,20.7\n")]
    [InlineData("1981-01-01,-3e38\n1981-01-02,3e38\n")]
    [InlineData("0001-01-01,1\n9999-12-31,2\n")]
    [InlineData("9999-01-01,1\n9999-12-31,2\n")]
    public void Any_series_gives_a_report(string rows)
    {
        string csv = folder.Write("series.csv", System.Text.Encoding.UTF8.GetBytes("Date,Temp\n" + rows));

        (int code, _, string error) = Run("--csv", csv, "--report", folder.File("report.html"));

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("<svg", File.ReadAllText(folder.File("report.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--report", "")]
    [InlineData("--csv", "")]
    [InlineData("--csv", " ")]
    public void An_empty_path_is_one_line_that_names_the_option_and_exit_code_2(string option, string value)
    {
        (int code, string output, string error) = Run(option, value);

        Assert.Equal((2, ""), (code, output));
        Assert.Equal($"{option} is '{value}'; it must be the path of a file. See --help.\n", error);
    }

    [Theory]
    [InlineData("--csv", "nowhere.csv", "There is no file")]
    [InlineData("--csv", ".", "is a folder")]
    [InlineData("--report", ".", "is a folder")]
    [InlineData("--report", "nowhere/report.html", "there is no folder")]
    public void A_file_that_cannot_be_is_one_line_and_exit_code_1(string option, string name, string reason)
    {
        string[] elsewhere = option == "--report" ? [] : ["--report", folder.File("report.html")];
        (int code, string output, string error) = Run([option, folder.File(name), .. elsewhere]);

        Assert.Equal((1, ""), (code, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(folder.Path, error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("report.html")));
    }

    [Fact]
    public void The_report_does_not_replace_the_temperatures()
    {
        string csv = folder.Write("series.csv", "Date,Temp\n1981-01-01,20.7\n"u8.ToArray());

        (int code, string output, string error) = Run("--csv", csv, "--report", csv);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("the file of --csv", error, StringComparison.Ordinal);
        Assert.StartsWith("Date,Temp", File.ReadAllText(csv), StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = SmoothingCommand.Invoke(args, SampleConsole.Plain(output), output, error);
        return (code, output.ToString(), error.ToString());
    }
}
