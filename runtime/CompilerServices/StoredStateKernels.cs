using System.ComponentModel;
using System.Numerics;

namespace OptimGen.CompilerServices;

/// <summary>The kernels of a rule for one instruction set, with one for states in fewer bits that decodes and encodes them in registers.</summary>
/// <param name="vectorLength">The same as that of <see cref="RuleKernels{T}"/>.</param>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TWords">A vector of 32-bit words of the instruction set's width.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StoredStateKernels<T, TWords>(int vectorLength) : RuleKernels<T>(vectorLength)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TWords : struct
{
    /// <summary>
    /// Like <see cref="RuleKernels{T}.UpdateInPhase"/>, over states that are all kept in one form. The elements are whole groups, and whole blocks where
    /// the form has blocks.
    /// </summary>
    /// <param name="streams">The parameters and gradients.</param>
    /// <param name="states">The states.</param>
    /// <param name="phase">What is done besides the rule.</param>
    /// <typeparam name="TState">The access to a state that may be negative.</typeparam>
    /// <typeparam name="TNonNegative">The access to a state that is never negative.</typeparam>
    public abstract void UpdateStored<TState, TNonNegative>(in KernelStreams<T> streams, in StoredStates states, in StepPhase<T> phase)
        where TState : struct, IStoredState<TState, TWords>
        where TNonNegative : struct, IStoredState<TNonNegative, TWords>;
}
