using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Steps over states in fewer bits by kernels that decode and encode in registers, where the rule has them for the form. What is left goes by tiles.
/// </summary>
internal sealed partial class StepEngine<T>
{
    private StoredUpdate<T>? storedUpdate;

    /// <summary>Whether the rule has kernels for the form of its states, and for the instruction set.</summary>
    public bool HasStoredKernels => storedUpdate is not null;

    /// <summary>Whether the kernels for states in fewer bits are used where the rule has them. Tests compare with steps by tiles alone.</summary>
    public bool UsesStoredKernels { get; set; } = true;

    private void SelectStoredUpdate() => storedUpdate = state.CommonForm is { } form ? StoredUpdate<T>.For(kernels, form.Storage, form.Rounding) : null;

    private void UpdateStored(ParameterRun<T> run, int start, int length)
    {
        int whole = storedUpdate is null || !CanUpdateStored ? 0 : length & -storedUpdate.Granularity;
        if (whole > 0)
        {
            StoredState?[] states = state.StoredOf(run.Tensor);
            Span<StochasticRounding?> roundings = stackalloc StochasticRounding?[states.Length];
            for (int i = 0; i < states.Length; i++)
            {
                roundings[i] = state.RoundingOf(run.Tensor, i, optimizer.StepCount + 1);
            }

            if (run.HasBFloat16Values || run.HasBFloat16Gradients || parameters.HasGradientAddends)
            {
                UpdateStoredBesideTiles(run, start, whole, roundings);
            }
            else
            {
                storedUpdate!.Update(new KernelStreams<T>(run, start, whole), new StoredStates(states, roundings, start), PhaseAt(run, start, FetchesAhead));
            }
        }

        if (whole < length)
        {
            UpdateByTiles(run, start + whole, length - whole);
        }
    }

    /// <summary>
    /// Parameters and gradients that are in bfloat16, or are sums, go by tiles, which need little arithmetic; the states are decoded and encoded in registers.
    /// </summary>
    private void UpdateStoredBesideTiles(ParameterRun<T> run, int start, int length, ReadOnlySpan<StochasticRounding?> roundings)
    {
        StepTile<T> tile = TileOf(run);
        StoredState?[] states = state.StoredOf(run.Tensor);
        BFloat16Parameter? parameter = state.StoredParameterOf(run.Tensor);
        StochasticRounding? ofParameter = state.RoundingOfParameter(run.Tensor, optimizer.StepCount + 1);
        for (int end = start + length; start < end; start += StepTile<T>.Capacity)
        {
            int count = Math.Min(StepTile<T>.Capacity, end - start);
            DecodeParameters(tile, run, start, count);
            storedUpdate!.Update(new KernelStreams<T>(run, start, count, tile), new StoredStates(states, roundings, start), PhaseAt(run, start, FetchesAhead));
            if (FetchesAhead)
            {
                PrefetchParameters(run, start + count, Math.Min(StepTile<T>.Capacity, end - start - count));
            }

            parameter?.Encode(coder, start, tile.Parameters(count), ofParameter);
            if (tile.HasGradient && optimizer.ZeroGradientsAfterStep)
            {
                ZeroGradients(run, start, count);
            }
        }
    }

    /// <summary>Whether the kernels are used: they multiply the gradient by a single factor.</summary>
    private bool CanUpdateStored => UsesStoredKernels && adjustment.Exponent == 0;
}
