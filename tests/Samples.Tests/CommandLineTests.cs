using System.Xml;
using Digits;
using Samples.Shared;

namespace Samples.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("surplus")]
    [InlineData("--epochs")]
    [InlineData("--epochs", "0")]
    [InlineData("--epochs", "many")]
    [InlineData("--epochs", "1", "--epochs", "2")]
    [InlineData("--batch", "-1")]
    [InlineData("--batch", "8001")]
    [InlineData("--rate", "0")]
    [InlineData("--rate", "-0.1")]
    [InlineData("--rate", "NaN")]
    [InlineData("--rate", "1e40")]
    [InlineData("--rate", "3e38")]
    [InlineData("--rate", "")]
    [InlineData("--epochs", "")]
    [InlineData("--epochs", "-1")]
    [InlineData("--epochs", "1.5")]
    [InlineData("--epochs", "99999999999")]
    [InlineData("--optimizer", "")]
    [InlineData("--decay", "")]
    [InlineData("--decay", "sqrt:1e308")]
    [InlineData("--mnist", "")]
    [InlineData("--mnist", " ")]
    [InlineData("--rate", "0,1")]
    [InlineData("--optimizer", "newton")]
    [InlineData("--decay", "sometimes")]
    [InlineData("--seed", "x")]
    public void A_bad_option_or_value_is_one_line_and_exit_code_2(params string[] args)
    {
        (int code, string output, string error) = Run([.. args, "--report", folder.File("report.html")]);

        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.False(File.Exists(folder.File("report.html")));
        if (args is [var option, _])
        {
            Assert.Contains(option, error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_report_is_one_line_that_names_the_option_and_exit_code_2(string report)
    {
        (int code, string output, string error) = Run("--report", report);

        Assert.Equal((2, ""), (code, output));
        Assert.Equal($"--report is '{report}'; it must be the path of a file. See --help.\n", error);
    }

    /// <summary>Nobody can create a file in /proc, root included; and no name has 300 characters.</summary>
    [SkippableTheory]
    [InlineData("/proc/report.html")]
    [InlineData("/sys/report.html")]
    [InlineData("*")]
    public void A_report_that_cannot_be_written_is_refused_before_training(string report)
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        report = report == "*" ? folder.File(new string('r', 300)) : report;

        (int code, string output, string error) = Run("--report", report);

        Assert.Equal((1, ""), (code, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith($"--report is {report}, which cannot be written: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_run_leaves_an_older_report_as_it_was()
    {
        File.WriteAllText(folder.File("report.html"), "older");

        (int code, _, _) = Run("--report", folder.File("report.html"), "--mnist", folder.File("nowhere"));

        Assert.Equal((1, "older"), (code, File.ReadAllText(folder.File("report.html"))));
    }

    [Theory]
    [InlineData("--mnist", "nowhere")]
    [InlineData("--report", "nowhere/report.html")]
    [InlineData("--report", ".")]
    public void A_file_that_cannot_be_is_one_line_and_exit_code_1(string option, string name)
    {
        (int code, string output, string error) = Run(option, folder.File(name));

        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(folder.Path, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_option_and_every_decay()
    {
        (int code, string output, string error) = Run("--help");

        Assert.Equal((0, ""), (code, error));
        string[] expected = ["--mnist", "--optimizer", "--epochs", "--batch", "--rate", "--decay", "--seed", "--report", "--checkpoint", "--resume", "--curvature", "--landscape", "gradient-descent", "adam", .. Decay.Forms.Select(form => form.Form)];
        Assert.All(expected, text => Assert.Contains(text, output, StringComparison.Ordinal));
    }

    [Fact]
    public void The_advised_batch_size_is_used_and_explained()
    {
        (int code, string output, string error) = Run("--epochs", "1", "--optimizer", "adam", "--batch", "auto", "--report", folder.File("report.html"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Of 8,000 examples, mini-batches of 128: the largest power of two that fits into the memory", output, StringComparison.Ordinal);
        Assert.Contains("batch 128", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Trains_with_all_four_and_writes_a_well_formed_report_that_loads_nothing()
    {
        string report = folder.File("report.html");

        (int code, string output, string error) = Run("--epochs", "1", "--batch", "500", "--decay", "inverse-time:1", "--report", report);

        Assert.Equal((0, ""), (code, error));
        Assert.DoesNotContain('\u001b', output);
        string html = File.ReadAllText(report);
        foreach (OptimizerChoice choice in OptimizerChoice.All)
        {
            Assert.Contains(choice.Name, output, StringComparison.Ordinal);
            Assert.Contains(choice.Name, html, StringComparison.Ordinal);
        }

        Assert.Contains("partial class Adam;", html, StringComparison.Ordinal);
        var page = new XmlDocument();
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        page.Load(reader);
        Assert.Equal(3, page.SelectNodes("//div[@class='plot']")!.Count);
        Assert.All(page.SelectNodes("//@src")!.Cast<XmlNode>(), source => Assert.StartsWith("data:", source.Value, StringComparison.Ordinal));
        Assert.Empty(page.SelectNodes("//@href")!);
    }

    [Fact]
    public void The_landscape_and_the_curvature_are_in_the_report_if_asked_for()
    {
        string report = folder.File("report.html");

        (int code, string output, string error) = Run("--epochs", "1", "--batch", "500", "--optimizer", "adam", "--landscape", "--curvature", "--report", report);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Around Adam: Two random directions", output, StringComparison.Ordinal);
        var page = new XmlDocument();
        using var reader = XmlReader.Create(new StringReader(File.ReadAllText(report)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        page.Load(reader);
        Assert.Equal(2, page.SelectNodes("//section[@aria-labelledby='landscape']//div[@class='field']")!.Count);
        string[] epochs = [.. page.SelectNodes("//section[h2='Directions that curve down']//tbody/tr/td[2]")!.Cast<XmlNode>().Select(cell => cell.InnerText)];
        Assert.Equal(["0", "10", "30", "100", "300", "1,000"], epochs);
    }

    [Fact]
    public void A_run_that_has_diverged_has_no_landscape_and_says_so()
    {
        (int code, string output, string error) = Run("--optimizer", "adam", "--epochs", "1", "--rate", "1e30", "--landscape", "--report", folder.File("report.html"));

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Around Adam: no landscape. The cost is NaN at the point itself", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e30", "none")]
    [InlineData("1e30", "sqrt:1e6")]
    [InlineData("1e18", "none")]
    [InlineData("1e-45", "exponential:1e-300")]
    public void Any_rate_that_is_accepted_comes_to_a_report(string rate, string decay)
    {
        (int code, _, string error) = Run("--epochs", "2", "--batch", "4000", "--rate", rate, "--decay", decay, "--report", folder.File("report.html"));

        Assert.Equal((0, ""), (code, error));
        Assert.True(File.Exists(folder.File("report.html")));
    }

    [Fact]
    public void A_rate_that_is_far_too_high_is_reported_as_divergence()
    {
        (int code, string output, string error) = Run("--optimizer", "adam", "--epochs", "1", "--rate", "1e30", "--report", folder.File("report.html"));

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Diverged at step 2", output, StringComparison.Ordinal);
        Assert.Contains("Diverged at step 2", File.ReadAllText(folder.File("report.html")), StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Invoke(args, output, error, options => DigitsCommand.Run(options, SampleConsole.Plain(output), error));
        return (code, output.ToString(), error.ToString());
    }
}
