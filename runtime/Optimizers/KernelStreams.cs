using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>For generated code: the streams of one run of elements, each by the reference to its first element.</summary>
/// <typeparam name="T">The element type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct KernelStreams<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterRun<T> run;
    private readonly Stretch<T>[] states;
    private readonly int start;
    private readonly int length;
    private readonly ref T gradient;

    internal KernelStreams(ParameterRun<T> run, OptimizerState<T> state, int start, int length)
        : this(run, state, start, length, ref run.GradientsAt(start))
    {
    }

    /// <summary>With gradients that are not the run's own.</summary>
    internal KernelStreams(ParameterRun<T> run, OptimizerState<T> state, int start, Span<T> gradients)
        : this(run, state, start, gradients.Length, ref MemoryMarshal.GetReference(gradients))
    {
    }

    private KernelStreams(ParameterRun<T> run, OptimizerState<T> state, int start, int length, ref T gradient)
    {
        (this.run, states, this.start, this.length) = (run, state.Of(run.Block), start, length);
        this.gradient = ref gradient;
    }

    /// <summary>The number of elements of each stream.</summary>
    public nuint Count => (nuint)length;

    /// <summary>The parameters.</summary>
    public ref T Parameter => ref run.ValuesAt(start);

    /// <summary>The gradients.</summary>
    public ref T Gradient => ref gradient;

    /// <summary>The state stream at a position in the definition.</summary>
    public ref T State(int index) => ref states[index].At(run.Offset + start);
}
