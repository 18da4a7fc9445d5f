using System.Numerics;
using System.Runtime.Intrinsics;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Calls the kernel of a rule that decodes and encodes states in registers, for the form in which they are kept.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal abstract class StoredUpdate<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of elements of a call is a multiple of this.</summary>
    public int Granularity { get; private init; }

    /// <summary>The update by kernels over states of a form; <see langword="null"/> if the kernels have none for it.</summary>
    public static StoredUpdate<T>? For(RuleKernels<T> kernels, Storage storage, StorageRounding rounding) => kernels switch
    {
        StoredStateKernels<T, Vector512<uint>> wide => For<SixteenWords, Vector512<uint>>(wide, storage, rounding),
        StoredStateKernels<T, Vector256<uint>> middle => For<EightWords, Vector256<uint>>(middle, storage, rounding),
        StoredStateKernels<T, Vector128<uint>> narrow => For<FourWords, Vector128<uint>>(narrow, storage, rounding),
        _ => null,
    };

    /// <summary>Updates elements. Every state has the form.</summary>
    public abstract void Update(in KernelStreams<T> streams, in StoredStates states, in StepPhase<T> phase);

    private static StoredUpdate<T>? For<TLanes, TWords>(StoredStateKernels<T, TWords> kernels, Storage storage, StorageRounding rounding)
        where TLanes : struct, IWordLanes<TWords>
        where TWords : struct => (storage, rounding) switch
        {
            (Storage.BFloat16, StorageRounding.Stochastic) =>
                new Of<TWords, StochasticBFloat16<TLanes, TWords>, StochasticBFloat16<TLanes, TWords>>(kernels) { Granularity = StochasticRounding.GroupLength },
            (Storage.BFloat16, StorageRounding.Nearest) =>
                new Of<TWords, NearestBFloat16<TLanes, TWords>, NearestBFloat16<TLanes, TWords>>(kernels) { Granularity = StochasticRounding.GroupLength },
            (Storage.Block8, StorageRounding.Stochastic) =>
                new Of<TWords, Block8Access<TLanes, TWords, WithSign>, Block8Access<TLanes, TWords, WithoutSign>>(kernels) { Granularity = StorageCodec.BlockLength },
            _ => null,
        };

    private sealed class Of<TWords, TState, TNonNegative>(StoredStateKernels<T, TWords> kernels) : StoredUpdate<T>
        where TWords : struct
        where TState : struct, IStoredState<TState, TWords>
        where TNonNegative : struct, IStoredState<TNonNegative, TWords>
    {
        public override void Update(in KernelStreams<T> streams, in StoredStates states, in StepPhase<T> phase) =>
            kernels.UpdateStored<TState, TNonNegative>(in streams, in states, in phase);
    }
}
