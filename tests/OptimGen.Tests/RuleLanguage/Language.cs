using System.Numerics;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>What the tests of the rule language share.</summary>
internal static class Language
{
    private static readonly float[] Numbers =
    [
        0, -0f, 1, -1, 0.5f, -0.5f, 2, -2, 3, -7.25f, 0.1f, -0.3f, 1e-3f, 1.5f, 100, -1000.5f, 1e10f, -1e19f, 1e30f, float.MaxValue, float.Epsilon, -float.Epsilon,
        1e-20f, 1.17549435e-38f, 0.99999994f,
    ];

    /// <summary>The kernels agree with the method on every instruction set, and one step gives what <paramref name="expected"/> says.</summary>
    public static void Computes(Func<ParameterSet, Optimizer<float>> make, Func<float, float, float> expected)
    {
        Agrees(make);
        ComputesOnEverySet(make, expected);
    }

    /// <inheritdoc cref="Computes(Func{ParameterSet, Optimizer{float}}, Func{float, float, float})"/>
    public static void Computes(Func<ParameterSet<double>, Optimizer<double>> make, Func<double, double, double> expected)
    {
        Agrees(make);
        ComputesOnEverySet(make, expected);
    }

    /// <summary>One step gives what <paramref name="expected"/> says, on every instruction set.</summary>
    public static void ComputesOnEverySet(Func<ParameterSet, Optimizer<float>> make, Func<float, float, float> expected)
    {
        float[] others = [.. Numbers, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            var parameters = new ParameterSet();
            Parameter<float> w = parameters.Add("w", others.Length * others.Length);
            Step(make(parameters), set, w, others, expected);
        }
    }

    /// <inheritdoc cref="ComputesOnEverySet(Func{ParameterSet, Optimizer{float}}, Func{float, float, float})"/>
    public static void ComputesOnEverySet(Func<ParameterSet<double>, Optimizer<double>> make, Func<double, double, double> expected)
    {
        double[] others = [.. Numbers.Select(number => (double)number), 0.1, 1e200, -1e-200, double.Epsilon, double.NaN, double.NegativeInfinity];
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            var parameters = new ParameterSet<double>();
            Parameter<double> w = parameters.Add("w", others.Length * others.Length);
            Step(make(parameters), set, w, others, expected);
        }
    }

    /// <summary>The kernels give the method's bits, for finite numbers and for all.</summary>
    public static void Agrees(Func<ParameterSet, Optimizer<float>> make)
    {
        RuleCheckResult result = RuleCheck.Require(make);
        RuleCheck.Require(
            parameters =>
            {
                Optimizer<float> optimizer = make(parameters);
                optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
                return optimizer;
            },
            new RuleCheckOptions { Seed = 2, Steps = 4 });
        Assert.Equal(RuleCheckReference.Method, result.Reference);
    }

    /// <inheritdoc cref="Agrees(Func{ParameterSet, Optimizer{float}})"/>
    public static void Agrees(Func<ParameterSet<double>, Optimizer<double>> make)
    {
        RuleCheck.Require(make);
        RuleCheck.Require(
            parameters =>
            {
                Optimizer<double> optimizer = make(parameters);
                optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
                return optimizer;
            },
            new RuleCheckOptions { Seed = 2, Steps = 4 });
    }

    /// <summary>A set with the one parameter <c>w</c> of these values.</summary>
    public static ParameterSet SetOf(params float[] values)
    {
        var parameters = new ParameterSet();
        values.CopyTo(parameters.Add("w", values.Length).Values);
        return parameters;
    }

    /// <summary>Takes a step with these gradients for <c>w</c>, and gives its values afterwards.</summary>
    public static float[] StepOn(this Optimizer<float> optimizer, params float[] gradients)
    {
        gradients.CopyTo(optimizer.Parameters["w"].Gradients);
        optimizer.Step();
        return optimizer.Parameters["w"].Values.ToArray();
    }

    /// <summary>The state of <c>w</c>.</summary>
    public static float[] StateOf(this Optimizer<float> optimizer, string name) => optimizer.GetState(optimizer.Parameters["w"], name).ToArray();

    public static void SameBits<T>(T expected, T actual, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Assert.True(FloatBits.Same(expected, actual), $"{what}: expected {FloatBits.Print(expected)}, got {FloatBits.Print(actual)}");

    private static void Step<T>(Optimizer<T> optimizer, InstructionSet set, Parameter<T> w, T[] numbers, Func<T, T, T> expected)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        optimizer.InstructionSet = set;
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        for (int i = 0; i < w.Length; i++)
        {
            w.Values[i] = numbers[i / numbers.Length];
            w.Gradients[i] = numbers[i % numbers.Length];
        }

        optimizer.Step();
        for (int i = 0; i < w.Length; i++)
        {
            T parameter = numbers[i / numbers.Length], gradient = numbers[i % numbers.Length];
            SameBits(
                expected(parameter, gradient), w.Values[i],
                $"{optimizer.Definition.Name} on {optimizer.InstructionSet}, parameter {FloatBits.Print(parameter)}, gradient {FloatBits.Print(gradient)}");
        }
    }
}
