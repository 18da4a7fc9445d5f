using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen.CompilerServices;

/// <summary>
/// The streams (parameters, gradients and states) that a kernel call loads and stores, for a contiguous range of elements. Each is given by the reference
/// to its first element.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct KernelStreams<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterRun<T> run;
    private readonly int start;
    private readonly int length;
    private readonly StepTile<T>? tile;
    private readonly ref T gradient;
    private readonly ref T rowStates;

    /// <param name="run">The run.</param>
    /// <param name="start">The position of the first element in the run.</param>
    /// <param name="length">The number of elements.</param>
    /// <param name="tile">What has those streams that are kept in another form; <see langword="null"/> if none is.</param>
    /// <param name="gradients">The gradients, from the first element on, if they are not the run's.</param>
    /// <param name="rowStates">
    /// For elements of one row, the row's numbers in each state by its position in the definition: before the step, and from its assignment on. Empty for a rule
    /// without states of rows.
    /// </param>
    internal KernelStreams(ParameterRun<T> run, int start, int length, StepTile<T>? tile = null, Span<T> gradients = default, Span<T> rowStates = default)
        : this(run, start, length, tile, ref MemoryMarshal.GetReference(gradients), ref MemoryMarshal.GetReference(rowStates))
    {
    }

    private KernelStreams(ParameterRun<T> run, int start, int length, StepTile<T>? tile, ref T gradient, ref T rowStates)
    {
        (this.run, this.start, this.length, this.tile) = (run, start, length, tile);
        this.gradient = ref gradient;
        this.rowStates = ref rowStates;
    }

    /// <summary>The number of elements of each stream.</summary>
    public nuint Count => (nuint)length;

    /// <summary>The position of the parameter group of the elements.</summary>
    public int Group => run.Group;

    /// <summary>
    /// The position of the tensor of the elements; only for a rule with scalars for each tensor (<see cref="OptimizerDefinition.PerTensor"/>).
    /// </summary>
    public int Tensor => run.Tensor;

    /// <summary>The parameters.</summary>
    public ref T Parameter => ref tile is { HasParameter: true } ? ref tile.Parameter(start) : ref run.Values.At(run.Offset + start);

    /// <summary>The gradients.</summary>
    public ref T Gradient => ref !Unsafe.IsNullRef(in gradient) ? ref gradient
        : ref tile is { HasGradient: true } ? ref tile.Gradient(start)
        : ref run.Gradients.At(run.Offset + start);

    /// <summary>The state stream at a position in the definition.</summary>
    public ref T State(int index) => ref tile is not null && tile.HasState(index) ? ref tile.State(index, start) : ref run.States[index].At(run.StateOffset + start);

    /// <summary>
    /// The number that the row of the elements has in a state of rows (<see cref="StateGranularity.Row"/>), as it was before the step. Only for a state of rows, in
    /// <see cref="RuleKernels{T}.ReduceRow"/> and the updates, which are called for elements of one row if the rule has such states.
    /// </summary>
    /// <param name="index">The position of the state in the definition.</param>
    public ref readonly T RowState(int index) => ref Unsafe.Add(ref rowStates, 2 * index);

    /// <summary>The same from the assignment of the state on: the mean over the row. Known to what comes after it in <see cref="StepRule{T}.AssignedRowStates"/>.</summary>
    /// <param name="index">The position of the state in the definition.</param>
    public ref readonly T RowMean(int index) => ref Unsafe.Add(ref rowStates, (2 * index) + 1);

    /// <summary>A part of the elements, with gradients from other memory.</summary>
    internal KernelStreams<T> Slice(int start, Span<T> gradients) =>
        new(run, this.start + start, gradients.Length, tile, ref MemoryMarshal.GetReference(gradients), ref rowStates);
}
