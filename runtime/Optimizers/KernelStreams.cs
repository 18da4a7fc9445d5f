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
    private readonly Memory<T>[] states;
    private readonly int start;
    private readonly int length;
    private readonly ref T gradient;

    /// <summary>The streams of a stretch, for a kernel that does the rule and nothing else.</summary>
    internal KernelStreams(ParameterRun<T> run, OptimizerState<T> state, int start, Span<T> gradients)
    {
        (this.run, states, this.start, length) = (run, state.Of(run.Block), start, gradients.Length);
        gradient = ref MemoryMarshal.GetReference(gradients);
    }

    /// <summary>The streams of a stretch, for a kernel that does the whole phase.</summary>
    internal KernelStreams(ParameterRun<T> run, OptimizerState<T> state, int start, Span<T> gradients, StepPhase<T> phase)
        : this(run, state, start, gradients)
    {
        Phase = phase;
        HasPhase = true;
    }

    /// <summary>The number of elements of each stream.</summary>
    public nuint Count => (nuint)length;

    /// <summary>Whether something surrounds the rule in this step.</summary>
    public bool HasPhase { get; }

    /// <summary>What surrounds it.</summary>
    public StepPhase<T> Phase { get; }

    /// <summary>The parameters.</summary>
    public ref T Parameter => ref MemoryMarshal.GetReference(run.Values.Slice(start, length));

    /// <summary>The gradients.</summary>
    public ref T Gradient => ref gradient;

    /// <summary>The state stream at a position in the definition.</summary>
    public ref T State(int index) => ref MemoryMarshal.GetReference(states[index].Span.Slice(run.Offset + start, length));
}
