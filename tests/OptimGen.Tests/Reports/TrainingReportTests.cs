using System.Globalization;
using System.Text.Json;
using System.Xml;
using OptimGen.Tests.Training;

namespace OptimGen.Tests.Reports;

public sealed class TrainingReportTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("optimgen-report-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    public void ThePage_IsWellFormed_LoadsNothing_AndHasEveryRun(int count)
    {
        TrainingRun[] runs = [.. Enumerable.Range(0, count).Select(i => ReportedRuns.Run($"run {i} {ReportedRuns.OddName}"))];
        TrainingReport.Write(PathOf("report.html"), runs, new TrainingReportOptions { Title = ReportedRuns.OddName, Lead = ReportedRuns.OddName });

        XmlDocument page = Parse(File.ReadAllText(PathOf("report.html")));

        Assert.Equal(count, page.SelectNodes("//section[@aria-labelledby='summary']//tbody/tr")!.Count);
        Assert.Empty(page.SelectNodes("//@src | //@href | //link | //iframe")!);
        Assert.Single(page.SelectNodes("//h1")!);
        Assert.All(page.SelectNodes("//svg[@role='img']/@aria-label")!.Cast<XmlNode>(), label => Assert.NotEqual("", label.Value));
        Assert.Equal(3, page.SelectNodes("//div[@class='plot']")!.Count);
        Assert.Equal(count > 1 ? count : 0, page.SelectNodes("//section[@aria-labelledby='summary']//input[@type='checkbox']")!.Count);
        string style = page.SelectSingleNode("//style")!.InnerText;
        foreach (XmlNode toggle in page.SelectNodes("//input/@id")!)
        {
            Assert.Contains($"#{toggle.Value}:not(:checked)", style, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ThePage_HasNoUrl_AndNoUnescapedName()
    {
        string html = TrainingReport.ToHtml([ReportedRuns.Run("</script><script>alert(1)</script>")]);

        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
    }

    [Fact]
    public void TheReport_IsTheSame_InACultureWithADecimalComma()
    {
        TrainingRun[] runs = [ReportedRuns.Run()];
        string Everything()
        {
            TrainingReport.WriteCsv(PathOf("report.csv"), runs);
            TrainingReport.WriteJson(PathOf("report.json"), runs);
            return TrainingReport.ToHtml(runs) + File.ReadAllText(PathOf("report.csv")) + File.ReadAllText(PathOf("report.json"));
        }

        string expected = Everything();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.GetCultureInfo("de-DE").Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NegativeSign = "∸";
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(expected, Everything());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Values that are not finite are gaps, and a chart of nothing else is empty; neither is in a coordinate.</summary>
    [Fact]
    public void ValuesThatAreNotFinite_AreGaps()
    {
        XmlDocument page = Parse(TrainingReport.ToHtml([ReportedRuns.Run()]));

        Assert.All(page.SelectNodes("//path/@d")!.Cast<XmlNode>(), path =>
        {
            Assert.DoesNotContain("NaN", path.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("Inf", path.Value, StringComparison.Ordinal);
        });
        string metric = page.SelectSingleNode("//section[h2='validation.cost']//path[@class='line']/@d")!.Value!;
        Assert.Equal(2, metric.Count(character => character == 'M'));
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void TheSmoothedCost_IsTheLibrarysAverage(double beta)
    {
        var random = new Random(3);
        float[] costs = [.. Enumerable.Range(0, 5000).Select(i => (float)(Math.Exp(-i / 500.0) + random.NextDouble()))];

        double[] smooth = [.. RunSeries.OfSteps(0, [.. costs.Select(cost => (double)cost)]).Smoothed(beta).Values];

        float[] expected = ExponentiallyWeightedAverage.Smooth(costs, beta);
        Assert.All(Enumerable.Range(0, costs.Length), i => Assert.Equal(expected[i], smooth[i], 1e-3 * expected[i]));
    }

    [Fact]
    public void TheSmoothedCost_DoesNotOverflow_AndPassesOverGaps()
    {
        RunSeries series = RunSeries.OfSteps(0, [double.MaxValue, double.MaxValue, double.NaN, double.MaxValue]).Smoothed(0.9);

        Assert.True(double.IsNaN(series.Values[2]));
        Assert.All([0, 1, 3], i => Assert.InRange(series.Values[i], 0.999 * double.MaxValue, double.MaxValue));
    }

    [Fact]
    public void TheCsv_HasEveryNumber_ToTheBit()
    {
        TrainingRun run = ReportedRuns.Run("a \"b\", c", cost: 1.0 / 3);
        TrainingReport.WriteCsv(PathOf("report.csv"), [run]);

        string[] lines = File.ReadAllLines(PathOf("report.csv"));

        const string Name = "\"a \"\"b\"\", c\"";
        Assert.Equal("run,series,step,epoch,value", lines[0]);
        string[] costs = [.. lines.Where(line => line.StartsWith($"{Name},cost,", StringComparison.Ordinal))];
        Assert.Equal(run.Curve.Costs, costs.Select(line => double.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture)));
        Assert.Equal(["1,0", "2,0", "3,1", "4,1", "5,1", "6,2"], costs.Select(line => string.Join(',', line.Split(',')[^3..^1])));
        Assert.Equal(
            ["3,1,0.5", "3,1,NaN", "3,1,Infinity", "6,2,-Infinity", "6,2,-1E-300"],
            lines.Where(line => line.Contains("metric:validation.cost", StringComparison.Ordinal)).Select(line => string.Join(',', line.Split(',')[^3..])));
        Assert.Equal(1 + 6 + 6 + 2 + 5, lines.Length);
    }

    [Fact]
    public void TheJson_HasEveryNumber_ToTheBit()
    {
        TrainingRun run = ReportedRuns.Run(ReportedRuns.OddName, cost: 1.0 / 3) with { Facts = [new("time", "1 s")] };
        TrainingReport.WriteJson(PathOf("report.json"), [run]);

        using var json = JsonDocument.Parse(File.ReadAllBytes(PathOf("report.json")));
        JsonElement read = json.RootElement.GetProperty("runs")[0];

        Assert.Equal(ReportedRuns.OddName.Replace('\uD800', '\uFFFD'), read.GetProperty("name").GetString());
        Assert.Equal(run.Curve.Costs, read.GetProperty("curve").GetProperty("costs").EnumerateArray().Select(cost => cost.GetDouble()));
        Assert.Equal(0.125, read.GetProperty("hyperparameters").GetProperty("LearningRate of group '<slow>'").GetDouble());
        JsonElement metric = read.GetProperty("metrics")[0];
        Assert.Equal(["0.5", "NaN", "Infinity", "-Infinity", "-1E-300"], metric.GetProperty("values").EnumerateArray().Select(value => value.ToString()));
        Assert.Equal([3, 3, 3, 6, 6], metric.GetProperty("steps").EnumerateArray().Select(step => step.GetInt32()));
        Assert.Equal("1 s", read.GetProperty("facts")[0].GetProperty("value").GetString());
        Assert.Equal(JsonValueKind.Null, read.GetProperty("stopReason").ValueKind);
    }

    [Fact]
    public void AMillionSteps_GiveAPageOfBoundedSize_WithTheSpike()
    {
        const int Steps = 1_000_000, SpikeAt = 654_321;
        var parameters = new ParameterSet();
        parameters.Add("weight", 1);
        var trainer = new Trainer(new GradientDescent<float>(parameters), Steps, (_, batch) => batch.Step == SpikeAt ? 1000 : 1 + (batch.Step % 7))
        {
            BatchSize = 1,
            Shuffle = false,
        };
        trainer.Train(1);

        string html = TrainingReport.ToHtml([TrainingRun.Of("long", trainer)]);

        Assert.InRange(html.Length, 1000, 200_000);
        XmlDocument page = Parse(html);
        string raw = page.SelectSingleNode("//g[contains(@class, 'faint')]/path/@d")!.Value!;
        // The axis ends at 1000, so the spike is at its top, and all other costs are far below.
        Assert.Single(raw.Split('M', 'L'), point => point.EndsWith(" 0", StringComparison.Ordinal));
    }

    [Fact]
    public void Observations_AreListed_TheFirstFewOfManyAlike()
    {
        double cost = 1;
        var trainer = new Trainer<double>(new GradientDescent<double>(Regression.Parameters()), 4, (_, _) => cost += 1) { BatchSize = 4 };
        trainer.Train(1000);
        trainer.Stop("<seen enough>");

        string html = TrainingReport.ToHtml([TrainingRun.Of("rising", trainer)]);

        XmlNodeList lines = Parse(html).SelectNodes("//ul[@class='observations']/li")!;
        Assert.Equal(7, lines.Count);
        Assert.Equal("And 994 more like these, the last at step 1,000.", lines[5]!.InnerText);
        Assert.Equal("Stopped after step 1,000: <seen enough>", lines[6]!.InnerText);
    }

    [Fact]
    public void Surfaces_AreContoursOnOneScale_AndEveryNumberIsInTheJson()
    {
        CostSurface[] surfaces = [Surface(1, "<random>"), Surface(7, "<random>"), Surface(1e6, "extreme")];
        TrainingRun[] runs = [ReportedRuns.Run("a") with { Surfaces = [surfaces[0], surfaces[2]] }, ReportedRuns.Run("b") with { Surfaces = [surfaces[1]] }, ReportedRuns.Run("c")];

        XmlDocument page = Parse(TrainingReport.ToHtml(runs));

        Assert.Equal(["<random>", "extreme"], page.SelectNodes("//section[@aria-labelledby='landscape']//h3")!.Cast<XmlNode>().Select(title => title.InnerText));
        Assert.Equal(3, page.SelectNodes("//div[@class='field']")!.Count);
        Assert.Equal(2, page.SelectNodes("//div[@class='levels']")!.Count);
        Assert.Equal(["surface of-run-0", "surface of-run-1", "surface of-run-0"], page.SelectNodes("//div[starts-with(@class, 'surface ')]/@class")!.Cast<XmlNode>().Select(one => one.Value));
        // The cost of the second run is 7 times that of the first, on one scale: the lowest band is everywhere below the first, and the highest in the second.
        XmlNode[] fields = [.. page.SelectNodes("//div[@class='field']")!.Cast<XmlNode>()];
        Assert.DoesNotContain("level-11", fields[0].OuterXml, StringComparison.Ordinal);
        Assert.Contains("level-11", fields[1].OuterXml, StringComparison.Ordinal);
        Assert.All(page.SelectNodes("//div[@class='field']//path/@d")!.Cast<XmlNode>(), path => Assert.DoesNotContain("NaN", path.Value, StringComparison.Ordinal));
        Assert.Empty(Parse(TrainingReport.ToHtml([ReportedRuns.Run()])).SelectNodes("//section[@aria-labelledby='landscape']")!);

        TrainingReport.WriteJson(PathOf("report.json"), runs);
        using var json = JsonDocument.Parse(File.ReadAllBytes(PathOf("report.json")));
        JsonElement read = json.RootElement.GetProperty("runs")[0].GetProperty("surfaces")[1];
        Assert.Equal("extreme", read.GetProperty("title").GetString());
        Assert.Equal(1, read.GetProperty("exampleCount").GetInt32());
        Assert.Equal(surfaces[2].Costs, read.GetProperty("costs").EnumerateArray().Select(cost => cost.GetDouble()));
        Assert.Equal(surfaces[2].X.Coordinates, read.GetProperty("x").GetProperty("coordinates").EnumerateArray().Select(one => one.GetDouble()));
        Assert.Equal(surfaces[2].Y.Description, read.GetProperty("y").GetProperty("description").GetString());

        static CostSurface Surface(double factor, string title)
        {
            var parameters = new ParameterSet<double>();
            Parameter<double> weights = parameters.Add("weights", 2, 3);
            weights.Values.Fill(1);
            return CostSurface.Random(parameters, (_, _) => factor * (weights.Values[0] * weights.Values[0] + 2 * weights.Values[4] * weights.Values[4] + 0.01), new MiniBatch([0])) with
            {
                Title = title,
            };
        }
    }

    [Fact]
    public void ARunWithoutSteps_IsStillAReport()
    {
        TrainingRun empty = TrainingRun.Of("empty", Regression.Trainer());
        Parse(TrainingReport.ToHtml([empty]));
        Parse(TrainingReport.ToHtml([empty, ReportedRuns.Run()], new TrainingReportOptions { Axis = ReportAxis.Epochs, SmoothingBeta = 0 }));
        TrainingReport.WriteCsv(PathOf("empty.csv"), [empty]);
        Assert.Single(File.ReadAllLines(PathOf("empty.csv")));
    }

    [Fact]
    public void ABadRequest_IsRefused_AndLeavesTheOldFile()
    {
        File.WriteAllText(PathOf("report.html"), "old");

        Refusal.Require<ArgumentException>("runs", "empty", () => Write([]));
        Refusal.Require<ArgumentException>("runs", "2 runs are called 'a'", () => Write([ReportedRuns.Run("a"), ReportedRuns.Run("b"), ReportedRuns.Run("a")]));
        Refusal.Require<ArgumentException>("runs", "runs[1] is null", () => Write([ReportedRuns.Run("a"), null!]));
        Refusal.Require<ArgumentOutOfRangeException>("SmoothingBeta", "SmoothingBeta is 1;", () => new TrainingReportOptions { SmoothingBeta = 1 });
        Refusal.Require<ArgumentOutOfRangeException>("SmoothingBeta", "SmoothingBeta is NaN;", () => new TrainingReportOptions { SmoothingBeta = double.NaN });
        Assert.ThrowsAny<IOException>(() => TrainingReport.Write(PathOf("nowhere/report.html"), [ReportedRuns.Run()]));
        Assert.Equal("old", File.ReadAllText(PathOf("report.html")));

        object? Write(TrainingRun[] runs)
        {
            TrainingReport.Write(PathOf("report.html"), runs);
            return null;
        }
    }

    private static XmlDocument Parse(string html)
    {
        var page = new XmlDocument();
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        page.Load(reader);
        return page;
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);
}
