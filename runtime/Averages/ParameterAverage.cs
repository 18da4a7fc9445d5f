using System.Numerics;

namespace OptimGen;

/// <summary>
/// The exponential moving average of the parameters of an optimizer, ā ← ā + (1−β)(θ − ā) after each step, from the parameters as they were when
/// <see cref="Optimizer{T}.AverageParameters"/> was called. It usually does better in an evaluation than the parameters themselves: see
/// <see cref="Evaluate"/>. To ship it, copy what <see cref="Of(Parameter{T})"/> gives.
/// </summary>
/// <remarks>
/// <para>
/// It starts from parameters and not from zero, so there is no bias to correct; but the first of them stay in it with the weight βᵗ after t steps. With
/// a β near 1 either start it when training has settled or let <see cref="Decay"/> grow. A step that is refused or skipped does not count.
/// </para>
/// <para>
/// The kernel of the step brings it up to date while it has the new parameters in registers, so that it costs one read and one write of its own memory,
/// which is as much as the parameters'. Each element is computed in the element type, with the same bits everywhere.
/// </para>
/// <para>
/// With ranks (<see cref="OptimizerOptions.Communicator"/>) each updates the average of the parameters that it owns. The parts come together when the average is read
/// after a step, so all ranks read it, or none.
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
    /// <summary>While they are evaluated, the averages of parameters in bfloat16, which cannot hold them exactly.</summary>
    private readonly Dictionary<int, T[]> rounded = [];
    private double decay;

    internal ParameterAverage(Optimizer<T> optimizer, double decay)
    {
        optimizer.TrainingPoint.Require(optimizer, "start an average");
        this.optimizer = optimizer;
        Decay = decay;
        optimizer.CatchUp();
        averages = [.. optimizer.Parameters.Blocks.Select(block => AlignedMemory.Allocate<T>(block.Used))];
        elements = [.. averages.Select(average => new ElementMemory<T>(average))];
        foreach (Parameter<T> parameter in optimizer.Parameters)
        {
            parameter.CopyValuesTo(ElementsOf(parameter));
        }
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
    /// The average of one parameter, as many elements as it has, at the same positions; while it is evaluated, the parameter's own values. It is the memory
    /// itself and not a copy: the next step changes it.
    /// </summary>
    /// <exception cref="ArgumentException">The parameter belongs to another set than the optimizer's.</exception>
    public ReadOnlySpan<T> Of(Parameter<T> parameter) => ElementsOf(parameter);

    /// <summary>
    /// Exchanges parameters and averages until the result is disposed of, which puts both back, bit by bit:
    /// <c>using (average.Evaluate()) { … }</c>. Until then no optimizer over the same parameters takes a step. It allocates no memory for them, unless
    /// they are in bfloat16, and takes about the time of a copy each way.
    /// </summary>
    /// <exception cref="InvalidOperationException">The parameters stand at an average already, this one or another optimizer's.</exception>
    public EvaluatedAverages Evaluate()
    {
        optimizer.CatchUp();
        return new(optimizer, Exchange);
    }

    /// <summary>The weight of a new parameter, 1 − β.</summary>
    internal T Share => T.CreateTruncating(1 - Decay);

    /// <summary>The averages of each block, as the last step has left them.</summary>
    internal IReadOnlyList<Memory<T>> Blocks => averages;

    /// <summary>As <see cref="Of(Parameter{T})"/>, to be written.</summary>
    internal Span<T> ElementsOf(Parameter<T> parameter) => MemoryOf(parameter).Span;

    /// <summary>The memory of <see cref="Of(Parameter{T})"/>.</summary>
    internal Memory<T> MemoryOf(Parameter<T> parameter)
    {
        optimizer.CatchUp(parameter);
        optimizer.GatherAverage();
        return averages[parameter.Block.Index].Slice(parameter.Offset, parameter.Length);
    }

    /// <summary>The averages from an element of a run on.</summary>
    internal ref T At(ParameterRun<T> run, int start) => ref elements[run.Block].At(run.Offset + start);

    private void Exchange()
    {
        optimizer.Parameters.RequireMemory();
        optimizer.GatherAverage();
        foreach (Parameter<T> parameter in optimizer.Parameters)
        {
            Span<T> average = ElementsOf(parameter);
            if (parameter.ValueStorage == Storage.Native)
            {
                parameter.ExchangeValues(average);
            }
            else if (rounded.Remove(parameter.Index, out T[]? exact))
            {
                parameter.ExchangeValues(average);
                exact.CopyTo(average);
            }
            else
            {
                rounded.Add(parameter.Index, average.ToArray());
                parameter.ExchangeValues(average);
            }
        }
    }
}
