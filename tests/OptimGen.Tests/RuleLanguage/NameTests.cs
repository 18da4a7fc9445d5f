using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>A rule may use names that are also identifiers in the generated code, or keywords of C#.</summary>
public sealed partial class NameTests
{
    [Optimizer]
    private sealed partial class LocalsNamedLikeKernels
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            float i = gradient, count = i + 1, scalars = count * 2, lane = scalars - 1, lanes = lane + parameter, sum0 = lanes, own = sum0 * 3, step = own, wide = step + 1;
            float parameterStream = wide, gradientStream = parameterStream, reduced = gradientStream, scalar = reduced, condition = scalar, result = condition;
            bool lower = result > 0;
            if (lower)
            {
                result = result - 1;
            }

            return result + parameterStream;
        }
    }

    [Fact]
    public void Locals_NamedLikeTheKernelsOwn() => Computes(p => new LocalsNamedLikeKernels(p), (p, g) =>
    {
        float wide = (((g + 1) * 2 - 1) + p) * 3 + 1;
        return (wide > 0 ? wide - 1 : wide) + wide;
    });

    [Optimizer]
    private sealed partial class LocalsNamedLikeKeywords
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            float @params = gradient, @event = @params + 1, @class = @event * 2;
            bool @if = @class > 0;
            float value = @if ? 1 : 2, var = value, record = var, async = record, field = async, @ref = field;
            return parameter * @class + @ref;
        }
    }

    [Fact]
    public void Locals_NamedLikeKeywords() => Computes(p => new LocalsNamedLikeKeywords(p), (p, g) => p * ((g + 1) * 2) + ((g + 1) * 2 > 0 ? 1 : 2));

    [Optimizer]
    private sealed partial class StatesNamedLikeKernels
    {
        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [State] ref float i, [State] ref float count, [State] ref float scalars, [State] ref float lanes, [State] ref float own,
            [State] ref float streams, [State] ref float slot, [State] ref float gradientStream, [State] ref float @class, [State] ref float value)
        {
            i += gradient;
            count += i;
            scalars += count;
            lanes += 1;
            own += lanes;
            streams += own;
            slot += 1;
            gradientStream += slot;
            @class += gradientStream;
            value += @class;
            return parameter + scalars + streams + value;
        }
    }

    [Fact]
    public void States_NamedLikeTheKernelsOwn_KeepTheirPublicNames()
    {
        Agrees(p => new StatesNamedLikeKernels(p));
        var optimizer = new StatesNamedLikeKernels(SetOf(0));
        Assert.Equal(
            ["i", "count", "scalars", "lanes", "own", "streams", "slot", "gradientStream", "class", "value"], optimizer.Definition.States.Select(state => state.Name));
        Assert.Equal([3 + 1 + 1], optimizer.StepOn(3));
        Assert.Equal([3], optimizer.StateOf("count"));
        // i = 6, count = 9, scalars = 12; lanes = 2, own = 3, streams = 4; slot = 2, gradientStream = 3, class = 4, value = 5.
        Assert.Equal([5 + 12 + 4 + 5], optimizer.StepOn(3));
        Assert.Equal([5], optimizer.StateOf("value"));
    }

    [Optimizer]
    private sealed partial class HyperparametersNamedLikeGenerated
    {
        [Hyperparameter] public float Own { get; set; } = 1;

        [Hyperparameter] public float Group { get; set; } = 2;

        [Hyperparameter] public float GroupName { get; set; } = 3;

        [Hyperparameter] public float I { get; set; } = 4;

        [Hyperparameter] public float Count { get; set; } = 5;

        [Hyperparameter] public float Value { get; set; } = 6;

        [Hyperparameter] public float Class { get; set; } = 7;

        [Hyperparameter] public float Index { get; set; } = 8;

        [Hyperparameter] public float Streams { get; set; } = 9;

        [Hyperparameter] public float Given { get; set; } = 10;

        [Hyperparameter] public float IsKnown { get; set; } = 11;

        [Hyperparameter] public float LearningRate { get; set; } = 12;

        [Hyperparameter] public float ExactLearningRate { get; set; } = 13;

        [UpdateRule]
        private static float Update(
            float parameter, float gradient, float own, float group, float groupName, float i, float count, float value, float @class, float index, float streams, float given,
            float isKnown, float learningRate, float exactLearningRate) =>
            parameter + gradient * (own + 2 * group + 3 * groupName + 4 * i + 5 * count + 6 * value + 7 * @class + 8 * index + 9 * streams + 10 * given
                + 11 * isKnown + 12 * learningRate + 13 * exactLearningRate);
    }

    [Fact]
    public void Hyperparameters_NamedLikeGeneratedCode()
    {
        Computes(p => new HyperparametersNamedLikeGenerated(p), (p, g) => p + g * 819);
        ParameterSet parameters = SetOf(1);
        ParameterGroup<float> group = parameters.AddGroup("second");
        group.Add("v", 1);
        var optimizer = new HyperparametersNamedLikeGenerated(parameters);
        optimizer.For(group).Group = 3;
        optimizer.For(group).Value = 0;
        parameters["v"].Gradients[0] = 1;
        optimizer.Step();
        Assert.Equal(819 + 2 - 36, parameters["v"].Values[0]);
        Assert.Equal(3, optimizer.For(group).Group);
        Assert.Equal(["Own", "Group", "GroupName", "I", "Count", "Value", "Class", "Index", "Streams", "Given", "IsKnown", "LearningRate", "ExactLearningRate"], optimizer.Definition.Hyperparameters.Select(one => one.Name));
    }

    [Optimizer]
    private sealed partial class LowerCaseHyperparameters
    {
        [Hyperparameter] public float rho { get; set; } = 0.5f;

        [Hyperparameter] public float _scale { get; set; } = 2;

        [Hyperparameter] public float ÉtaMax { get; set; } = 4;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float rho, float _scale, float étaMax) => parameter - rho * _scale * étaMax * gradient;
    }

    [Fact]
    public void Hyperparameters_InLowerCase()
    {
        Computes(p => new LowerCaseHyperparameters(p), (p, g) => p - 4 * g);
        ParameterSet parameters = SetOf(1);
        var optimizer = new LowerCaseHyperparameters(parameters);
        optimizer.For(parameters.Groups[0]).rho = 1;
        Assert.Equal([-7], optimizer.StepOn(1));
    }

    [Optimizer]
    private sealed partial class StateNamedLikeHyperparameter
    {
        [Hyperparameter] public float Momentum { get; set; } = 0.5f;

        [Hyperparameter] public float Scale { get; set; } = 2;

        [PerStep]
        private static void Prepare(double momentum, double scale, out double decay) => decay = momentum * scale / 2;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float decay, [State] ref float momentum, float scale)
        {
            momentum = decay * momentum + gradient;
            return parameter - scale * momentum;
        }
    }

    [Fact]
    public void AState_NamedLikeAHyperparameter_ThatOnlyThePerStepMethodTakes()
    {
        Agrees(p => new StateNamedLikeHyperparameter(p));
        var optimizer = new StateNamedLikeHyperparameter(SetOf(0));
        Assert.Equal([-2], optimizer.StepOn(1));
        Assert.Equal([-5], optimizer.StepOn(1));
    }

    [Optimizer]
    private sealed partial class NamesBesideStages
    {
        [Hyperparameter] public float Scale { get; set; } = 0.5f;

        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [State] ref float variance, [State] ref float momentum, float scale,
            [RmsNormalize(0.5, Epsilon = 0, Centered = true), BiasCorrection] float direction)
        {
            float beta2 = direction, epsilon = 1, rootScale = 2, oneMinusBeta2 = 3, ahead = beta2;
            variance += gradient;
            momentum += 1;
            return parameter - scale * ahead + epsilon * rootScale * oneMinusBeta2 * 0 + variance + momentum;
        }
    }

    [Fact]
    public void Names_ThatStagesUseForThemselves()
    {
        Agrees(p => new NamesBesideStages(p));
        var optimizer = new NamesBesideStages(SetOf(0));
        optimizer.StepOn(3);
        optimizer.StepOn(4);
        Assert.Equal([7], optimizer.StateOf("variance"));
        Assert.Equal([2], optimizer.StateOf("momentum"));
    }

    [Optimizer]
    private sealed partial class OnlyInCase
    {
        [PerStep]
        private static void Prepare(out double a, out double A, out bool flag, out bool Flag)
        {
            (a, A) = (1, 10);
            (flag, Flag) = (true, false);
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient, float a, float A, bool flag, bool Flag) => parameter + (flag ? a : 0) * gradient + (Flag ? 100 : A);
    }

    [Fact]
    public void Names_ThatDifferOnlyInCase() => Computes(p => new OnlyInCase(p), (p, g) => p + 1 * g + 10);

    [Optimizer]
    private sealed partial class ScalarsNamedLikeGenerated
    {
        [PerStep]
        private static void Prepare(
            long step, [State(InitialValue = 1)] ref double groupState, [State] ref double group, out double scalars, out double prepared, out double own, out double exactRate, out bool streams)
        {
            groupState *= 2;
            group += step;
            (scalars, prepared, own, exactRate) = (groupState, group, 3, 4);
            streams = step > 1;
        }

        [Hyperparameter] public float Rate { get; set; } = 0.5f;

        [PerStep]
        private static void Late(double rate, out double slot) => slot = rate;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float scalars, float prepared, float own, float exactRate, float slot, bool streams) =>
            streams ? parameter + scalars + prepared + own + exactRate + slot : parameter - gradient;
    }

    [Fact]
    public void Scalars_NamedLikeGeneratedCode()
    {
        Agrees(p => new ScalarsNamedLikeGenerated(p));
        var optimizer = new ScalarsNamedLikeGenerated(SetOf(0));
        Assert.Equal([-1], optimizer.StepOn(1));
        Assert.Equal([-1 + 4 + 3 + 3 + 4 + 0.5f], optimizer.StepOn(1));
    }

    [Optimizer]
    private sealed partial class ReductionsNamedLikeGenerated
    {
        [Hyperparameter] public float Tensor { get; set; } = 1;

        [Reduce(Reduction.Sum)]
        private static float Reductions(float gradient, float lane) => gradient + lane * 0;

        [Reduce(Reduction.Sum, ReductionScope.Global)]
        private static float Results(float gradient, float sum0, float wide, float lower) => gradient + sum0 + wide + lower;

        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [State] ref float lane, [State] ref float sum0, [State] ref float wide, [State] ref float lower, float reductions, float results,
            float tensor)
        {
            lane = 1;
            sum0 = 1;
            wide = 1;
            lower = 1;
            return parameter + reductions + results * tensor + gradient * 0;
        }
    }

    [Fact]
    public void Reductions_NamedLikeGeneratedCode()
    {
        Agrees(p => new ReductionsNamedLikeGenerated(p));
        var optimizer = new ReductionsNamedLikeGenerated(SetOf(0, 0));
        Assert.Equal([6, 6], optimizer.StepOn(1, 2));
        // Now each of two elements adds the three states too.
        Assert.Equal([6 + 3 + 9, 18], optimizer.StepOn(1, 2));
    }
}
