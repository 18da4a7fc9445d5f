namespace OptimGen.Tests.Kernels;

/// <summary>Hyperparameters are ordinary properties: of the optimizer or of a group, at any time between two steps.</summary>
public class HyperparameterTests
{
    private const int Length = 37;

    public static TheoryData<string> All => RuleCases.All;

    [Theory, MemberData(nameof(All))]
    public void Groups_EachGiveTheBitsOfAnOptimizerOfTheirOwn(string rule)
    {
        // Two optimizers with different hyperparameters, against one optimizer with two groups. Properties are found by the names in the definition.
        var parameters = new ParameterSet();
        parameters.Add("a", Length);
        ParameterGroup<float> second = parameters.AddGroup("second");
        second.Add("b", Length);
        Optimizer<float> both = RuleCases.Create(rule, parameters, InstructionSets.Selected);
        Optimizer<float> first = Alone(rule);
        Optimizer<float> other = Alone(rule);
        object group = both.GetType().GetMethod("For")!.Invoke(both, [second])!;
        foreach (HyperparameterDefinition one in both.Definition.Hyperparameters)
        {
            float value = (float)(one.Default * 0.75);
            other.SetHyperparameter(one.Name, value);
            group.GetType().GetProperty(one.Name)!.SetValue(group, value);
            Assert.Equal(value, group.GetType().GetProperty(one.Name)!.GetValue(group));
        }

        Follow(both, first, other);

        // A group's hyperparameter that is set to null has the optimizer's value again.
        foreach (HyperparameterDefinition one in both.Definition.Hyperparameters)
        {
            group.GetType().GetProperty(one.Name)!.SetValue(group, null);
            other.SetHyperparameter(one.Name, one.Default);
        }

        Follow(both, first, other);
    }

    [Fact]
    public void RateScale_FollowsTheOptimizersRate()
    {
        var parameters = new ParameterSet();
        parameters.Add("a", Length);
        ParameterGroup<float> slow = parameters.AddGroup("slow");
        slow.Add("b", Length);
        var both = new AdamW(parameters) { LearningRate = 0.5f };
        both.For(slow).LearningRateScale = 0.25f;
        Optimizer<float> first = Alone("AdamW");
        Optimizer<float> scaled = Alone("AdamW");
        for (float rate = 0.5f; rate > 0.01f; rate /= 2)
        {
            both.LearningRate = rate;
            first.SetHyperparameter("LearningRate", rate);
            scaled.SetHyperparameter("LearningRate", rate / 4);
            Follow(both, first, scaled);
        }
    }

    [Fact]
    public void NoDecayOnBiases()
    {
        var parameters = new ParameterSet();
        Parameter<float> weight = parameters.Add("weight", Length);
        ParameterGroup<float> biases = parameters.AddGroup("biases");
        Parameter<float> bias = biases.AddBias("bias", Length);
        weight.Values.Fill(2);
        bias.Values.Fill(2);
        var optimizer = new AdamW(parameters) { LearningRate = 0.5f, WeightDecay = 0.5f };
        optimizer.For(biases).WeightDecay = 0;
        optimizer.Step();

        // Without a gradient nothing but decay moves a parameter: 2·(1 − 0.5·0.5).
        Assert.All(weight.Values.ToArray(), value => Assert.Equal(1.5f, value));
        Assert.All(bias.Values.ToArray(), value => Assert.Equal(2f, value));
    }

