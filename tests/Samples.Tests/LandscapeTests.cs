using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Landscape;
using Samples.Shared;

namespace Samples.Tests;

public sealed partial class LandscapeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> SurfaceNames => [.. Surfaces.All.Select(surface => surface.Name)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(SurfaceNames))]
    public void Gradients_AreTheDerivatives_AndMinimaAreMinima(string name)
    {
        Surface surface = Surfaces.All.Single(one => one.Name == name);
        var random = new Random(1);
        const double H = 1e-5;
        for (int i = 0; i < 50; i++)
        {
            double x = 4 * random.NextDouble() - 2, y = 4 * random.NextDouble() - 2;
            (double byX, double byY) = surface.Gradient(x, y);
            Assert.Equal((surface.Value(x + H, y) - surface.Value(x - H, y)) / (2 * H), byX, 1e-5 * (1 + Math.Abs(byX)));
            Assert.Equal((surface.Value(x, y + H) - surface.Value(x, y - H)) / (2 * H), byY, 1e-5 * (1 + Math.Abs(byY)));
        }

        Assert.All(surface.Minima, point =>
        {
            double lowest = surface.Value(point.X, point.Y);
            Assert.Equal(surface.Lowest, lowest, 1e-9);
            Assert.All(Enumerable.Range(0, 12), turn =>
                Assert.True(surface.Value(point.X + 0.01 * Math.Cos(turn / 1.9), point.Y + 0.01 * Math.Sin(turn / 1.9)) > lowest));
        });
    }

    /// <summary>What the sentences beside the pictures say.</summary>
    [Fact]
    public void NormalizedRules_CrossThePlateauFaster_AndLeaveTheSaddleSooner()
    {
        foreach (Surface surface in new[] { Surfaces.Plateau, Surfaces.Saddle })
        {
            var descents = SurfaceDescents.Of(surface, 200).Descents.ToDictionary(one => one.Rule.Name, one => one.StepsTo(surface, 0.01) ?? int.MaxValue);
            Assert.True(descents["Adam"] < descents["Gradient descent"], surface.Name);
            Assert.True(descents["RMSprop"] < descents["Gradient descent"], surface.Name);
        }
    }

    [Theory]
    [MemberData(nameof(SurfaceNames))]
    public void EveryRule_DescendsAndStaysInTheDrawing(string name)
    {
        Surface surface = Surfaces.All.Single(one => one.Name == name);
        Assert.All(SurfaceDescents.Of(surface, 200).Descents, descent =>
        {
            Assert.Equal(201, descent.Points.Count);
            Assert.True(descent.Points[^1].Cost < descent.Points[0].Cost, descent.Rule.Name);
            Assert.All(descent.Points, point =>
            {
                Assert.InRange(point.X, surface.X.Low, surface.X.High);
                Assert.InRange(point.Y, surface.Y.Low, surface.Y.High);
            });
        });
    }

    /// <summary>The area of each outline, by the sum of its trapezoids, is the share of the drawing that is above the level.</summary>
    [Theory]
    [MemberData(nameof(SurfaceNames))]
    public void Outlines_HaveTheAreaAboveTheirLevel(string name)
    {
        Surface surface = Surfaces.All.Single(one => one.Name == name);
        var relief = new Relief(surface, 480, 400);
        const int N = 400;
        foreach (double level in relief.Levels)
        {
            int above = 0;
            for (int i = 0; i < N * N; i++)
            {
                double x = surface.X.Low + (surface.X.High - surface.X.Low) * (i % N + 0.5) / N, y = surface.Y.Low + (surface.Y.High - surface.Y.Low) * (i / N + 0.5) / N;
                double value = surface.Value(x, y);
                above += (surface.IsLogarithmic ? Math.Log10(value - surface.Lowest + 0.1) : value) > level ? 1 : 0;
            }

            Assert.Equal(above / (double)(N * N), Math.Abs(AreaOf(relief.Outline(level))) / (480 * 400), 0.01);
        }
    }

    [Fact]
    public void ADivergingDescent_EndsBeforeTheCostIsNotFinite()
    {
        Surface steep = Surfaces.Rosenbrock with { Rate = 10 };
        Descent descent = Descent.Of(steep, DescentRule.All[0], 100);
        Assert.Null(descent.End);
        Assert.InRange(descent.Points.Count, 2, 99);
        Assert.All(descent.Points, point => Assert.True(double.IsFinite(point.Cost)));
        Assert.Null(descent.StepsTo(steep, 0.01));
    }

    [Fact]
    public void TheCommand_WritesAPageThatLoadsNothing_AndATable()
    {
        (int code, string output, string error) = Run("--steps", "30", "--report", folder.File("landscape.html"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("After 30 steps:", output, StringComparison.Ordinal);
        Assert.All(Surfaces.All, surface => Assert.Contains(surface.Name, output, StringComparison.Ordinal));
        string page = File.ReadAllText(folder.File("landscape.html"));
        Assert.DoesNotMatch("(src|href)=|url\\(|@import|fetch\\(", page);
        var document = new XmlDocument { XmlResolver = null };
        document.LoadXml(page.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.Equal(Surfaces.All.Count * DescentRule.All.Count, document.SelectNodes("//*[@data-path]")!.Count);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2001")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("1.5")]
    public void BadSteps_AreOneLine_AndExitCode2(string steps)
    {
        (int code, string output, string error) = Run("--steps", steps, "--report", folder.File("landscape.html"));
        Assert.Equal((2, ""), (code, output));
        Assert.Equal($"--steps is '{steps}'; it must be a whole number from 1 to 2000. See --help.\n", error);
        Assert.False(File.Exists(folder.File("landscape.html")));
    }

    private static double AreaOf(string path)
    {
        double area = 0;
        foreach (string loop in path.Split('Z', StringSplitOptions.RemoveEmptyEntries))
        {
            double[] numbers = [.. Number().Matches(loop).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];
            for (int i = 0; i < numbers.Length; i += 2)
            {
                int next = (i + 2) % numbers.Length;
                area += (numbers[i] * numbers[next + 1] - numbers[next] * numbers[i + 1]) / 2;
            }
        }

        return area;
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = LandscapeCommand.Invoke(args, SampleConsole.Plain(output), output, error);
        return (code, output.ToString(), error.ToString());
    }

    [GeneratedRegex("-?[0-9.]+")]
    private static partial Regex Number();
}
