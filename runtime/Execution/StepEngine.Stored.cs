using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Steps over streams in fewer bits by kernels that decode and encode in registers, where the rule has them for the forms. What is left goes by tiles.
/// </summary>
internal sealed unsafe partial class StepEngine<T>
{
    /// <summary>By whether parameters and gradients are read in bfloat16.</summary>
    private readonly StoredUpdate<T>?[,] storedUpdates = new StoredUpdate<T>?[2, 2];

    /// <summary>Whether any parameter is updated by a kernel for its forms, and for the instruction set.</summary>
    public bool HasStoredKernels => runs.Any(run => run.IsTiled && StoredUpdateOf(run) is not null);

    /// <summary>Whether the kernels for streams in fewer bits are used where the rule has them. Tests compare with steps by tiles alone.</summary>
    public bool UsesStoredKernels { get; set; } = true;

    private void SelectStoredUpdates()
    {
        bool isUniform = state.CommonForm is not null || !state.HasStoredStates;
        for (int i = 0; i < storedUpdates.Length; i++)
        {
            storedUpdates[i / 2, i % 2] =
                isUniform ? StoredUpdate<T>.For(kernels, state.HasStoredStates ? state.CommonForm : null, hasBFloat16Parameters: i / 2 == 1, hasBFloat16Gradients: i % 2 == 1) : null;
        }
    }

    private StoredUpdate<T>? StoredUpdateOf(ParameterRun<T> run) =>
        storedUpdates[run.HasBFloat16Values && !IsParameterInTile(run) ? 1 : 0, run.HasBFloat16Gradients && !AddsInStep ? 1 : 0];

    /// <summary>Whether the kernels find parameters decoded: those that are not just rounded stochastically.</summary>
    private bool IsParameterInTile(ParameterRun<T> run) => state.StoredParameterOf(run.Tensor) is { IsStochastic: false };

    private void UpdateStored(ParameterRun<T> run, int start, int length)
    {
        // The kernels multiply the gradient by a single factor.
        StoredUpdate<T>? update = UsesStoredKernels && adjustment.Exponent == 0 ? StoredUpdateOf(run) : null;
        int whole = update is null ? 0 : length & -update.Granularity;
        if (whole > 0)
        {
            StoredState?[] states = state.StoredOf(run.Tensor);
            Span<StochasticRounding?> roundings = stackalloc StochasticRounding?[1 + states.Length];
            ReadRoundings(run, roundings);
            if (IsParameterInTile(run) || AddsInStep)
            {
                UpdateStoredBesideTile(update!, run, start, whole, roundings);
            }
            else
            {
                UpdateStored(update!, run, start, whole, roundings, tile: null);
            }
        }

        if (whole < length)
        {
            UpdateByTiles(run, start + whole, length - whole);
        }
    }

    /// <summary>The random bits of this step: of the parameters, and then of each state.</summary>
    private void ReadRoundings(ParameterRun<T> run, Span<StochasticRounding?> roundings)
    {
        long step = optimizer.StepCount + 1;
        roundings[0] = state.RoundingOfParameter(run.Tensor, step);
        for (int i = 1; i < roundings.Length; i++)
        {
            roundings[i] = state.RoundingOf(run.Tensor, i - 1, step);
        }
    }

    private void UpdateStored(StoredUpdate<T> update, ParameterRun<T> run, int start, int length, ReadOnlySpan<StochasticRounding?> roundings, StepTile<T>? tile)
    {
        // Wrapped arrays may move otherwise.
        fixed (byte* values = &ValueAt(run, start, tile), gradients = &GradientAt(run, start, tile))
        {
            var stored = new StoredStreams(Unsafe.As<ParameterRun<float>>(run), start, state.StoredOf(run.Tensor), roundings, values, gradients);
            update.Update(new KernelStreams<T>(run, start, length), in stored, PhaseAt(run, start, FetchesAhead));
        }
    }

    private ref byte ValueAt(ParameterRun<T> run, int start, StepTile<T>? tile)
    {
        if (tile is { HasParameter: true })
        {
            return ref Unsafe.As<T, byte>(ref tile.Parameter(start));
        }

        return ref run.HasBFloat16Values
            ? ref Unsafe.As<BFloat16, byte>(ref parameters.Blocks[run.Block].BFloat16Values.At(run.Offset + start))
            : ref Unsafe.As<T, byte>(ref run.Values.At(run.Offset + start));
    }

    private static ref byte GradientAt(ParameterRun<T> run, int start, StepTile<T>? tile)
    {
        if (tile is { HasGradient: true })
        {
            return ref Unsafe.As<T, byte>(ref tile.Gradient(start));
        }

        return ref run.HasBFloat16Gradients
            ? ref Unsafe.As<BFloat16, byte>(ref run.BFloat16Gradients.At(run.Offset + start))
            : ref Unsafe.As<T, byte>(ref run.Gradients.At(run.Offset + start));
    }

    /// <summary>
    /// Parameters with something beside them, and gradients that are sums, go by tiles, which need little arithmetic; the kernels decode and encode the rest.
    /// </summary>
    private void UpdateStoredBesideTile(StoredUpdate<T> update, ParameterRun<T> run, int start, int length, ReadOnlySpan<StochasticRounding?> roundings)
    {
        StepTile<T> tile = StepTile<T>.Of(state.Slots, IsParameterInTile(run), AddsInStep);
        BFloat16Parameter? parameter = tile.HasParameter ? state.StoredParameterOf(run.Tensor) : null;
        for (int end = start + length; start < end; start += StepTile<T>.Capacity)
        {
            int count = Math.Min(StepTile<T>.Capacity, end - start);
            DecodeParameters(tile, run, start, count);
            UpdateStored(update, run, start, count, roundings, tile);
            if (FetchesAhead)
            {
                PrefetchParameters(run, start + count, Math.Min(StepTile<T>.Capacity, end - start - count));
            }

            parameter?.Encode(coder, start, tile.Parameters(count), rounding: null);
            if (tile.HasGradient && optimizer.ZeroGradientsAfterStep)
            {
                ZeroGradients(run, start, count);
            }
        }
    }
}
