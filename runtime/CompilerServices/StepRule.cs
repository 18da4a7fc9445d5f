using System.Numerics;

namespace OptimGen.CompilerServices;

/// <summary>
/// What an optimizer computes in a step, and when: the generator writes one for each declared optimizer, and one written by hand works as well. The engine
/// owns everything that is kept from step to step; a rule has what it computes anew.
/// </summary>
/// <remarks>
/// A step calls, in this order: <see cref="PrepareSettings"/> for each group if a hyperparameter has changed, <see cref="PrepareStep"/> for each group, the
/// reductions, <see cref="PrepareGlobal"/> for each group, <see cref="PrepareTensor"/> for each tensor, and then the kernels, on several threads. What throws
/// before the kernels refuses the step, which then has changed nothing.
/// </remarks>
/// <param name="definition">What the optimizer says of itself.</param>
/// <typeparam name="T">The element type.</typeparam>
public abstract class StepRule<T>(OptimizerDefinition definition)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the optimizer says of itself.</summary>
    public OptimizerDefinition OptimizerDefinition { get; } = definition;

    /// <summary>The kernels for an instruction set. Those for <see cref="InstructionSet.Scalar"/> must handle any number of elements.</summary>
    public abstract RuleKernels<T> KernelsFor(InstructionSet instructionSet);

    /// <summary>Makes room for what is computed for each group and for each tensor. It is called once.</summary>
    public virtual void Allocate(int groupCount, int tensorCount)
    {
    }

    /// <summary>Computes what follows from the hyperparameters alone.</summary>
    /// <param name="group">The position of the group.</param>
    /// <param name="hyperparameters">Its hyperparameters in the order of the definition, checked against their bounds.</param>
    public virtual void PrepareSettings(int group, ReadOnlySpan<T> hyperparameters)
    {
    }

    /// <summary>Whether <see cref="PrepareStep"/> does anything; a step over few elements notices the call.</summary>
    public virtual bool PreparesSteps => true;

    /// <summary>
    /// Whether <see cref="PrepareStep"/> may be called before the step itself, and once more if its hyperparameters or its number turn out to be others: it
    /// depends on nothing else and has no effect beside its results.
    /// </summary>
    public virtual bool CanPrepareAhead => false;

    /// <summary>Computes what is known at the beginning of a step.</summary>
    /// <param name="group">The position of the group.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="states">The group's scalar states, to be changed; they are kept only if the step is taken.</param>
    public virtual void PrepareStep(int group, long step, Span<double> states)
    {
    }

    /// <summary>Computes what is known for a group after the reductions.</summary>
    /// <param name="group">The position of the group.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="reductions">The results for everything, in the order of the definition.</param>
    /// <param name="states">The group's scalar states.</param>
    public virtual void PrepareGlobal(int group, long step, ReadOnlySpan<double> reductions, Span<double> states)
    {
    }

    /// <summary>Computes what is known for a tensor after the reductions.</summary>
    /// <param name="group">The position of the tensor's group.</param>
    /// <param name="tensor">The position of the tensor.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="elementCount">The number of the tensor's elements.</param>
    /// <param name="reductions">The results for the tensor, in the order of the definition.</param>
    /// <param name="states">The tensor's scalar states.</param>
    public virtual void PrepareTensor(int group, int tensor, long step, long elementCount, ReadOnlySpan<double> reductions, Span<double> states)
    {
    }
}
