namespace OptimGen.Tests.Kernels;

/// <summary>A step that is refused throws before the first store, with a message that names the cause.</summary>
public class AllOrNothingTests
{
    public static TheoryData<string> All => RuleCases.All;

    [Theory, MemberData(nameof(All))]
    public void NonFiniteGradientInTheLastParameter_ChangesNothing(string rule)
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            Optimizer<float> optimizer = Running(rule, set);
            Parameter<float> last = optimizer.Parameters["last"];
            foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                last.Gradients[38] = value;
                Snapshot before = Snapshot.Of(optimizer);
                var refusal = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
                before.AssertUnchanged($"{rule}, {set}, {value}");
                Assert.Equal("last", refusal.ParameterName);
                Assert.Equal(38, refusal.Element);
                Assert.Equal((double)value, refusal.Value);
                Assert.Contains("'last' at [5, 3] is " + value.ToString(System.Globalization.CultureInfo.InvariantCulture), refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void NonFiniteGradient_IsFoundAtEveryPosition()
    {
        for (int length = 1; length <= 150; length++)
        {
            var parameters = new ParameterSet();
            parameters.Add("before", 3);
            Parameter<float> parameter = parameters.Add("one", length);
            var optimizer = new Adam(parameters);
            for (int i = 0; i < length; i++)
            {
                parameter.Gradients.Fill(1e38f);
                parameter.Gradients[i] = float.NaN;
                Assert.Equal(i, Assert.Throws<NonFiniteGradientException>(() => optimizer.Step()).Element);
            }

            // The largest finite numbers must pass: the check must not sum them, which would overflow.
            parameter.Gradients.Fill(float.MaxValue);
            optimizer.Step();
            Assert.Equal(1, optimizer.StepCount);
        }
    }

    [Fact]
    public void SeveralNonFiniteGradients_TheFirstIsNamed()
    {
        Optimizer<float> optimizer = Running("Adam", InstructionSets.Selected);
        optimizer.Parameters["last"].Gradients[0] = float.NaN;
        optimizer.Parameters["wrapped"].Gradients[36] = float.NegativeInfinity;
        optimizer.Parameters["wrapped"].Gradients[7] = float.NaN;
        var refusal = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Equal(("wrapped", 7), (refusal.ParameterName, refusal.Element));
    }

    [Fact]
    public void GradientsNotLookedAt_NonFiniteSpreadsIntoItsOwnElementOnly()
    {
        Optimizer<float> optimizer = Running("Adam", InstructionSets.Selected);
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        Parameter<float> last = optimizer.Parameters["last"];
        last.Gradients[38] = float.NaN;
        optimizer.Step();
        Assert.Equal([38], Enumerable.Range(0, last.Length).Where(i => float.IsNaN(last.Values[i])));
    }

    [Theory, MemberData(nameof(All))]
    public void AfterARefusal_TheStepIsThatOfAnOptimizerThatNeverRefused(string rule)
    {
        Optimizer<float> refused = Running(rule, InstructionSets.Selected);
        Optimizer<float> other = Running(rule, InstructionSets.Selected);
        float good = refused.Parameters["last"].Gradients[38];
        refused.Parameters["last"].Gradients[38] = float.NaN;
        Assert.Throws<NonFiniteGradientException>(() => refused.Step());
        refused.Parameters["last"].Gradients[38] = good;
        refused.Step();
        other.Step();
        Snapshot.Of(other).AssertSame(refused, rule);
    }

    [Theory, MemberData(nameof(All))]
    public void HyperparameterOutOfItsBounds_IsRefusedByTheSetter(string rule)
    {
        Optimizer<float> optimizer = Running(rule, InstructionSets.Selected);
        Snapshot before = Snapshot.Of(optimizer);
        foreach (HyperparameterDefinition one in optimizer.Definition.Hyperparameters)
        {
            double value = optimizer.GetHyperparameter(one.Name);
            Assert.Equal(one.Default, value);
            double[] bad = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.5, -1e-30, 1e300, .. BeyondMaximum(one), .. AtMinimum(one)];
            foreach (double wrong in bad)
            {
                var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.SetHyperparameter(one.Name, wrong));
                Assert.StartsWith(one.Name + " is ", refusal.Message, StringComparison.Ordinal);
                Assert.Equal(one.Name, refusal.ParamName);
                Assert.Equal(value, optimizer.GetHyperparameter(one.Name));
            }
        }

