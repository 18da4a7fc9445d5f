using OptimGen.Tests.Training;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>The diagnosis of a training run, and the callbacks that watch for plateaus and saddles.</summary>
public class TrainerPointTests
{
    /// <summary>½x² − ½y² + ¼y⁴ from (1, 0): gradient descent runs into the saddle and stays there.</summary>
    private static Trainer<double> SaddleRun(params TrainingCallback<double>[] callbacks)
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("x", 2).Values[0] = 1;
        var trainer = new Trainer<double>(new GradientDescent<double>(parameters) { LearningRate = 0.1 }, 1, static (set, _) =>
        {
            double x = set["x"].Values[0], y = set["x"].Values[1];
            set["x"].Gradients[0] += x;
            set["x"].Gradients[1] += y * y * y - y;
            return x * x / 2 - y * y / 2 + Math.Pow(y, 4) / 4;
        });
        foreach (TrainingCallback<double> callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        return trainer;
    }

    [Fact]
    public void Diagnose_TellsTheSaddle_AndChangesNothing()
    {
        Trainer<double> trainer = SaddleRun();
        Assert.Equal(CriticalPointVerdict.NotCritical, trainer.Diagnose().Verdict);
        trainer.Train(300);
        double[] before = trainer.Optimizer.Parameters["x"].Values.ToArray();
        Assert.Equal(CriticalPointVerdict.Saddle, trainer.Diagnose().Verdict);
        Assert.Equal(before, trainer.Optimizer.Parameters["x"].Values.ToArray());
        Assert.Equal((300L, 300L), (trainer.StepCount, trainer.Optimizer.StepCount));
    }

    /// <summary>The cost has the penalty λ/(2B)·‖W‖² of a step, which turns the saddle of curvature −1 into a minimum for λ/B above 1.</summary>
    [Fact]
    public void Diagnose_HasThePenaltyOnTheWeights()
    {
        Trainer<double> trainer = SaddleRun();
        trainer.WeightPenalty = 3;
        trainer.Optimizer.Parameters["x"].Values.Clear();
        CriticalPointAnalysis<double> point = trainer.Diagnose();
        Assert.Equal(CriticalPointVerdict.Minimum, point.Verdict);
        Assert.Equal(2, point.Smallest[0].Value, 1e-9);
        Assert.Equal(4, point.Largest[0].Value, 1e-9);
    }

