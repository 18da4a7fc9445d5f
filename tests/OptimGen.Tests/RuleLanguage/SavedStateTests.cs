using OptimGen.Tests.Kernels;
using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>
/// Everything that the next step depends on has a name: a run whose numbers are copied by hand into a new optimizer goes on with the same bits.
/// </summary>
public sealed partial class SavedStateTests
{
    [Optimizer]
    private sealed partial class StateOfGroups
    {
        [Hyperparameter]
        public float LearningRate { get; set; } = 0.1f;

        [PerStep]
        private static void Prepare(long step, double learningRate, [State(InitialValue = 0.5)] ref double largest, [State] ref double total, out double rate)
        {
            largest = Math.Max(largest, learningRate / step);
            total += largest;
            rate = learningRate * largest / total;
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient, float rate) => parameter - rate * gradient;
    }

    [Optimizer]
    private sealed partial class StateOfTensors
    {
        [Reduce(Reduction.Norm)]
        private static float Size(float gradient) => gradient;

        [PerTensor]
        private static void Scale(double size, [State(InitialValue = 1)] ref double average, out double scale)
        {
            average = 0.5 * average + 0.5 * size;
            scale = 0.01 / (average + 1e-3);
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float trace, float scale)
        {
            trace = 0.9f * trace + gradient;
            return parameter - scale * trace;
        }
    }

