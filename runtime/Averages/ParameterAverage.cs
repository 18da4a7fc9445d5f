using System.Numerics;

namespace OptimGen;

/// <summary>
/// The exponential moving average (EMA) of the parameters of an optimizer, ā ← ā + (1−β)(θ − ā) after each step. It starts as a copy of the parameters
/// at the call of <see cref="Optimizer{T}.AverageParameters"/>. A model with averaged parameters often has a lower loss on held-out data than one with
/// the parameters themselves: see <see cref="Evaluate"/>. To save the averages, copy the spans of <see cref="Of(Parameter{T})"/>.
/// </summary>
/// <remarks>
/// <para>
/// It starts from parameters and not from zero, so it needs no bias correction. But the initial parameters have the weight βᵗ in it after t steps. With a
/// β near 1, either start it after the first phase of training, or increase <see cref="Decay"/> over time. A step that is refused or skipped does not
/// change it.
/// </para>
/// <para>
/// The update kernel updates the average while the new parameters are in registers, so it costs one load and one store for each element. The average
/// takes as much memory as the parameters. It is computed in the element type, with the same bits on every instruction set.
/// </para>
/// <para>
/// Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992, with weights that decay.
/// </para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ParameterAverage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Optimizer<T> optimizer;
    private readonly Memory<T>[] averages;
    private readonly ElementMemory<T>[] elements;
    private double decay;

    internal ParameterAverage(Optimizer<T> optimizer, double decay)
    {
        optimizer.TrainingPoint.Require(optimizer, "start an average");
        this.optimizer = optimizer;
        Decay = decay;
        averages = [.. optimizer.Parameters.Blocks.Select(Copy)];
        elements = [.. averages.Select(average => new ElementMemory<T>(average))];
    }

    /// <summary>β in [0, 1), the weight of the past: the average is over about the last 1/(1−β) steps. It can be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Decay
    {
        get => decay;
        set => decay = value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Decay), value, FormattableString.Invariant($"Decay is {value}; it must be in [0, 1)."));
    }

    /// <summary>
    /// The average of one parameter, as many elements as the parameter has, at the same positions. Inside an <see cref="Evaluate"/> scope it holds the
    /// trained values instead. The span is a view and not a copy: the next step changes it.
    /// </summary>
    /// <exception cref="ArgumentException">The parameter belongs to another set than the optimizer's.</exception>
    public ReadOnlySpan<T> Of(Parameter<T> parameter)
    {
        optimizer.RequireInSet(parameter);
        return averages[parameter.Block.Index].Span.Slice(parameter.Offset, parameter.Length);
    }

    /// <summary>
    /// Swaps parameters and averages until the result is disposed of, which swaps them back, to the bit:
    /// <c>using (average.Evaluate()) { … }</c>. Until then no optimizer over the same parameters can step. It swaps in place, without a buffer; each swap
    /// takes about as long as a copy.
    /// </summary>
    /// <exception cref="InvalidOperationException">The parameters are already replaced by an average, of this or another optimizer.</exception>
    public EvaluatedAverages Evaluate() => new(optimizer, Exchange);

    /// <summary>The weight of a new parameter, 1 − β.</summary>
    internal T Share => T.CreateTruncating(1 - Decay);

    /// <summary>The reference to the average of an element of a run.</summary>
    internal ref T At(ParameterRun<T> run, int start) => ref elements[run.Block].At(run.Offset + start);

    private static Memory<T> Copy(ParameterBlock<T> block)
    {
        Memory<T> copy = AlignedMemory.Allocate<T>(block.Used);
        block.Values[..block.Used].CopyTo(copy);
        return copy;
    }

    private void Exchange()
    {
        optimizer.Parameters.RequireMemory();
        foreach (ParameterBlock<T> block in optimizer.Parameters.Blocks)
        {
            Span<T> values = block.Values.Span[..block.Used], blockAverages = averages[block.Index].Span;
            for (int i = 0; i < values.Length; i++)
            {
                (values[i], blockAverages[i]) = (blockAverages[i], values[i]);
            }
        }
    }
}
