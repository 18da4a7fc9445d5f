using Functions = OptimGen.RuleMath;

namespace OptimGen.Tests.RuleMathTests;

/// <summary>A rule that calls every function, on every instruction set of this machine, against the method that declares it.</summary>
public class KernelTests
{
    private const int Elements = 1003;

    [Fact]
    public void Kernels_OfSingle_GiveTheBitsOfTheMethod()
    {
        uint[] expected = Run(null);
        Assert.All(InstructionSets.Supported, set => Assert.Equal(expected, Run(set)));

        static uint[] Run(InstructionSet? set)
        {
            var parameters = new ParameterSet();
            Parameter<float> weights = parameters.Add("weights", Elements);
            var optimizer = new EveryFunction(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.Allow };
            Action step = StepOf(optimizer, set);
            Fill(weights.Values, 1);
            for (int count = 0; count < 3; count++)
            {
                Fill(weights.Gradients, count + 2);
                step();
            }

            return [.. weights.Values.ToArray().Concat(optimizer.GetState(weights, "trace").ToArray()).Select(BitConverter.SingleToUInt32Bits)];
        }
    }

    [Fact]
    public void Kernels_OfDouble_GiveTheBitsOfTheMethod()
    {
        ulong[] expected = Run(null);
        Assert.All(InstructionSets.Supported, set => Assert.Equal(expected, Run(set)));

        static ulong[] Run(InstructionSet? set)
        {
            var parameters = new ParameterSet<double>();
            Parameter<double> weights = parameters.Add("weights", Elements);
            var optimizer = new EveryFunctionInDouble(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.Allow };
            Action step = StepOf(optimizer, set);
            Fill(weights.Values, 1);
            for (int count = 0; count < 3; count++)
            {
                Fill(weights.Gradients, count + 2);
                step();
            }

            return [.. weights.Values.ToArray().Concat(optimizer.GetState(weights, "trace").ToArray()).Select(BitConverter.DoubleToUInt64Bits)];
        }
    }

    /// <summary>A step by the kernels of an instruction set, or by the method itself.</summary>
    private static Action StepOf<T>(Optimizer<T> optimizer, InstructionSet? set)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (set is { } chosen)
        {
            optimizer.InstructionSet = chosen;
            return () => optimizer.Step();
        }

        var method = new RuleReference<T>(optimizer);
        return () => method.Step((_, element) => Assert.Fail($"The method throws for the element {element}."));
    }

    /// <summary>Numbers of all magnitudes, and every special one.</summary>
    private static void Fill<T>(Span<T> span, int seed)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        for (int i = 0; i < span.Length; i++)
        {
            double value = i % 3 == 0 ? Arguments.Special[random.Next(Arguments.Special.Length)] : (random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-12, 8));
            span[i] = T.CreateTruncating(value);
        }
    }
}

[Optimizer]
internal sealed partial class EveryFunction
{
    [Hyperparameter]
    public float LearningRate { get; set; } = 0.01f;

    [UpdateRule]
    private static float Update(float parameter, float gradient, [State] ref float trace, float learningRate)
    {
        float root = Functions.Cbrt(gradient);
        float magnitude = Functions.Log(1 + MathF.Abs(parameter));
        trace = Functions.Tanh(root) + Functions.Exp(-magnitude) + Functions.Pow(parameter, gradient) + Functions.Sin(parameter) * Functions.Cos(gradient);
        return parameter - learningRate * Functions.Pow(MathF.Abs(root), 1.5f) * Functions.Exp(-gradient);
    }
}

[Optimizer]
internal sealed partial class EveryFunctionInDouble
{
    [Hyperparameter]
    public double LearningRate { get; set; } = 0.01;

    [UpdateRule]
    private static double Update(double parameter, double gradient, [State] ref double trace, double learningRate)
    {
        double root = Functions.Cbrt(gradient);
        double magnitude = Functions.Log(1 + Math.Abs(parameter));
        trace = Functions.Tanh(root) + Functions.Exp(-magnitude) + Functions.Pow(parameter, gradient) + Functions.Sin(parameter) * Functions.Cos(gradient);
        return parameter - learningRate * Functions.Pow(Math.Abs(root), 1.5) * Functions.Exp(-gradient);
    }
}
