namespace OptimGen.Tests.Optimizers;

/// <summary>An <see cref="ArgumentOutOfRangeException"/> has the refused value in <see cref="ArgumentOutOfRangeException.ActualValue"/>.</summary>
public class ActualValueTests
{
    private static readonly Dictionary<string, (object Value, Action Action)> Cases = Make();

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory, MemberData(nameof(Names))]
    public void ARefusal_HasTheValue(string name)
    {
        (object value, Action action) = Cases[name];
        Assert.Equal(value, Assert.Throws<ArgumentOutOfRangeException>(action).ActualValue);
    }

    private static Dictionary<string, (object Value, Action Action)> Make()
    {
        var parameters = new ParameterSet();
        parameters.Add("w", 3);
        var optimizer = new OptimGen.Adam(parameters);
        var setOfDoubles = new ParameterSet<double>();
        setOfDoubles.Add("w", 3);
        var doubles = new DescentInDouble(setOfDoubles);
        var trainer = new Trainer(optimizer, 10, (_, _) => 0);
        ParameterAverage<float> average = optimizer.AverageParameters(0.5);
        return new()
        {
            ["hyperparameter"] = (1.5, () => optimizer.Beta1 = 1.5f),
            ["hyperparameter in double"] = (-1.0, () => doubles.SetHyperparameter("LearningRate", -1)),
            ["hyperparameter by name"] = (-0.5, () => optimizer.SetHyperparameter("LearningRate", -0.5)),
            ["hyperparameter of a group"] = (2.0, () => optimizer.For(parameters.Groups[0]).Beta2 = 2),
            ["threads"] = (0, () => optimizer.MaxDegreeOfParallelism = 0),
            ["policy"] = ((NonFiniteGradientPolicy)9, () => optimizer.NonFiniteGradients = (NonFiniteGradientPolicy)9),
            ["scale"] = (0.0, () => optimizer.GradientScale = 0),
            ["infinite scale"] = (double.PositiveInfinity, () => optimizer.GradientScale = double.PositiveInfinity),
            ["norm"] = (-1.0, () => optimizer.MaxGradientNorm = -1),
            ["limit"] = (-2.0, () => optimizer.MaxGradientValue = -2),
            ["decay of an average"] = (1.0, () => average.Decay = 1),
            ["beta of a series"] = (1.0, () => _ = new ExponentiallyWeightedAverage(1)),
            ["width of a series"] = (0, () => _ = new ExponentiallyWeightedAverage(0.5, width: 0)),
            ["capacity"] = (-3, () => _ = new ParameterSet(-3)),
            ["examples"] = (0, () => _ = new Trainer(optimizer, 0, (_, _) => 0)),
            ["batch size"] = (11, () => trainer.BatchSize = 11),
            ["penalty"] = (-0.25, () => trainer.WeightPenalty = -0.25),
            ["epochs"] = (0, () => trainer.Train(0)),
            ["unit"] = ((ScheduleUnit)7, () => Schedule.Manual(_ => 1, (ScheduleUnit)7)),
            ["value of a schedule"] = (double.NaN, () => Schedule.Constant(double.NaN)),
            ["factor"] = (2.0, () => Schedule.Exponential(1, 2)),
            ["stairs"] = (0, () => Schedule.Staircase(1, 0)),
            ["count"] = (0L, () => Schedule.Constant(1).ValueAt(0)),
            ["epoch of a batch"] = (0, () => _ = new MiniBatch([1], epoch: 0).Count),
        };
    }
}
