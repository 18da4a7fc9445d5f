using System.Numerics;

namespace OptimGen.CompilerServices;

/// <summary>
/// The update rule of an optimizer: its kernels and the scalars that it computes for a step. The generator writes one for each declared optimizer; one
/// can also be written by hand. The engine owns all state that is kept from step to step; a rule holds only values that it computes again.
/// </summary>
/// <remarks>
/// A step calls, in this order: <see cref="PrepareSettings"/> for each group if a hyperparameter has changed, <see cref="PrepareStep"/> for each group, the
/// reductions, <see cref="PrepareGlobal"/> for each group, <see cref="PrepareTensor"/> for each tensor, and then the update kernels, on several
/// threads. An exception before the update kernels refuses the step, which then changes nothing.
/// </remarks>
/// <param name="definition">The description of the optimizer.</param>
/// <typeparam name="T">The element type.</typeparam>
public abstract class StepRule<T>(OptimizerDefinition definition)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The description of the optimizer.</summary>
    public OptimizerDefinition OptimizerDefinition { get; } = definition;

    /// <summary>
    /// The positions in the definition of the states of rows (<see cref="StateGranularity.Row"/>) that the rule assigns, in the order of their assignment. The engine makes
    /// the means of a row, or of each row of a list, in this order by <see cref="RuleKernels{T}.ReduceRow"/> or <see cref="RuleKernels{T}.ReduceRows"/>, and then updates
    /// the elements.
    /// </summary>
    public virtual ReadOnlySpan<int> AssignedRowStates => [];

    /// <summary>The kernels for an instruction set. Those for <see cref="InstructionSet.Scalar"/> must handle any number of elements.</summary>
    public abstract RuleKernels<T> KernelsFor(InstructionSet instructionSet);

    /// <summary>
    /// Whether the rule keeps the scalars of each group and tensor by its position, so that a step can be told apart from an earlier one by another group.
    /// <see cref="RowUpdates.CaughtUp"/> needs it. Rules that are generated do; one that is written by hand says so here.
    /// </summary>
    public virtual bool SeparatesGroups => OptimizerDefinition.Fingerprint.Length > 0;

    /// <summary>
    /// Allocates memory for the scalars of each group and each tensor. Called once, and again with more groups than the parameters have when steps are to be
    /// kept (<see cref="RowUpdates.CaughtUp"/>): then all scalars are computed anew.
    /// </summary>
    public virtual void Allocate(int groupCount, int tensorCount)
    {
    }

    /// <summary>Computes the scalars that depend on the hyperparameters alone.</summary>
    /// <param name="group">The position of the group.</param>
    /// <param name="hyperparameters">The hyperparameters of the group in the order of the definition, already checked against their bounds.</param>
    public virtual void PrepareSettings(int group, ReadOnlySpan<T> hyperparameters)
    {
    }

    /// <summary>
    /// Whether <see cref="PrepareStep"/> does anything. <see langword="false"/> saves the call, which takes measurable time in a step over few elements.
    /// </summary>
    public virtual bool PreparesSteps => true;

    /// <summary>
    /// Whether the engine may call <see cref="PrepareStep"/> at the end of the step before, and again if the hyperparameters or the step number have
    /// changed since. The method must then depend on nothing else and have no side effects.
    /// </summary>
    public virtual bool CanPrepareAhead => false;

    /// <summary>Computes the scalars of a step that do not depend on reductions.</summary>
    /// <param name="group">The position of the group.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="states">The group's scalar states, to be changed in place; the changes are committed only if the step is taken.</param>
    public virtual void PrepareStep(int group, long step, Span<double> states)
    {
    }

    /// <summary>Computes the scalars of a group that depend on reductions over all parameters.</summary>
    /// <param name="group">The position of the group.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="reductions">The results for all parameters, in the order of the definition.</param>
    /// <param name="states">The group's scalar states, as <see cref="PrepareStep"/> has left them.</param>
    public virtual void PrepareGlobal(int group, long step, ReadOnlySpan<double> reductions, Span<double> states)
    {
    }

    /// <summary>Computes the scalars of a tensor, after the reductions.</summary>
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
