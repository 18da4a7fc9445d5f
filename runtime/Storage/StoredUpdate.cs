using System.Numerics;
using System.Runtime.Intrinsics;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Calls the kernel of a rule that decodes and encodes in registers, for the forms in which parameters, gradients and states are kept.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal abstract class StoredUpdate<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of elements of a call is a multiple of this.</summary>
    public int Granularity { get; private init; }

    /// <summary>The update by kernels for the forms; <see langword="null"/> if the kernels have none for them.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="states">The form of every state; <see langword="null"/> if all are in single precision.</param>
    /// <param name="hasBFloat16Parameters">Whether the parameters are in bfloat16, rounded stochastically, or else in single precision.</param>
    /// <param name="hasBFloat16Gradients">Whether the gradients are in bfloat16, or else in single precision.</param>
    public static StoredUpdate<T>? For(
        RuleKernels<T> kernels, (Storage Storage, StorageRounding Rounding)? states, bool hasBFloat16Parameters, bool hasBFloat16Gradients) => kernels switch
        {
            StoredKernels<T, Vector512<uint>> wide => new Choice<SixteenWords, Vector512<uint>>(wide).For(states, hasBFloat16Parameters, hasBFloat16Gradients),
            StoredKernels<T, Vector256<uint>> middle => new Choice<EightWords, Vector256<uint>>(middle).For(states, hasBFloat16Parameters, hasBFloat16Gradients),
            StoredKernels<T, Vector128<uint>> narrow => new Choice<FourWords, Vector128<uint>>(narrow).For(states, hasBFloat16Parameters, hasBFloat16Gradients),
            _ => null,
        };

    /// <summary>Updates elements.</summary>
    public abstract void Update(in KernelStreams<T> streams, in StoredStreams stored, in StepPhase<T> phase);

    /// <summary>Makes type arguments of the forms, one stream after the other.</summary>
    private readonly struct Choice<TLanes, TWords>(StoredKernels<T, TWords> kernels)
        where TLanes : struct, IWordLanes<TWords>
        where TWords : struct
    {
        public StoredUpdate<T>? For((Storage Storage, StorageRounding Rounding)? states, bool hasBFloat16Parameters, bool hasBFloat16Gradients) =>
            hasBFloat16Parameters
                ? WithParameters<StochasticBFloat16<TLanes, TWords, WithSign>>(states, isStochastic: true, hasBFloat16Gradients)
                : WithParameters<FloatAccess<TLanes, TWords>>(states, isStochastic: false, hasBFloat16Gradients);

        private StoredUpdate<T>? WithParameters<TParameter>(
            (Storage Storage, StorageRounding Rounding)? states, bool isStochastic, bool hasBFloat16Gradients)
            where TParameter : struct, IStreamAccess<TParameter, TWords> => hasBFloat16Gradients
                ? WithGradients<TParameter, BFloat16Gradient<TLanes, TWords>>(states, isStochastic)
                : WithGradients<TParameter, FloatGradient<TLanes, TWords>>(states, isStochastic);

        private StoredUpdate<T>? WithGradients<TParameter, TGradient>((Storage Storage, StorageRounding Rounding)? states, bool isStochastic)
            where TParameter : struct, IStreamAccess<TParameter, TWords>
            where TGradient : struct, IGradientAccess<TGradient, TWords> => states switch
            {
                (Storage.BFloat16, StorageRounding.Stochastic) =>
                    WithStates<TParameter, TGradient, StochasticBFloat16<TLanes, TWords, WithSign>, StochasticBFloat16<TLanes, TWords, WithoutSign>>(
                        isStochastic: true, StochasticRounding.GroupLength),
                (Storage.BFloat16, StorageRounding.Nearest) =>
                    WithStates<TParameter, TGradient, NearestBFloat16<TLanes, TWords>, NearestBFloat16<TLanes, TWords>>(isStochastic, StochasticRounding.GroupLength),
                (Storage.Block8, StorageRounding.Stochastic) =>
                    WithStates<TParameter, TGradient, Block8Access<TLanes, TWords, WithSign>, Block8Access<TLanes, TWords, WithoutSign>>(
                        isStochastic: true, StorageCodec.BlockLength),
                null => WithStates<TParameter, TGradient, FloatAccess<TLanes, TWords>, FloatAccess<TLanes, TWords>>(isStochastic, StochasticRounding.GroupLength),
                _ => null,
            };

        private StoredUpdate<T> WithStates<TParameter, TGradient, TState, TNonNegative>(bool isStochastic, int granularity)
            where TParameter : struct, IStreamAccess<TParameter, TWords>
            where TGradient : struct, IGradientAccess<TGradient, TWords>
            where TState : struct, IStreamAccess<TState, TWords>
            where TNonNegative : struct, IStreamAccess<TNonNegative, TWords> => isStochastic
                ? new Of<TWords, TParameter, TGradient, TState, TNonNegative, RandomWords<TLanes, TWords>>(kernels) { Granularity = granularity }
                : new Of<TWords, TParameter, TGradient, TState, TNonNegative, NoRandomWords<TWords>>(kernels) { Granularity = granularity };
    }

    private sealed class Of<TWords, TParameter, TGradient, TState, TNonNegative, TRandom>(StoredKernels<T, TWords> kernels) : StoredUpdate<T>
        where TWords : struct
        where TParameter : struct, IStreamAccess<TParameter, TWords>
        where TGradient : struct, IGradientAccess<TGradient, TWords>
        where TState : struct, IStreamAccess<TState, TWords>
        where TNonNegative : struct, IStreamAccess<TNonNegative, TWords>
        where TRandom : struct, IRandomWords<TRandom, TWords>
    {
        public override void Update(in KernelStreams<T> streams, in StoredStreams stored, in StepPhase<T> phase) =>
            kernels.UpdateStored<TParameter, TGradient, TState, TNonNegative, TRandom>(in streams, in stored, in phase);
    }
}
