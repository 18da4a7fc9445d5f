using System.Runtime.CompilerServices;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>The rule's scalar method in a plain C# loop.</summary>
internal sealed class ScalarLoop(Arena arena) : IContestant
{
    private readonly ScalarSequence scalars = arena.Scalars();

    public string Name => "scalar C#";

    public void Step() => arena.Rule.Scalar(
        arena.Values, arena.Gradients, arena.State(0), arena.StateCount > 1 ? arena.State(1) : arena.State(0), scalars.Next());
}

/// <summary>A step of a rule over the elements of its streams. A rule with one state is handed it twice.</summary>
internal delegate void ScalarStep(Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, in StepScalars scalars);

/// <summary>A rule as one scalar method.</summary>
internal interface IScalarRule
{
    static abstract float Update(float parameter, float gradient, ref float first, ref float second, in StepScalars s);
}

internal static class ScalarRules
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Loop<TRule>(Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, in StepScalars scalars)
        where TRule : struct, IScalarRule
    {
        StepScalars own = scalars;
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = TRule.Update(parameters[i], gradients[i], ref first[i], ref second[i], own);
        }
    }
}

internal readonly struct AdamRule : IScalarRule
{
    public static float Update(float parameter, float gradient, ref float m, ref float v, in StepScalars s)
    {
        m = (s.Beta1 * m) + (s.OneMinusBeta1 * gradient);
        v = (s.Beta2 * v) + (s.OneMinusBeta2 * gradient * gradient);
        return parameter - (s.StepSize * m / ((MathF.Sqrt(v) * s.RootScale) + s.Epsilon));
    }
}

internal readonly struct AdamWRule : IScalarRule
{
    public static float Update(float parameter, float gradient, ref float m, ref float v, in StepScalars s) =>
        AdamRule.Update(parameter - (s.Shrinkage * parameter), gradient, ref m, ref v, s);
}

internal readonly struct MomentumRule : IScalarRule
{
    public static float Update(float parameter, float gradient, ref float b, ref float unused, in StepScalars s)
    {
        b = (s.Momentum * b) + (gradient + (s.WeightDecay * parameter));
        return parameter - (s.LearningRate * b);
    }
}

internal readonly struct RmsPropRule : IScalarRule
{
    public static float Update(float parameter, float gradient, ref float v, ref float unused, in StepScalars s)
    {
        v = (s.Beta2 * v) + (s.OneMinusBeta2 * gradient * gradient);
        return parameter - (s.LearningRate * gradient / (MathF.Sqrt(v) + s.Epsilon));
    }
}

internal readonly struct LionRule : IScalarRule
{
    public static float Update(float parameter, float gradient, ref float m, ref float unused, in StepScalars s)
    {
        float direction = (s.Beta1 * m) + (s.OneMinusBeta1 * gradient);
        m = (s.Beta2 * m) + (s.OneMinusBeta2 * gradient);
        return parameter - (s.Shrinkage * parameter) - (s.LearningRate * MathF.Sign(direction));
    }
}

internal readonly struct AdagradRule : IScalarRule
{
    public static float Update(float parameter, float gradient, ref float sum, ref float unused, in StepScalars s)
    {
        sum += gradient * gradient;
        return parameter - (s.LearningRate * gradient / (MathF.Sqrt(sum) + s.Epsilon));
    }
}
