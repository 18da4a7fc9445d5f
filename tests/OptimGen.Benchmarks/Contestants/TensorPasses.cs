using System.Numerics.Tensors;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>The rule with System.Numerics.Tensors: in place, with as few passes over memory as its functions allow.</summary>
internal sealed class TensorPasses : IContestant
{
    private readonly Arena arena;
    private readonly float[] work;
    private readonly float[] ones;
    private readonly ScalarSequence scalars;

    public TensorPasses(Arena arena)
    {
        this.arena = arena;
        scalars = arena.Scalars();
        work = GC.AllocateUninitializedArray<float>(arena.Length, pinned: true);
        ones = arena.Rule.Function == "lion" ? GC.AllocateUninitializedArray<float>(arena.Length, pinned: true) : [];
        Array.Fill(ones, 1);
    }

    public string Name => "TensorPrimitives";

    public void Step() => arena.Rule.Tensors(
        new TensorStreams(arena.Values, arena.Gradients, arena.State(0), arena.State(1), work, ones),
        scalars.Next());
}

/// <summary>The streams of a step, with one for intermediate results and, where a rule takes signs, one of ones.</summary>
internal readonly ref struct TensorStreams(
    Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, Span<float> work, ReadOnlySpan<float> ones)
{
    public readonly Span<float> Parameter = parameter, First = first, Second = second, Work = work;
    public readonly ReadOnlySpan<float> Gradient = gradient, Ones = ones;
}

/// <summary>A step of a rule by passes over its streams.</summary>
internal delegate void TensorStep(TensorStreams x, in StepScalars s);

internal static class TensorRules
{
    /// <summary>Seven passes. The scale of the root is moved to its peers, m/(c√v + ε) = (m/c)/(√v + ε/c), where it costs no pass.</summary>
    public static void Adam(TensorStreams x, in StepScalars s)
    {
        TensorPrimitives.Lerp(x.First, x.Gradient, s.OneMinusBeta1, x.First);
        TensorPrimitives.Multiply(x.Gradient, x.Gradient, x.Work);
        TensorPrimitives.Lerp(x.Second, x.Work, s.OneMinusBeta2, x.Second);
        TensorPrimitives.Sqrt(x.Second, x.Work);
        TensorPrimitives.Add(x.Work, s.Epsilon / s.RootScale, x.Work);
        TensorPrimitives.Divide(x.First, x.Work, x.Work);
        TensorPrimitives.MultiplyAdd(x.Work, -s.StepSize / s.RootScale, x.Parameter, x.Parameter);
    }

    public static void AdamW(TensorStreams x, in StepScalars s)
    {
        TensorPrimitives.Multiply(x.Parameter, 1 - s.Shrinkage, x.Parameter);
        Adam(x, s);
    }

    public static void Momentum(TensorStreams x, in StepScalars s)
    {
        TensorPrimitives.MultiplyAdd(x.First, s.Momentum, x.Gradient, x.First);
        TensorPrimitives.MultiplyAdd(x.Parameter, s.WeightDecay, x.First, x.First);
        TensorPrimitives.MultiplyAdd(x.First, -s.LearningRate, x.Parameter, x.Parameter);
    }

    public static void RmsProp(TensorStreams x, in StepScalars s)
    {
        TensorPrimitives.Multiply(x.Gradient, x.Gradient, x.Work);
        TensorPrimitives.Lerp(x.First, x.Work, s.OneMinusBeta2, x.First);
        Normalize(x, s);
    }

    public static void Lion(TensorStreams x, in StepScalars s)
    {
        TensorPrimitives.Lerp(x.First, x.Gradient, s.OneMinusBeta1, x.Work);
        TensorPrimitives.CopySign(x.Ones, x.Work, x.Work);
        TensorPrimitives.Lerp(x.First, x.Gradient, s.OneMinusBeta2, x.First);
        TensorPrimitives.Multiply(x.Parameter, 1 - s.Shrinkage, x.Parameter);
        TensorPrimitives.MultiplyAdd(x.Work, -s.LearningRate, x.Parameter, x.Parameter);
    }

    public static void Adagrad(TensorStreams x, in StepScalars s)
    {
        TensorPrimitives.MultiplyAdd(x.Gradient, x.Gradient, x.First, x.First);
        Normalize(x, s);
    }

    private static void Normalize(TensorStreams x, in StepScalars s)
    {
        TensorPrimitives.Sqrt(x.First, x.Work);
        TensorPrimitives.Add(x.Work, s.Epsilon, x.Work);
        TensorPrimitives.Divide(x.Gradient, x.Work, x.Work);
        TensorPrimitives.MultiplyAdd(x.Work, -s.LearningRate, x.Parameter, x.Parameter);
    }
}