    [Fact]
    public void GroupOfAnotherSet_IsRefused()
    {
        var parameters = new ParameterSet();
        parameters.Add("a", 1);
        var optimizer = new Adam(parameters);
        Assert.StartsWith(
            "Group 'foreign' belongs to another parameter set",
            Assert.Throws<ArgumentException>(() => optimizer.For(new ParameterSet().AddGroup("foreign"))).Message,
            StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(All))]
    public void SetBetweenSteps_TheNextStepHasIt(string rule)
    {
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("a", Length);
        Data.Values(Length).CopyTo(parameter.Values);
        Optimizer<float> optimizer = RuleCases.Create(rule, parameters, InstructionSets.Selected);
        StageOptions declared = RuleCases.OptionsOf(rule);
        StageReference[] reference = [.. Data.Values(Length).Select(value => new StageReference(declared, value))];
        for (int step = 1; step <= 14; step++)
        {
            // Changes one hyperparameter at a time, so that each change must be detected by itself; the rate by an inverse-time schedule.
            int Changes(int number) => 1 + (step + 6 - number) / 7;
            StageOptions now = declared with
            {
                LearningRate = declared.LearningRate / Changes(0),
                CoupledDecay = declared.CoupledDecay / Changes(1),
                DecoupledDecay = declared.DecoupledDecay / Changes(1),
                ClipValue = declared.ClipValue * Changes(2),
                AverageBeta = declared.AverageBeta / Changes(3),
                Momentum = declared.Momentum / Changes(4),
                Beta2 = declared.Beta2 / Changes(5),
                Epsilon = declared.Epsilon * Changes(6),
            };
            Set("LearningRate", now.LearningRate);
            Set("WeightDecay", now.CoupledDecay + now.DecoupledDecay);
            Set("ClipValue", now.ClipValue ?? 0);
            Set("Beta1", now.AverageBeta ?? 0);
            Set("Momentum", now.Momentum ?? 0);
            Set("Beta2", now.Beta2);
            Set("Epsilon", now.Epsilon);

            float[] gradient = Data.Gradient(Length, step);
            gradient.CopyTo(parameter.Gradients);
            optimizer.Step();
            for (int i = 0; i < Length; i++)
            {
                reference[i].Options = now;
                reference[i].Step(gradient[i]);
                Bounded want = reference[i].Parameter;
                Assert.True(
                    Math.Abs(parameter.Values[i] - want.Value) <= want.Tolerance,
                    FormattableString.Invariant(
                        $"{rule}, {optimizer.InstructionSet}, step {step}, length {Length}, element {i}: got {parameter.Values[i]:R}, want {want.Value:R} ± {want.Tolerance:g2}"));
            }
        }

        void Set(string name, double value)
        {
            if (optimizer.Definition.Hyperparameters.Any(one => one.Name == name))
            {
                optimizer.SetHyperparameter(name, value);
            }
        }
    }

    private static Optimizer<float> Alone(string rule)
    {
        var parameters = new ParameterSet();
        parameters.Add("alone", Length);
        return RuleCases.Create(rule, parameters, InstructionSets.Selected);
    }

    /// <summary>Takes more steps with all; the two parameters of the first optimizer must have the bits of the two others.</summary>
    private static void Follow(Optimizer<float> both, Optimizer<float> first, Optimizer<float> second)
    {
        (Parameter<float> Got, Parameter<float> Want, Optimizer<float> Alone)[] pairs =
        [
            (both.Parameters[0], first.Parameters[0], first), (both.Parameters[1], second.Parameters[0], second),
        ];
        foreach ((Parameter<float> got, Parameter<float> want, Optimizer<float> alone) in pairs)
        {
            if (both.StepCount == 0)
            {
                Data.Values(Length).CopyTo(got.Values);
                Data.Values(Length).CopyTo(want.Values);
            }

            Data.Gradient(Length, (int)both.StepCount + 1).CopyTo(got.Gradients);
            got.Gradients.CopyTo(want.Gradients);
            alone.Step();
        }

        both.Step();
        foreach ((Parameter<float> got, Parameter<float> want, Optimizer<float> alone) in pairs)
        {
            Bits.AssertEqual(got.Values, want.Values, $"{both.Definition.Name}, {got.Name}");
            foreach (StateDefinition state in both.Definition.States)
            {
                Bits.AssertEqual(both.GetState(got, state.Name), alone.GetState(want, state.Name), $"{both.Definition.Name}, {got.Name}, {state.Name}");
            }
        }
    }
}