        before.AssertUnchanged(rule);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1f)]
    public void RateScaleOutOfItsBounds_IsRefusedByTheStep(float scale)
    {
        ParameterSet parameters = TwoGroups(out ParameterGroup<float> slow);
        var optimizer = new Adam(parameters);
        optimizer.Step();
        Snapshot before = Snapshot.Of(optimizer);
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            optimizer.For(slow).LearningRateScale = scale;
            optimizer.Step();
        });
        before.AssertUnchanged($"scale {scale}");
        Assert.Contains("LearningRate", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'slow'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GroupHyperparameterOutOfItsBounds_IsRefusedByTheSetter()
    {
        ParameterSet parameters = TwoGroups(out ParameterGroup<float> slow);
        var optimizer = new Adam(parameters);
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.For(slow).Beta1 = 1);
        Assert.StartsWith("Beta1 of group 'slow' is 1; it must be in [0, 1).", refusal.Message, StringComparison.Ordinal);
        Assert.Null(optimizer.For(slow).Beta1);
    }

    [Fact]
    public void PropertyOutOfItsBounds_IsRefusedWithTheBounds()
    {
        var parameters = new ParameterSet();
        parameters.Add("w", 4);
        var adam = new Adam(parameters);
        Assert.StartsWith(
            "Beta1 is 1; it must be in [0, 1).", Assert.Throws<ArgumentOutOfRangeException>(() => adam.Beta1 = 1).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "LearningRate is NaN; it must be at least 0, and finite.",
            Assert.Throws<ArgumentOutOfRangeException>(() => adam.LearningRate = float.NaN).Message,
            StringComparison.Ordinal);
        var clipped = new DescentClipped(parameters);
        Assert.StartsWith(
            "ClipValue is 0; it must be greater than 0, and finite.",
            Assert.Throws<ArgumentOutOfRangeException>(() => clipped.ClipValue = 0).Message,
            StringComparison.Ordinal);
        Assert.Equal((0.1f, 0.9f, 0.75f), (adam.LearningRate, adam.Beta1, clipped.ClipValue));
    }

    [Fact]
    public void ScalarThatOverflows_ChangesNothingInAnyGroup()
    {
        ParameterSet parameters = TwoGroups(out ParameterGroup<float> slow);
        var optimizer = new Adam(parameters);
        optimizer.Step();
        // η/(1 − β₁²) = 1.6e39 is no float; only the second group has it.
        optimizer.For(slow).LearningRate = 3e38f;
        Snapshot before = Snapshot.Of(optimizer);
        var refusal = Assert.Throws<ArithmeticException>(() => optimizer.Step());
        before.AssertUnchanged("overflow");
        Assert.Contains("stepSize is 1.57894", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Single", refusal.Message, StringComparison.Ordinal);

        optimizer.For(slow).LearningRate = null;
        optimizer.Step();
        Assert.Equal(2, optimizer.StepCount);
    }

    [Fact]
    public void RateTimesScaleThatOverflows_ChangesNothing()
    {
        ParameterSet parameters = TwoGroups(out ParameterGroup<float> slow);
        var optimizer = new Descent(parameters) { LearningRate = 1e30f };
        optimizer.For(slow).LearningRateScale = 1e30f;
        Snapshot before = Snapshot.Of(optimizer);
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            // A refused step must check again at the next attempt.
            Assert.Throws<InvalidOperationException>(() => optimizer.Step());
            before.AssertUnchanged($"overflow, attempt {attempt}");
        }

        optimizer.For(slow).LearningRateScale = 1;
        optimizer.Step();
        Assert.Equal(1, optimizer.StepCount);
    }

    [Fact]
    public void UnknownHyperparameter_IsRefusedWithTheNames()
    {
        Optimizer<float> optimizer = Running("Adam", InstructionSets.Selected);
        foreach (Action attempt in new Action[] { () => optimizer.GetHyperparameter("Beta3"), () => optimizer.SetHyperparameter("Beta3", 0.5) })
        {
            Assert.StartsWith(
                "Adam has no hyperparameter 'Beta3'. It has: LearningRate, Beta1, Beta2, Epsilon.",
                Assert.Throws<ArgumentException>(attempt).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void UnknownStateOrForeignParameter_IsRefused()
    {
        Optimizer<float> optimizer = Running("Adam", InstructionSets.Selected);
        Optimizer<float> other = Running("Adam", InstructionSets.Selected);
        Assert.StartsWith(
            "Adam has no state 'velocity'. It has: firstMoment, secondMoment.",
            Assert.Throws<ArgumentException>(() => optimizer.GetState(optimizer.Parameters[0], "velocity").Length).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Parameter 'first' belongs to another set",
            Assert.Throws<ArgumentException>(() => optimizer.GetState(other.Parameters[0], "firstMoment").Length).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyOrMissingSet_IsRefused()
    {
        Assert.StartsWith(
            "The parameter set is empty", Assert.Throws<ArgumentException>(() => new Adam(new ParameterSet())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new Adam(null!));
    }

    private static IEnumerable<double> BeyondMaximum(HyperparameterDefinition one) =>
        // The last rounds to 1 in single precision.
        double.IsFinite(one.Maximum) ? [one.Maximum, one.Maximum + 0.5, one.Maximum - 1e-12] : [];

    private static IEnumerable<double> AtMinimum(HyperparameterDefinition one) =>
        // The last rounds to 0 in single precision.
        one.MinimumIsExclusive ? [one.Minimum, 1e-60] : [];

    private static ParameterSet TwoGroups(out ParameterGroup<float> slow)
    {
        var parameters = new ParameterSet();
        parameters.Add("fast", 20);
        slow = parameters.AddGroup("slow");
        slow.Add("slow", 20);
        foreach (Parameter<float> parameter in parameters)
        {
            Data.Values(20).CopyTo(parameter.Values);
            Data.Gradient(20, 1).CopyTo(parameter.Gradients);
        }

        return parameters;
    }

    /// <summary>An optimizer over parameters in the arena, wrapped, and in a group, after one step, with gradients for the next.</summary>
    private static Optimizer<float> Running(string rule, InstructionSet set)
    {
        var parameters = new ParameterSet();
        parameters.Add("first", 100);
        parameters.Wrap("wrapped", new float[37], new float[37]);
        parameters.AddGroup("group").Add("last", 6, 7);
        Optimizer<float> optimizer = RuleCases.Create(rule, parameters, set);
        foreach (Parameter<float> parameter in parameters)
        {
            Data.Values(parameter.Length).CopyTo(parameter.Values);
            Data.Gradient(parameter.Length, 1).CopyTo(parameter.Gradients);
        }

        optimizer.Step();
        foreach (Parameter<float> parameter in parameters)
        {
            Data.Gradient(parameter.Length, 2).CopyTo(parameter.Gradients);
        }

        return optimizer;
    }
}
