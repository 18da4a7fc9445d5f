using System.ComponentModel;
using System.Numerics;

namespace OptimGen.CompilerServices;

/// <summary>The kernels of a rule for one instruction set, with one for streams in fewer bits that decodes and encodes them in registers.</summary>
/// <param name="vectorLength">The same as that of <see cref="RuleKernels{T}"/>.</param>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TWords">A vector of 32-bit words of the instruction set's width.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StoredKernels<T, TWords>(int vectorLength) : RuleKernels<T>(vectorLength)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TWords : struct
{
    /// <summary>
    /// Like <see cref="RuleKernels{T}.UpdateInPhase"/>, over states that are all kept in one form. The elements are whole groups, and whole blocks where
    /// the form has blocks.
    /// </summary>
    /// <param name="streams">What the scalars of the rule belong to, and the number of elements.</param>
    /// <param name="stored">The parameters, gradients and states.</param>
    /// <param name="phase">What is done besides the rule.</param>
    /// <typeparam name="TParameter">The access to the parameters.</typeparam>
    /// <typeparam name="TGradient">The access to the gradients.</typeparam>
    /// <typeparam name="TState">The access to a state that may be negative.</typeparam>
    /// <typeparam name="TNonNegative">The access to a state that is never negative.</typeparam>
    /// <typeparam name="TRandom">The random words.</typeparam>
    public abstract void UpdateStored<TParameter, TGradient, TState, TNonNegative, TRandom>(
        in KernelStreams<T> streams, in StoredStreams stored, in StepPhase<T> phase)
        where TParameter : struct, IStreamAccess<TParameter, TWords>
        where TGradient : struct, IGradientAccess<TGradient, TWords>
        where TState : struct, IStreamAccess<TState, TWords>
        where TNonNegative : struct, IStreamAccess<TNonNegative, TWords>
        where TRandom : struct, IRandomWords<TRandom, TWords>;
}