    [Optimizer]
    private sealed partial class Pulled
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient, [State(CopyOfParameter = true)] ref float start) => parameter - gradient - 0.5f * (parameter - start);
    }

    [Optimizer]
    private sealed partial class PulledTrace
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float trace, [State(CopyOfParameter = true)] ref float start)
        {
            trace += gradient;
            return parameter - trace - 0.5f * (parameter - start);
        }
    }

    public static TheoryData<string> Names => ["Adam", "AdamW", "group", "tensor", "Prodigy", "ScheduleFreeAdamW", "ScheduleFreeSgd", "AdEMAMix", "NovoGrad", "Rprop", "Pulled"];

    [Theory, MemberData(nameof(Names))]
    public void ARunThatIsSavedAndRestored_GoesOnWithTheSameBits(string name)
    {
        Optimizer<float> whole = Make(name), saved = Make(name);
        Train(whole, 1, 9);
        Train(saved, 1, 5);
        Optimizer<float> restored = Make(name);
        Copy(saved, restored);
        Train(restored, 6, 9);
        Snapshot.Of(whole).AssertSame(restored, name);
        AssertSameScalars(whole, restored);
    }

    /// <summary>The names are needed: without one of them, the run goes another way.</summary>
    [Theory]
    [InlineData("Adam", "StepCount"), InlineData("Adam", "firstMoment"), InlineData("group", "total"), InlineData("tensor", "average"), InlineData("Prodigy", "start")]
    [InlineData("Prodigy", "distance")]
    public void WithoutOneOfTheNumbers_ItDoesNot(string name, string left)
    {
        Optimizer<float> whole = Make(name), saved = Make(name);
        Train(whole, 1, 9);
        Train(saved, 1, 5);
        Optimizer<float> restored = Make(name);
        Copy(saved, restored, left);
        Train(restored, 6, 9);
        Assert.False(Bits.AreEqual(whole.Parameters[0].Values, restored.Parameters[0].Values), $"{name} does not need {left}");
    }

    [Fact]
    public void TheGeneratedNames_AreTheSameMemory()
    {
        var ofGroups = new StateOfGroups(SetOf(1, 2));
        ParameterGroup<float> group = ofGroups.Parameters.Groups[0];
        Assert.Equal(0.5, ofGroups.States.Largest(group));
        ofGroups.States.Largest(group) = 4;
        ofGroups.States.Total(group) += 1;
        Assert.Equal((4.0, 1.0), (ofGroups.GetScalarState(group, "largest"), ofGroups.GetScalarState(group, "total")));

        var ofTensors = new StateOfTensors(SetOf(1, 2));
        Parameter<float> w = ofTensors.Parameters["w"];
        ofTensors.States.Average(w) = 7;
        ofTensors.States.Trace(w)[1] = 3;
        Assert.Equal(7.0, ofTensors.GetScalarState(w, "average"));
        Assert.Equal([0, 3], ofTensors.StateOf("trace"));
        ofTensors.StepOn(0, 0);
        Assert.Equal(3.5, ofTensors.States.Average(w));
        Assert.Throws<ArgumentException>("name", () => ofTensors.GetScalarState(group: ofTensors.Parameters.Groups[0], "average"));
        Assert.Throws<ArgumentException>("name", () => ofTensors.GetScalarState(w, "trace"));
        Assert.Throws<ArgumentException>(() => ofTensors.GetScalarState(ofGroups.Parameters["w"], "average"));
    }

    [Fact]
    public void ACopyOfTheParameter_ThatIsRestoredBeforeTheFirstStep_Stays()
    {
        var optimizer = new Pulled(SetOf(4, 8));
        float[] start = [2, 2];
        start.CopyTo(optimizer.GetState(optimizer.Parameters["w"], "start"));
        Assert.Equal([3, 5], optimizer.StepOn(0, 0));
        Assert.Equal([2, 2], optimizer.StateOf("start"));
    }

    [Fact]
    public void AnotherState_DoesNotFixTheCopyWhenItIsRead()
    {
        var optimizer = new PulledTrace(SetOf(4, 8));
        Assert.Equal([0, 0], optimizer.StateOf("trace"));
        optimizer.Parameters["w"].Values[0] = 6;
        optimizer.StepOn(1, 1);
        Assert.Equal([6, 8], optimizer.StateOf("start"));
    }

    [Fact]
    public void WhenAStepIsRefused_ScalarStatesKeepTheirValues()
    {
        var optimizer = new StateOfGroups(SetOf(1, 2));
        ParameterGroup<float> group = optimizer.Parameters.Groups[0];
        optimizer.StepOn(1, 1);
        (double largest, double total) = (optimizer.States.Largest(group), optimizer.States.Total(group));
        optimizer.LearningRate = 3;
        Assert.Throws<NonFiniteGradientException>(() => optimizer.StepOn(1, float.NaN));
        Assert.Equal((largest, total, 1L), (optimizer.States.Largest(group), optimizer.States.Total(group), optimizer.StepCount));

        var ofTensors = new StateOfTensors(SetOf(1, 2));
        Parameter<float> w = ofTensors.Parameters["w"];
        ofTensors.States.Average(w) = double.PositiveInfinity;
        ofTensors.States.Average(w) = -1e-3 * 2;
        Assert.Throws<NonFiniteGradientException>(() => ofTensors.StepOn(1, float.NaN));
        Assert.Equal(-2e-3, ofTensors.States.Average(w));

        // The average becomes −1e-3, and the scale infinite.
        Assert.Throws<ArithmeticException>(() => ofTensors.StepOn(0, 0));
        Assert.Equal(-2e-3, ofTensors.States.Average(w));
    }

    private static Optimizer<float> Make(string name)
    {
        var parameters = new ParameterSet();
        parameters.Add("w", 37);
        parameters.AddGroup("other").Add("b", 5);
        float[] memory = new float[50];
        parameters.Wrap("wrapped", memory.AsMemory(1, 20), memory.AsMemory(25, 20));
        int at = 0;
        foreach (Parameter<float> parameter in parameters)
        {
            foreach (ref float value in parameter.Values)
            {
                value = MathF.Sin(at++);
            }
        }

        return name switch
        {
            "Adam" => new Adam(parameters),
            "AdamW" => new AdamW(parameters),
            "group" => new StateOfGroups(parameters),
            "tensor" => new StateOfTensors(parameters),
            "Prodigy" => new Prodigy(parameters),
            "ScheduleFreeAdamW" => new ScheduleFreeAdamW(parameters) { WarmupSteps = 7 },
            "ScheduleFreeSgd" => new ScheduleFreeSgd(parameters) { WarmupSteps = 7 },
            "AdEMAMix" => new AdEMAMix(parameters),
            "NovoGrad" => new NovoGrad(parameters),
            "Rprop" => new Rprop(parameters),
            _ => new Pulled(parameters),
        };
    }

    private static void Train(Optimizer<float> optimizer, int first, int last)
    {
        for (int step = first; step <= last; step++)
        {
            foreach (Parameter<float> parameter in optimizer.Parameters)
            {
                for (int i = 0; i < parameter.Length; i++)
                {
                    parameter.Gradients[i] = parameter.Values[i] + (0.25f * MathF.Cos((step * 31) + i));
                }
            }

            optimizer.SetHyperparameterIfAny("LearningRate", step == 7 ? 0.05 : null);
            optimizer.Step();
        }
    }

    /// <summary>What a checkpoint would hold, but for one of the names.</summary>
    private static void Copy(Optimizer<float> from, Optimizer<float> to, string? left = null)
    {
        to.StepCount = left == "StepCount" ? 0 : from.StepCount;
        for (int i = 0; i < from.Parameters.Count; i++)
        {
            Parameter<float> one = from.Parameters[i], other = to.Parameters[i];
            one.Values.CopyTo(other.Values);
            foreach (StateDefinition state in from.Definition.States.Where(state => state.Name != left))
            {
                from.GetState(one, state.Name).CopyTo(to.GetState(other, state.Name));
            }

            foreach (ScalarStateDefinition state in from.Definition.ScalarStates.Where(state => state.Scope == StateScope.Tensor && state.Name != left))
            {
                to.GetScalarState(other, state.Name) = from.GetScalarState(one, state.Name);
            }
        }

        for (int i = 0; i < from.Parameters.Groups.Count; i++)
        {
            foreach (ScalarStateDefinition state in from.Definition.ScalarStates.Where(state => state.Scope == StateScope.Group && state.Name != left))
            {
                to.GetScalarState(to.Parameters.Groups[i], state.Name) = from.GetScalarState(from.Parameters.Groups[i], state.Name);
            }
        }
    }

    private static void AssertSameScalars(Optimizer<float> one, Optimizer<float> other)
    {
        foreach (ScalarStateDefinition state in one.Definition.ScalarStates)
        {
            for (int i = 0; i < (state.Scope == StateScope.Tensor ? one.Parameters.Count : one.Parameters.Groups.Count); i++)
            {
                double expected = state.Scope == StateScope.Tensor ? one.GetScalarState(one.Parameters[i], state.Name) : one.GetScalarState(one.Parameters.Groups[i], state.Name);
                double actual = state.Scope == StateScope.Tensor ? other.GetScalarState(other.Parameters[i], state.Name) : other.GetScalarState(other.Parameters.Groups[i], state.Name);
                SameBits(expected, actual, state.Name);
            }
        }
    }
}

file static class Setting
{
    public static void SetHyperparameterIfAny(this Optimizer<float> optimizer, string name, double? value)
    {
        if (value is { } given && optimizer.Definition.Hyperparameters.Any(one => one.Name == name))
        {
            optimizer.SetHyperparameter(name, given * optimizer.GetHyperparameter(name));
        }
    }
}