    [Fact]
    public void Diagnose_DrawsTheSameExamples_AtEveryCall()
    {
        var drawn = new List<int[]>();
        var parameters = new ParameterSet<double>();
        parameters.Add("x", 1);
        var trainer = new Trainer<double>(new GradientDescent<double>(parameters), 5000, (set, batch) =>
        {
            drawn.Add(batch.Examples.ToArray());
            set["x"].Gradients[0] += set["x"].Values[0];
            return set["x"].Values[0] * set["x"].Values[0] / 2;
        });
        trainer.Diagnose(exampleLimit: 100);
        trainer.Diagnose(new CriticalPointOptions<double> { Seed = 0 }, exampleLimit: 100);
        Assert.All(drawn, one => Assert.Equal(drawn[0], one));
        Assert.Equal(100, drawn[0].Distinct().Count());
        drawn.Clear();
        trainer.Diagnose();
        Assert.Equal(2048, drawn[0].Length);
        drawn.Clear();
        trainer.Diagnose(exampleLimit: 5000);
        Assert.Equal(Enumerable.Range(0, 5000), drawn[0]);
        Assert.Equal("exampleLimit", Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Diagnose(exampleLimit: 0)).ParamName);
    }

    [Fact]
    public void Diagnose_IsRefusedWithinAStep()
    {
        Trainer<double>? trainer = null;
        var parameters = new ParameterSet<double>();
        parameters.Add("x", 1);
        trainer = new Trainer<double>(new GradientDescent<double>(parameters), 1, (_, _) => trainer!.Diagnose().Cost);
        Assert.Contains("within a step", Assert.Throws<InvalidOperationException>(() => trainer.Train(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EscapeSaddles_LeavesTheSaddle_AndNotTheMinimum()
    {
        var escape = new EscapeSaddles<double>(window: 20, gradientTolerance: 1e-4);
        Trainer<double> without = SaddleRun(), with = SaddleRun(escape);
        Assert.Equal(0, without.Train(1000).FinalMeanCost, 1e-9);
        Assert.Equal(-0.25, with.Train(1000).FinalMeanCost, 1e-9);

        Assert.Equal([CriticalPointVerdict.Saddle, CriticalPointVerdict.Minimum], escape.Attempts.Select(one => one.Verdict));
        Assert.Equal([true, false], escape.Attempts.Select(one => one.IsTaken));
        Assert.True(escape.Attempts[0].CostAfter < escape.Attempts[0].CostBefore - 0.1);
        Assert.Equal(escape.Attempts[0].CostAfter, Assert.Single(with.Metrics[EscapeSaddles<double>.Metric]).Value);
        Assert.Equal(escape.Attempts[0].Step, with.Metrics[EscapeSaddles<double>.Metric][0].Step);
    }

    [Fact]
    public void PlateauDetection_TellsOnce_UntilTheRunMovesAgain()
    {
        var plateaus = new PlateauDetection<double>(window: 20, gradientTolerance: 1e-4);
        // Two standstills: at the saddle, and in the minimum after the escape.
        Trainer<double> trainer = SaddleRun(plateaus, new EscapeSaddles<double>(window: 200, gradientTolerance: 1e-4));
        trainer.Train(2000);
        Assert.Equal(2, plateaus.Plateaus.Count);
        Assert.Equal(0, plateaus.Plateaus[0].MeanCost, 1e-6);
        Assert.Equal(-0.25, plateaus.Plateaus[1].MeanCost, 1e-6);
        Assert.Equal(plateaus.Plateaus.Select(one => one.Step), trainer.Metrics[PlateauDetection<double>.Metric].Select(point => point.Step));
        Assert.Contains("Momentum", plateaus.Plateaus[0].Message, StringComparison.Ordinal);
    }

    /// <summary>A cost that stands still at a large gradient, because the steps are too long, is no plateau; nor is one that falls.</summary>
    [Theory]
    [InlineData(2.0)]
    [InlineData(1e-3)]
    public void PlateauDetection_IsSilent_WhereTheGradientIsLargeOrTheCostFalls(double rate)
    {
        var plateaus = new PlateauDetection<double>(window: 10, gradientTolerance: rate > 1 ? 0.5 : 10);
        var parameters = new ParameterSet<double>();
        parameters.Add("x", 1).Values[0] = 1;
        var trainer = new Trainer<double>(new GradientDescent<double>(parameters) { LearningRate = rate }, 1, static (set, _) =>
        {
            set["x"].Gradients[0] += set["x"].Values[0];
            return set["x"].Values[0] * set["x"].Values[0] / 2;
        });
        trainer.Callbacks.Add(plateaus);
        trainer.Train(500);
        Assert.Empty(plateaus.Plateaus);
    }

    /// <summary>The gradients of rows are gradients: a run is watched, diagnosed and drawn as one whose parameter has them in one piece.</summary>
    [Theory]
    [InlineData(RowUpdates.Lazy), InlineData(RowUpdates.CaughtUp)]
    public void RowsOfATable_AreSeenAsAWholeParameterIs(RowUpdates updates)
    {
        (string Message, double[] Eigenvalues, double[] Surface, double[] Watched) dense = Look(null), rows = Look(updates);
        Assert.Equal(dense.Message, rows.Message);
        Assert.Equal(dense.Eigenvalues, rows.Eigenvalues);
        Assert.Equal(dense.Surface, rows.Surface);
        Assert.Equal(dense.Watched, rows.Watched);

        static (string Message, double[] Eigenvalues, double[] Surface, double[] Watched) Look(RowUpdates? updates)
        {
            // f(x, y) = x²/2 + y⁴/4 − y²/2 in the rows 1 and 3 of four, near its saddle.
            var parameters = new ParameterSet();
            Parameter<float> table = parameters.Add("table", 4, 1);
            (table.Values[1], table.Values[3]) = (0.5f, 1e-9f);
            var optimizer = new Momentum(parameters) { LearningRate = 0.1f };
            if (updates is { } byRows)
            {
                optimizer.UpdateByRows(table, byRows);
            }

            var plateaus = new PlateauDetection<float>(window: 20, gradientTolerance: 1e-4);
            var trainer = new Trainer(optimizer, 1, (set, _) =>
            {
                (float x, float y) = (table.Values[1], table.Values[3]);
                float[] gradient = [x, (y * y * y) - y];
                if (updates is null)
                {
                    (table.Gradients[1], table.Gradients[3]) = (gradient[0], gradient[1]);
                }
                else
                {
                    optimizer.AddRowGradients(table, [1, 3], gradient);
                }

                return (x * x / 2) + (y * y * y * y / 4) - (y * y / 2);
            });
            trainer.Callbacks.Add(plateaus);
            trainer.Train(120);
            CriticalPointAnalysis<float> analysis = trainer.Diagnose();
            CostSurface surface = trainer.Surface(new CostSurfaceOptions { Seed = 3 });
            trainer.Train(10);
            return (analysis.ToString()!, [.. analysis.Smallest.Concat(analysis.Largest).Select(one => one.Value)], [.. surface.Costs],
                [.. plateaus.Plateaus.SelectMany(one => new[] { one.Step, one.MeanCost }), .. table.Values.ToArray()]);
        }
    }

    [Fact]
    public void AResumedRun_EscapesAtTheSameStep_WithTheSameBits()
    {
        string file = Path.Combine(Path.GetTempPath(), $"optimgen-{Guid.NewGuid():N}.safetensors");
        try
        {
            foreach (int stop in new[] { 7, 110, 133, 250, 390 })
            {
                (Trainer<double> whole, EscapeSaddles<double> escapes, PlateauDetection<double> plateaus) = Watched();
                whole.Train(400);
                (Trainer<double> first, EscapeSaddles<double> firstEscapes, _) = Watched();
                first.Train(stop);
                first.Save(file);
                (Trainer<double> second, EscapeSaddles<double> resumedEscapes, PlateauDetection<double> resumedPlateaus) = Watched();
                // What was found before the load belongs to another run.
                second.Train(300);
                Assert.NotEmpty(resumedEscapes.Attempts);
                second.Load(file);
                Assert.Equal(firstEscapes.Attempts, resumedEscapes.Attempts);
                second.TrainUntil(400);
                Assert.Equal(whole.Optimizer.Parameters["x"].Values.ToArray(), second.Optimizer.Parameters["x"].Values.ToArray());
                Assert.Equal(whole.Curve.Costs, second.Curve.Costs);
                Assert.Equal(whole.Metrics[EscapeSaddles<double>.Metric], second.Metrics[EscapeSaddles<double>.Metric]);
                Assert.Equal(whole.Metrics[PlateauDetection<double>.Metric], second.Metrics[PlateauDetection<double>.Metric]);
                Assert.NotEmpty(whole.Metrics[EscapeSaddles<double>.Metric]);
                Assert.Equal(escapes.Attempts, resumedEscapes.Attempts);
                Assert.Equal(plateaus.Plateaus, resumedPlateaus.Plateaus);
                Assert.NotEmpty(plateaus.Plateaus);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (Trainer<double> Trainer, EscapeSaddles<double> Escapes, PlateauDetection<double> Plateaus) Watched()
    {
        var escapes = new EscapeSaddles<double>(window: 20, gradientTolerance: 1e-4);
        var plateaus = new PlateauDetection<double>(window: 30, gradientTolerance: 1e-4);
        return (SaddleRun(escapes, plateaus), escapes, plateaus);
    }

    [Fact]
    public void BadSettings_AreNamed()
    {
        Assert.Equal("window", Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauDetection<float>(window: 3)).ParamName);
        Assert.Equal("gradientTolerance", Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauDetection<float>(gradientTolerance: 0)).ParamName);
        Assert.Equal("minimumFall", Assert.Throws<ArgumentOutOfRangeException>(() => new EscapeSaddles<float>(minimumFall: double.NaN)).ParamName);
    }
}
