using System.Runtime.CompilerServices;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants.Phase;

/// <summary>
/// The streams of Adam and of the average of its parameters, and the gradients that a backward pass would have left: of a norm above
/// <see cref="MaxNorm"/>, so that everyone clips.
/// </summary>
internal sealed unsafe class PhaseArena
{
    public const double MaxNorm = 1;
    public const double Decay = 0.999;

    private readonly float[] gradients;
    private readonly float[] average;

    public PhaseArena(int length)
    {
        Arena = new Arena(Rule.All[0], length);
        gradients = Arena.Gradients.ToArray();
        int line = 64 / sizeof(float);
        average = GC.AllocateUninitializedArray<float>(length + line, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref average[0]);
        Average = (float*)((address + 63) / 64 * 64);
        Arena.Values.CopyTo(Averages);
    }

    public Arena Arena { get; }

    /// <summary>The average of the contestants that keep it themselves.</summary>
    public float* Average { get; }

    public Span<float> Averages => new(Average, Arena.Length);

    /// <summary>The backward pass.</summary>
    public void ComputeGradients() => gradients.CopyTo(Arena.Gradients);
}
