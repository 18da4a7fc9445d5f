using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants.Phase;

/// <summary>A way through the optimizer phase: norm of the gradients, clipping, a step of Adam, zero gradients, average of the parameters.</summary>
internal abstract class PhaseContestant(PhaseArena arena) : IContestant
{
    public abstract string Name { get; }

    public bool NeedsPreparation => true;

    /// <summary>The average of the parameters, for comparing.</summary>
    public virtual float[] Averages => Streams.Averages.ToArray();

    protected PhaseArena Streams => arena;

    public void Prepare() => arena.ComputeGradients();

    public abstract void Step();
}

/// <summary>Everything in one step.</summary>
internal sealed class GeneratedPhase : PhaseContestant
{
    private readonly Optimizer<float> optimizer;
    private readonly ParameterAverage<float> average;

    public GeneratedPhase(PhaseArena arena, Setting setting)
        : base(arena)
    {
        optimizer = arena.Arena.Optimizer;
        optimizer.InstructionSet = setting.InstructionSet;
        optimizer.MaxDegreeOfParallelism = setting.Threads;
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        optimizer.MaxGradientNorm = PhaseArena.MaxNorm;
        optimizer.ZeroGradientsAfterStep = true;
        average = optimizer.AverageParameters(PhaseArena.Decay);
    }

    public override string Name => "OptimGen";

    public override float[] Averages => average.Of(optimizer.Parameters[0]).ToArray();

    public override void Step() => optimizer.Step();
}

/// <summary>A pass or more for each part, with System.Numerics.Tensors.</summary>
internal sealed class TensorPhase(PhaseArena arena) : PhaseContestant(arena)
{
    private readonly TensorPasses adam = new(arena.Arena);

    public override string Name => "TensorPrimitives";

    public override void Step()
    {
        Span<float> gradients = Streams.Arena.Gradients;
        double norm = TensorPrimitives.Norm<float>(gradients);
        if (norm > PhaseArena.MaxNorm)
        {
            TensorPrimitives.Multiply(gradients, (float)(PhaseArena.MaxNorm / norm), gradients);
        }

        adam.Step();
        gradients.Clear();
        TensorPrimitives.Lerp(Streams.Averages, Streams.Arena.Values, (float)(1 - PhaseArena.Decay), Streams.Averages);
    }
}

/// <summary>A C loop for each part.</summary>
internal sealed unsafe class CPhase(PhaseArena arena, CPeer peer, CLibrary library) : PhaseContestant(arena)
{
    private readonly CLoop adam = new(arena.Arena, peer, library);
    private readonly delegate* unmanaged<float*, CLong, float> norm = (delegate* unmanaged<float*, CLong, float>)library.Find("norm");
    private readonly delegate* unmanaged<float*, float, CLong, void> scale = (delegate* unmanaged<float*, float, CLong, void>)library.Find("scale");
    private readonly delegate* unmanaged<float*, CLong, void> zero = (delegate* unmanaged<float*, CLong, void>)library.Find("zero");
    private readonly delegate* unmanaged<float*, float*, float, CLong, void> average =
        (delegate* unmanaged<float*, float*, float, CLong, void>)library.Find("average");

    public override string Name => adam.Name;

    /// <summary>Whether its divisions and roots are correctly rounded.</summary>
    public bool IsExact => adam.IsExact;

    public override void Step()
    {
        Arena streams = Streams.Arena;
        var count = new CLong(streams.Length);
        double length = norm(streams.Gradient, count);
        if (length > PhaseArena.MaxNorm)
        {
            scale(streams.Gradient, (float)(PhaseArena.MaxNorm / length), count);
        }

        adam.Step();
        zero(streams.Gradient, count);
        average(Streams.Average, streams.Parameter, (float)(1 - PhaseArena.Decay), count);
    }
}
