namespace OptimGen.Tests.Training;

/// <summary>Schedules of any hyperparameter, of the optimizer and of groups, in training.</summary>
public class HyperparameterSchedulesTests
{
    private const int Examples = 12, Epochs = 4;

    private static readonly Schedule Rate = Schedule.Cosine(0.2, 0.01, 20, ScheduleUnit.Step).WithLinearWarmup(3);
    private static readonly Schedule Momentum = Schedule.OneCycle(0.1, 24, unit: ScheduleUnit.Step).Momentum;
    private static readonly Schedule Decay = Schedule.Linear(0.1, 0.5, 3);
    private static readonly Schedule Scale = Schedule.Staircase(1, 2);

    [Fact]
    public void ScheduledTraining_GivesTheBitsOfPropertiesSetByHand()
    {
        float[] scheduled = Train(trainer =>
        {
            ParameterGroup<float> biases = trainer.Optimizer.Parameters.Groups[1];
            trainer.Schedule = Rate;
            trainer.Schedules["Beta1"] = Momentum;
            trainer.Schedules[biases, "WeightDecay"] = Decay;
            trainer.Schedules[biases, "LearningRateScale"] = Scale;
            return (_, _) => { };
        });
        float[] byHand = Train(trainer => (optimizer, batch) =>
        {
            var group = optimizer.For(optimizer.Parameters.Groups[1]);
            optimizer.LearningRate = (float)Rate.ValueAt(batch.Step);
            optimizer.Beta1 = (float)Momentum.ValueAt(batch.Step);
            group.WeightDecay = (float)Decay.ValueAt(batch.Epoch);
            group.LearningRateScale = (float)Scale.ValueAt(batch.Epoch);
        });
        Assert.Equal(byHand, scheduled);
        Assert.NotEqual(Train(trainer => (_, _) => { }), scheduled);
    }

    [Theory]
    [InlineData("Beta1")]
    [InlineData("group WeightDecay")]
    [InlineData("group LearningRateScale")]
    public void EachSchedule_ChangesTheTraining(string left)
    {
        float[] Run(string? without) => Train(trainer =>
        {
            ParameterGroup<float> biases = trainer.Optimizer.Parameters.Groups[1];
            trainer.Schedules["Beta1"] = without == "Beta1" ? null : Momentum;
            trainer.Schedules[biases, "WeightDecay"] = without == "group WeightDecay" ? null : Decay;
            trainer.Schedules[biases, "LearningRateScale"] = without == "group LearningRateScale" ? null : Scale;
            return (_, _) => { };
        });
        Assert.NotEqual(Run(null), Run(left));
    }

    [Fact]
    public void AGroupWithALearningRateScale_FollowsTheOptimizersSchedule()
    {
        float[] followed = Train(trainer =>
        {
            ((AdamW)trainer.Optimizer).For(trainer.Optimizer.Parameters.Groups[1]).LearningRateScale = 0.5f;
            trainer.Schedule = Schedule.Manual([0.5, 0.25]);
            return (_, _) => { };
        });
        float[] own = Train(trainer =>
        {
            trainer.Schedule = Schedule.Manual([0.5, 0.25]);
            trainer.Schedules[trainer.Optimizer.Parameters.Groups[1], "LearningRate"] = Schedule.Manual([0.25, 0.125]);
            return (_, _) => { };
        });
        Assert.Equal(own, followed);
    }

    [Fact]
    public void Schedule_IsThatOfTheLearningRate()
    {
        Trainer<float> trainer = Trainer();
        trainer.Schedule = Rate;
        Assert.Same(Rate, trainer.Schedules["LearningRate"]);
        trainer.Schedules["LearningRate"] = Momentum;
        Assert.Same(Momentum, trainer.Schedule);
        trainer.Schedule = null;
        Assert.Null(trainer.Schedules["LearningRate"]);
        Assert.Empty(trainer.Schedules.All);
    }

