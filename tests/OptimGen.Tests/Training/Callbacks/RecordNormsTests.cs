namespace OptimGen.Tests.Training.Callbacks;

public class RecordNormsTests
{
    [Fact]
    public void TheNorms_AreThoseOfTheStep()
    {
        // The gradient is (3, 4, 12), with the norm 13; the rate is 0.5; the parameters begin at (8, 9, 12).
        Trainer<double> trainer = Trainer((set, _) =>
        {
            new double[] { 3, 4 }.CopyTo(set[0].Gradients);
            set[1].Gradients[0] = 12;
            return 1;
        });
        trainer.Optimizer.GradientScale = 2;
        trainer.Optimizer.MaxGradientNorm = 13;
        trainer.Callbacks.Add(new RecordNorms<double>());
        trainer.Train(1);
        // Clipped by norm from 26 to 13, the step is (1.5, 2, 6), so the parameters are (6.5, 7, 6).
        Assert.Equal(new MetricPoint(1, 1, 13), Assert.Single(trainer.Metrics["gradientNorm"]));
        Assert.Equal(6.5, Assert.Single(trainer.Metrics["updateNorm"]).Value, 1e-14);
        Assert.Equal(Math.Sqrt(6.5 * 6.5 + 49 + 36), Assert.Single(trainer.Metrics["parameterNorm"]).Value, 1e-14);
        Assert.Equal(["gradientNorm", "updateNorm", "parameterNorm"], trainer.Metrics.Names);
    }

    /// <summary>The rows that stand at earlier steps take those first: they have moved, in the step or before it.</summary>
    [Fact]
    public void RowsThatMissedSteps_AreCaughtUp()
    {
        Assert.Equal(Norms(isTable: false), Norms(isTable: true));

        static double[] Norms(bool isTable)
        {
            var set = new ParameterSet();
            Parameter<float> table = set.Add("table", 5, 3);
            table.Values.Fill(1);
            var optimizer = new Adam(set) { LearningRate = 0.1f };
            if (isTable)
            {
                optimizer.UpdateByRows(table, RowUpdates.CaughtUp);
            }

            var trainer = new Trainer(optimizer, 5, (_, batch) =>
            {
                int row = batch.Examples[0];
                if (isTable)
                {
                    optimizer.AddRowGradients(table, [row], [1, 2, 3]);
                }
                else
                {
                    ((ReadOnlySpan<float>)[1, 2, 3]).CopyTo(table.Gradients[(row * 3)..]);
                }

                return 1;
            }) { BatchSize = 1, Shuffle = false };
            trainer.Callbacks.Add(new RecordNorms<float>(every: 2));
            trainer.Train(2);
            return [.. new[] { RecordNorms<float>.UpdateNorm, RecordNorms<float>.ParameterNorm }.SelectMany(name => trainer.Metrics[name]).Select(point => point.Value)];
        }
    }

    [Fact]
    public void ThePenalty_IsInTheGradients()
    {
        Trainer<double> trainer = Trainer((_, _) => 1);
        trainer.WeightPenalty = 2;
        trainer.Callbacks.Add(new RecordNorms<double>());
        trainer.Train(1);
        Assert.Equal(2 * Math.Sqrt(64 + 81), Assert.Single(trainer.Metrics["gradientNorm"]).Value, 1e-12);
    }

    /// <summary>A row that occurs twice has the gradient (1, 2) + (2, 2) = (3, 4); another has (12, 0).</summary>
    [Fact]
    public void TheGradientsOfRows_AreAmongThem()
    {
        var parameters = new ParameterSet<double>();
        Parameter<double> table = parameters.Add("table", 1000, 2);
        var optimizer = new GradientDescent<double>(parameters) { LearningRate = 0.5 };
        var trainer = new Trainer<double>(optimizer, 1, (_, _) =>
        {
            optimizer.AddRowGradients(table, [7, 990, 7], [1, 2, 12, 0, 2, 2]);
            return 1;
        });
        trainer.Callbacks.Add(new RecordNorms<double>());
        trainer.Train(1);
        Assert.Equal(13, Assert.Single(trainer.Metrics["gradientNorm"]).Value);
        Assert.Equal(6.5, Assert.Single(trainer.Metrics["updateNorm"]).Value);
    }

    [Fact]
    public void OnlyEveryNthStepIsRecorded_AndTrainingIsTheSame()
    {
        Trainer<double> with = Regression.Trainer(), without = Regression.Trainer();
        with.Callbacks.Add(new RecordNorms<double>(4));
        with.Train(2);
        without.Train(2);
        Assert.Equal([4L, 8L, 12L], with.Metrics["updateNorm"].Select(point => point.Step));
        Assert.Equal(Regression.ValuesOf(without), Regression.ValuesOf(with));
    }

    [Fact]
    public void AStepThatIsSkipped_HasAnUpdateOfZero_AndOneThatDivergesHasNone()
    {
        Trainer<double> trainer = Trainer((set, batch) =>
        {
            set[0].Gradients[0] = batch.Step == 2 ? double.PositiveInfinity : 1;
            return batch.Step == 3 ? double.NaN : 1;
        });
        trainer.Optimizer.NonFiniteGradients = NonFiniteGradientPolicy.SkipStep;
        trainer.Callbacks.Add(new RecordNorms<double>());
        trainer.Train(5);
        Assert.Equal([1, double.PositiveInfinity], trainer.Metrics["gradientNorm"].Select(point => point.Value));
        Assert.Equal([0.5, 0.0], trainer.Metrics["updateNorm"].Select(point => point.Value));
        Assert.Equal([1L, 2L], trainer.Metrics["parameterNorm"].Select(point => point.Step));
    }

    [Theory]
    [InlineData(1e200, 1.3e201)]
    [InlineData(1e-200, 1.3e-199)]
    [InlineData(double.Epsilon, 13 * double.Epsilon)]
    public void SquaresThatOverflowOrUnderflow_DoNotMatter(double unit, double norm)
    {
        Trainer<double> trainer = Trainer((set, _) =>
        {
            new double[] { 3 * unit, 4 * unit }.CopyTo(set[0].Gradients);
            set[1].Gradients[0] = 12 * unit;
            return 1;
        });
        trainer.Callbacks.Add(new RecordNorms<double>());
        trainer.Train(1);
        Assert.Equal(1, trainer.Metrics["gradientNorm"][0].Value / norm, 1e-14);
    }

    [Fact]
    public void AnIntervalBelowOne_IsRefused() => Refusal.Require<ArgumentOutOfRangeException>("every", "0", () => new RecordNorms<double>(0));

    [Fact]
    public void ARunThatIsResumed_EndsTheSame() => Resumption.RequireSameEnd(
        () =>
        {
            Trainer<double> trainer = Regression.Trainer();
            trainer.Callbacks.Add(new RecordNorms<double>(2));
            return trainer;
        },
        epochs: 2);

    private static Trainer<double> Trainer(Objective<double> objective)
    {
        var parameters = new ParameterSet<double>();
        new double[] { 8, 9 }.CopyTo(parameters.Add("weight", 2).Values);
        parameters.AddBias("bias", 1).Values[0] = 12;
        return new Trainer<double>(new GradientDescent<double>(parameters) { LearningRate = 0.5 }, 1, objective);
    }
}
