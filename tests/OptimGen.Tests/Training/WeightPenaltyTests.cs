using System.Numerics;

namespace OptimGen.Tests.Training;

public class WeightPenaltyTests
{
    [Fact]
    public void TheCost_IsTheMeanLossPlusThePenaltyOnTheWeights()
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("first", 2, 2).Values.Fill(3);
        parameters.AddBias("bias", 5).Values.Fill(100);
        parameters.Add("second", 1).Values.Fill(2);
        var trainer = new Trainer<double>(new GradientDescent<double>(parameters), 5, (_, batch) => batch.Count)
        {
            BatchSize = 5,
            WeightPenalty = 0.5,
        };

        TrainingResult result = trainer.Train(1);

        // 5 + 0.5/(2·5)·(4·9 + 4)
        Assert.Equal(7, result.Curve.Costs[0], 1e-14);
        // 3 − 0.1·(0.5/5)·3, and nothing for the bias.
        Assert.All(parameters["first"].Values.ToArray(), weight => Assert.Equal(2.97, weight, 1e-14));
        Assert.Equal(1.98, parameters["second"].Values[0], 1e-14);
        Assert.All(parameters["bias"].Values.ToArray(), bias => Assert.Equal(100, bias));
    }

    [Fact]
    public void TheLastShortBatch_IsPenalizedByItsOwnSize()
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("weight", 1).Values[0] = 1;
        var optimizer = new GradientDescent<double>(parameters) { LearningRate = 0 };
        var trainer = new Trainer<double>(optimizer, 5, (_, _) => 0) { BatchSize = 4, WeightPenalty = 2 };
        Assert.Equal([0.25, 1.0], trainer.Train(1).Curve.Costs);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.7)]
    public void TheGradient_IsTheDerivativeOfTheReportedCost(double penalty)
    {
        double[] start = [0.3, -1.2, 0.7];
        Trainer<double> trainer = At(start, penalty);
        trainer.Train(1);
        double[] gradient =
            [.. trainer.Optimizer.Parameters.SelectMany(parameter => parameter.Gradients.ToArray())];
        for (int i = 0; i < start.Length; i++)
        {
            const double H = 1e-6;
            double numerical = (CostAt(start, i, H) - CostAt(start, i, -H)) / (2 * H);
            Assert.Equal(numerical, gradient[i], 1e-8);
        }

        double CostAt(double[] values, int element, double change)
        {
            double[] changed = [.. values];
            changed[element] += change;
            return At(changed, penalty).Train(1).Curve.Costs[0];
        }
    }

    [Fact]
    public void EveryLength_IsPenalizedInSinglePrecision() => PenalizeEveryLength<float>(1e-6);

    [Fact]
    public void EveryLength_IsPenalizedInDoublePrecision() => PenalizeEveryLength<double>(1e-14);

    [Fact]
    public void Norms_AreSummedInDouble()
    {
        var parameters = new ParameterSet();
        // In single precision the sum would stop growing at 2²⁴.
        parameters.Add("weight", (1 << 24) + 1000).Values.Fill(1);
        Assert.Equal((1 << 24) + 1000, SquaredNormPenalty.AddTo(parameters, lambda: 2, batchCount: 1));
    }

    private static void PenalizeEveryLength<T>(double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int length = 1; length <= 67; length++)
        {
            var parameters = new ParameterSet<T>();
            Parameter<T> weight = parameters.Add("weight", length);
            double squares = 0;
            for (int i = 0; i < length; i++)
            {
                weight.Values[i] = T.CreateChecked(i - 20);
                weight.Gradients[i] = T.One;
                squares += (i - 20.0) * (i - 20);
            }

            double cost = SquaredNormPenalty.AddTo(parameters, lambda: 0.3, batchCount: 3);

            Assert.Equal(0.05 * squares, cost, 1e-12 * (1 + squares));
            for (int i = 0; i < length; i++)
            {
                Assert.Equal(1 + 0.1 * (i - 20), double.CreateChecked(weight.Gradients[i]), 10 * tolerance);
            }
        }
    }

    private static Trainer<double> At(double[] values, double penalty)
    {
        Trainer<double> trainer = Regression.Trainer();
        trainer.BatchSize = Regression.ExampleCount;
        trainer.WeightPenalty = penalty;
        values.AsSpan(0, 2).CopyTo(trainer.Optimizer.Parameters["weight"].Values);
        trainer.Optimizer.Parameters["bias"].Values[0] = values[2];
        return trainer;
    }
}