    [Fact]
    public void All_IsInTheOrderOfTheDefinition_WhateverTheOrderOfSetting()
    {
        Trainer<float> trainer = Trainer();
        ParameterGroup<float> weights = trainer.Optimizer.Parameters.Groups[0], biases = trainer.Optimizer.Parameters.Groups[1];
        trainer.Schedules[biases, "LearningRateScale"] = Scale;
        trainer.Schedules[biases, "WeightDecay"] = Decay;
        trainer.Schedules["Beta2"] = Momentum;
        trainer.Schedules[weights, "WeightDecay"] = Scale;
        trainer.Schedules["Beta1"] = Rate;
        trainer.Schedules["Beta1"] = Momentum;
        string[] order = [.. trainer.Optimizer.Definition.Hyperparameters.Select(hyperparameter => hyperparameter.Name)];
        ScheduledHyperparameter<float>[] expected =
        [
            .. new ScheduledHyperparameter<float>[] { new(null, "Beta1", Momentum), new(null, "Beta2", Momentum) }.OrderBy(one => Array.IndexOf(order, one.Hyperparameter)),
            new(weights, "WeightDecay", Scale), new(biases, "WeightDecay", Decay), new(biases, "LearningRateScale", Scale),
        ];
        Assert.Equal(expected, trainer.Schedules.All);
        trainer.Schedules[biases, "WeightDecay"] = null;
        Assert.Equal(expected.Where(one => one != expected[3]), trainer.Schedules.All);
        Assert.Null(trainer.Schedules[biases, "WeightDecay"]);
    }

    [Fact]
    public void NamesAndGroupsThatTheOptimizerDoesNotHave_AreRefused()
    {
        Trainer<float> trainer = Trainer();
        HyperparameterSchedules<float> schedules = trainer.Schedules;
        ParameterGroup<float> biases = trainer.Optimizer.Parameters.Groups[1], foreign = Parameters().Groups[1];
        Refusal.Require<ArgumentException>("hyperparameter", "AdamW has no hyperparameter 'Momentum'. It has: ", () => schedules["Momentum"] = Rate);
        Refusal.Require<ArgumentException>("hyperparameter", "'Momentum'", () => schedules["Momentum"]);
        Refusal.Require<ArgumentException>("hyperparameter", "'Momentum'", () => schedules[biases, "Momentum"] = Rate);
        Refusal.Require<ArgumentException>("hyperparameter", "'LearningRateScale'", () => schedules["LearningRateScale"] = Scale);
        Refusal.Require<ArgumentException>("group", "belongs to another parameter set", () => schedules[foreign, "WeightDecay"] = Decay);
        Refusal.Require<ArgumentException>("group", "belongs to another parameter set", () => schedules[foreign, "LearningRateScale"] = Decay);
        Assert.Throws<ArgumentNullException>("group", () => schedules[null!, "WeightDecay"] = Decay);
        Assert.Empty(schedules.All);
    }

    /// <summary>The value is refused after those of other schedules are known, and none of them has been set.</summary>
    [Theory]
    [InlineData(false, 1.5, "Beta2 is 1.5; it must be in [0, 1). Its schedule, the nth of [0.5, 0.75, 1.5] by step, gives this value at step 3, of epoch 1.")]
    [InlineData(false, 0.99999999999, "Beta2 is 0.99999999999, which is 1 as a Single; it must be in [0, 1). Its schedule, ")]
    [InlineData(true, -2, "WeightDecay of group 'biases' is -2; it must be at least 0, and finite. Its schedule, ")]
    public void AValueThatIsNotAllowed_EndsTheTrainingBeforeAnythingChanges(bool ofGroup, double value, string message)
    {
        Trainer<float> trainer = Trainer();
        ParameterGroup<float> biases = trainer.Optimizer.Parameters.Groups[1];
        Schedule bad = Schedule.Manual([0.5, 0.75, value], ScheduleUnit.Step);
        trainer.Schedule = Schedule.Manual([0.1, 0.2, 0.3], ScheduleUnit.Step);
        trainer.Schedules["Beta1"] = Schedule.Manual([0.7, 0.8, 0.9], ScheduleUnit.Step);
        trainer.Schedules[biases, "LearningRateScale"] = Schedule.Manual([0.25, 0.5, 0.75], ScheduleUnit.Step);
        if (ofGroup)
        {
            trainer.Schedules[biases, "WeightDecay"] = bad;
        }
        else
        {
            trainer.Schedules["Beta2"] = bad;
        }

        float[] before = [];
        var progress = new ReportedProgress(_ => before = ValuesOf(trainer));
        string refusal = Assert.Throws<InvalidOperationException>(() => trainer.Train(1, progress)).Message;
        Assert.StartsWith(message, refusal, StringComparison.Ordinal);
        Assert.EndsWith("No hyperparameter has been changed.", refusal, StringComparison.Ordinal);
        Assert.Equal(2, trainer.StepCount);
        Assert.Equal(2, trainer.Optimizer.StepCount);
        Assert.Equal(before, ValuesOf(trainer));
        Assert.Equal((0.2, 0.8), (trainer.Optimizer.GetHyperparameter("LearningRate"), trainer.Optimizer.GetHyperparameter("Beta1")));
        Assert.Equal(0.5, trainer.Optimizer.GetHyperparameter(biases, "LearningRateScale"));
        Assert.Equal(0.75, ofGroup ? trainer.Optimizer.GetHyperparameter(biases, "WeightDecay") : trainer.Optimizer.GetHyperparameter("Beta2"));

        // The next call begins with the same step, by the schedule that has been mended.
        trainer.Schedules["Beta2"] = null;
        trainer.Schedules[biases, "WeightDecay"] = null;
        trainer.Train(1);
        Assert.Equal(6, trainer.StepCount);
    }

