using System.Numerics.Tensors;

namespace OptimGen.Samples.Benchmark;

/// <summary>Adam by attributes: the generated kernel.</summary>
[Optimizer, Ewa(0.9f), RmsNormalize(0.999f, Epsilon = 1e-8f), BiasCorrection]
internal sealed partial class FusedAdam;

/// <summary>One way to take a step of Adam over as many elements as its set has.</summary>
internal interface IContestant
{
    string Name { get; }

    void Step();
}

/// <summary>The generated kernel of the instruction set in use.</summary>
internal sealed class Fused : IContestant
{
    private readonly FusedAdam optimizer;

    public Fused(int length, bool refuseNonFinite)
    {
        var parameters = new ParameterSet(length);
        Fill(parameters.Add("weights", length).Gradients);
        optimizer = new FusedAdam(parameters) { NonFiniteGradients = refuseNonFinite ? NonFiniteGradientPolicy.Throw : NonFiniteGradientPolicy.Allow };
        Name = refuseNonFinite ? "OptimGen" : "OptimGen, gradients not checked";
    }

    public string Name { get; }

    public void Step() => optimizer.Step();

    public static void Fill(Span<float> gradients)
    {
        var random = new Random(1);
        foreach (ref float gradient in gradients)
        {
            gradient = random.NextSingle() - 0.5f;
        }
    }
}

/// <summary>What a tensor library does: a vectorized pass over memory for each operation of the rule.</summary>
internal sealed class TensorPasses(int length) : IContestant
{
    private const float Rate = 1e-3f, Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;

    private readonly float[] parameter = new float[length], gradient = Filled(length), first = new float[length], second = new float[length], work = new float[length];
    private int step;

    public string Name => "TensorPrimitives, a pass for each operation";

    public void Step()
    {
        step++;
        double correction1 = 1 - Math.Pow(Beta1, step), correction2 = 1 - Math.Pow(Beta2, step);
        TensorPrimitives.Multiply(first, Beta1, first);
        TensorPrimitives.MultiplyAdd(gradient, 1 - Beta1, first, first);
        TensorPrimitives.Multiply(gradient, gradient, work);
        TensorPrimitives.Multiply(second, Beta2, second);
        TensorPrimitives.MultiplyAdd(work, 1 - Beta2, second, second);
        TensorPrimitives.Sqrt(second, work);
        TensorPrimitives.Multiply(work, (float)(1 / Math.Sqrt(correction2)), work);
        TensorPrimitives.Add(work, Epsilon, work);
        TensorPrimitives.Divide(first, work, work);
        TensorPrimitives.MultiplyAdd(work, (float)(-Rate / correction1), parameter, parameter);
    }

    internal static float[] Filled(int length)
    {
        var values = new float[length];
        Fused.Fill(values);
        return values;
    }
}

/// <summary>What one writes first: a loop over the elements.</summary>
internal sealed class PlainLoop(int length) : IContestant
{
    private const float Rate = 1e-3f, Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;

    private readonly float[] parameter = new float[length], gradient = TensorPasses.Filled(length), first = new float[length], second = new float[length];
    private int step;

    public string Name => "a plain C# loop";

    public void Step()
    {
        step++;
        float stepSize = (float)(Rate / (1 - Math.Pow(Beta1, step))), scale = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step)));
        for (int i = 0; i < parameter.Length; i++)
        {
            first[i] = (Beta1 * first[i]) + ((1 - Beta1) * gradient[i]);
            second[i] = (Beta2 * second[i]) + ((1 - Beta2) * gradient[i] * gradient[i]);
            parameter[i] -= stepSize * first[i] / ((MathF.Sqrt(second[i]) * scale) + Epsilon);
        }
    }
}