    [Fact]
    public void APropertyThatThrows_LeavesTheOthersAsTheyWere()
    {
        ParameterSet parameters = Parameters();
        var optimizer = new CautiousDescent(parameters);
        var trainer = new Trainer(optimizer, 4, (_, _) => 0) { BatchSize = 2, Schedule = Schedule.Manual([0.25, 0.5], ScheduleUnit.Step) };
        trainer.Schedules[parameters.Groups[1], "LearningRate"] = Schedule.Manual([0.125, 0.0625], ScheduleUnit.Step);
        trainer.Schedules["Friction"] = Schedule.Manual([0.5, 2], ScheduleUnit.Step);
        Assert.Equal("Too much friction.", Assert.Throws<NotSupportedException>(() => trainer.Train(1)).Message);
        Assert.Equal((1, 0.25f, 0.5f), (optimizer.StepCount, optimizer.LearningRate, optimizer.Friction));
        Assert.Equal(0.125f, optimizer.For(parameters.Groups[1]).LearningRate);
    }

    [Fact]
    public void TheCurve_RecordsTheRatesOfTheSchedule_AndARemovedScheduleLeavesItsLastValue()
    {
        Trainer<float> trainer = Trainer();
        trainer.Schedule = Rate;
        trainer.Schedules["Beta1"] = Momentum;
        trainer.Train(1);
        Assert.Equal(Enumerable.Range(1, 6).Select(n => Rate.ValueAt(n)), trainer.Curve.LearningRates);
        trainer.Schedules["Beta1"] = null;
        trainer.Train(1);
        Assert.Equal((float)Momentum.ValueAt(6), ((AdamW)trainer.Optimizer).Beta1);
    }

    private static float[] Train(Func<Trainer<float>, Action<AdamW, MiniBatch>> prepare)
    {
        Action<AdamW, MiniBatch> before = (_, _) => { };
        Trainer<float> trainer = Trainer((optimizer, batch) => before(optimizer, batch));
        before = prepare(trainer);
        trainer.Train(Epochs);
        return ValuesOf(trainer);
    }

    private static ParameterSet Parameters()
    {
        var parameters = new ParameterSet();
        parameters.Add("weight", 2);
        parameters.AddGroup("biases").AddBias("bias", 1);
        return parameters;
    }

    /// <summary>Six steps in an epoch.</summary>
    private static Trainer<float> Trainer(Action<AdamW, MiniBatch>? before = null)
    {
        var optimizer = new AdamW(Parameters());
        return new Trainer<float>(optimizer, Examples, (parameters, batch) =>
        {
            before?.Invoke(optimizer, batch);
            Parameter<float> weight = parameters["weight"], bias = parameters["bias"];
            double loss = 0;
            foreach (int example in batch.Examples)
            {
                float x0 = example % 5 - 2, x1 = example % 7 - 3, error = weight.Values[0] * x0 + weight.Values[1] * x1 + bias.Values[0] - x0 + 2 * x1 - 3;
                loss += error * error / 2 / batch.Count;
                weight.Gradients[0] += error * x0 / batch.Count;
                weight.Gradients[1] += error * x1 / batch.Count;
                bias.Gradients[0] += error / batch.Count;
            }

            return loss;
        })
        { BatchSize = 2, Seed = 3 };
    }

    private static float[] ValuesOf(Trainer<float> trainer) => [.. trainer.Optimizer.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
}

/// <summary>A rule whose property refuses what its hyperparameter would allow.</summary>
[Optimizer]
internal sealed partial class CautiousDescent
{
    private float friction;

    [Hyperparameter]
    public float LearningRate { get; set; } = 0.1f;

    [Hyperparameter]
    public float Friction
    {
        get => friction;
        set => friction = value <= 1 ? value : throw new NotSupportedException("Too much friction.");
    }

    [UpdateRule]
    private static float Update(float parameter, float gradient, float learningRate, float friction) => parameter - learningRate * (gradient + friction * parameter);
}
