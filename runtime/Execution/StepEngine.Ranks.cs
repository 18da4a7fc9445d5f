using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <content>
/// Steps over ranks. Everything that one process does with all pieces, a rank does with its own; what the pieces of others have given comes to every rank before it is
/// combined, in the order of one process.
/// </content>
internal sealed partial class StepEngine<T>
{
    private bool isAverageStale;

    /// <summary>Whether a step has found that all ranks have the same values. A step gives all the same new ones, so one comparison is enough.</summary>
    private bool haveSameValues;

    /// <summary>What a step over ranks has beside that of one process; <see langword="null"/> for one process.</summary>
    public RankStep<T>? Ranks => ranks;

    /// <summary>A step, with gradients that are summed already: over shards and addends, and with ranks in the slice of each.</summary>
    public StepResult StepSummed() => ranks is not null ? StepOverRanks(ranks, areSummed: true) : parameters.AreAddendsInSum ? StepOverSum(StepHere) : StepHere();

    /// <summary>Brings the average of the parameters, of which each rank has updated its slice, to all ranks.</summary>
    public void GatherAverage()
    {
        if (isAverageStale && ranks is not null)
        {
            isAverageStale = false;
            ranks.Gather(tensor => Average!.MemoryOf(parameters[tensor.Tensor]));
        }
    }

    /// <summary>A copy of a state of a parameter, whose parts the ranks keep.</summary>
    private T[] GatherState(RankStep<T> ranks, Parameter<T> parameter, int index)
    {
        var values = new T[parameter.Length];
        ranks.GatherTensor(
            parameter.Index,
            receiver: null,
            count => count * Unsafe.SizeOf<T>(),
            bytes => MemoryMarshal.AsBytes(state.Read(parameter, index)).CopyTo(bytes.Span),
            (bytes, start, count) => bytes.Span.CopyTo(MemoryMarshal.AsBytes(values.AsSpan(start, count))));
        return values;
    }

    private StepResult StepOverRanks(RankStep<T> ranks, bool areSummed)
    {
        long step = optimizer.StepCount + 1;
        RankAgreement.Prepare(
            ranks.Communicator,
            () =>
            {
                parameters.RequireReady(optimizer);
                PrepareScalars(step);
            },
            haveSameValues ? Settings : () => [.. Settings(), .. ValuesAsSettings(ranks)],
            refused: "The step");
        haveSameValues = true;
        if (!areSummed)
        {
            ranks.SumGradients();
        }

        parameters.LeaveOutAddends();
        return StepOverSum(() =>
        {
            int pinned = 0;
            try
            {
                Pin(ref pinned);
                return TakeStepOverRanks(ranks, step);
            }
            finally
            {
                Unpin(pinned);
            }
        });
    }

    private StepResult TakeStepOverRanks(RankStep<T> ranks, long step)
    {
        if (!PrepareElements(step))
        {
            return new StepResult(false, gradientNorm, nonFiniteGradient);
        }

        SkippedTile[] skippedTiles = checksPieces ? FindSkippedTiles(ranks) : [];
        NonFiniteGradient? first = skippedTiles.Length > 0 ? gradientScan.FindNonFinite(optimizer.MaxDegreeOfParallelism, IsFromMemory) : null;
        IPieceWork work = skippedTiles.Length > 0 ? new FiniteTiles(this, [.. skippedTiles]) : new AllElements(this);
        ranks.Update(division => division.ForEachPiece(work, optimizer.MaxDegreeOfParallelism, merges: true));
        isAverageStale = Average is not null;
        if (optimizer.ZeroGradientsAfterStep)
        {
            ranks.ZeroOtherGradients();
        }

        Commit();
        if (checksPieces)
        {
            foreach (SkippedTile tile in skippedTiles)
            {
                skipped.Add(tile.Run, tile.Start, Math.Min(CheckedTile, checkedRuns[tile.Run].Length - tile.Start));
            }

            skipped.ThrowIfAny(first);
        }

        return new StepResult(true, gradientNorm, null);
    }

    /// <summary>What a step depends on beside parameters, gradients and states, so that all ranks must have the same.</summary>
    private IEnumerable<(string Name, double Value)> Settings()
    {
        yield return (nameof(Optimizer.StepCount), optimizer.StepCount);
        yield return (nameof(Optimizer.NonFiniteGradients), (double)optimizer.NonFiniteGradients);
        yield return (nameof(Optimizer.GradientScale), optimizer.GradientScale);
        yield return (nameof(Optimizer.MaxGradientNorm), optimizer.MaxGradientNorm ?? 0);
        yield return (nameof(Optimizer.MaxGradientValue), optimizer.MaxGradientValue ?? 0);
        yield return (nameof(OptimizerOptions.RoundingSeed), BitConverter.UInt64BitsToDouble(state.RoundingSeed));
        yield return (nameof(OptimizerOptions.BFloat16Update), (double)state.BFloat16Update);
        yield return (nameof(ParameterAverage<T>.Decay), Average?.Decay ?? -1);
        foreach (HyperparameterDefinition hyperparameter in optimizer.Definition.Hyperparameters)
        {
            yield return (hyperparameter.Name, optimizer.GetHyperparameter(hyperparameter.Name));
            foreach (ParameterGroup<T> group in parameters.Groups)
            {
                if (optimizer.GetHyperparameter(group, hyperparameter.Name) is { } value)
                {
                    yield return ($"{hyperparameter.Name} of group '{group.Name}'", value);
                }
            }
        }

        if (optimizer.HasLearningRate)
        {
            foreach (ParameterGroup<T> group in parameters.Groups)
            {
                yield return ($"LearningRateScale of group '{group.Name}'", optimizer.GetHyperparameter(group, "LearningRateScale") ?? 1);
            }
        }
    }

    private IEnumerable<(string Name, double Value)> ValuesAsSettings(RankStep<T> ranks) =>
        tensors.Select(tensor => ($"the hash of the values of '{parameters[tensor.Tensor].Name}'", (double)ranks.HashOfValues(tensor)));

    /// <summary>
    /// The tiles that are not to be updated (<see cref="NonFiniteGradientPolicy.StepFinitePieces"/>): each rank finds those in which it owns an element that is not finite,
    /// and then has those of all. A tile may have elements of two ranks, or of several small tensors.
    /// </summary>
    private SkippedTile[] FindSkippedTiles(RankStep<T> ranks)
    {
        var found = new HashSet<SkippedTile>();
        foreach (ref readonly Piece piece in ranks.Slices.Own.Pieces)
        {
            foreach ((SkippedTile tile, int start, int length) in TilesOf(piece))
            {
                ParameterRun<T> tensor = runs[piece.Run];
                if (!FiniteCheck.AllFinite(tensor, start, length, fetchesAhead: false))
                {
                    found.Add(tile);
                }
            }
        }

        return [.. ranks.Communicator.AllGatherLists<SkippedTile>([.. found]).Distinct()];
    }

    /// <summary>The parts of a piece by the tiles in which one process checks them: the tile, and the elements of the tensor.</summary>
    private IEnumerable<(SkippedTile Tile, int Start, int Length)> TilesOf(Piece piece)
    {
        ParameterRun<T> tensor = runs[piece.Run];
        int run = Array.FindIndex(
            checkedRuns, one => one.Block == tensor.Block && one.Offset <= tensor.Offset && tensor.Offset < one.Offset + one.Length);
        int shift = tensor.Offset - checkedRuns[run].Offset;
        for (int start = piece.Start, end = piece.Start + piece.Length; start < end;)
        {
            int tile = (shift + start) / CheckedTile * CheckedTile;
            int length = Math.Min(tile + CheckedTile - shift, end) - start;
            yield return (new SkippedTile(run, tile), start, length);
            start += length;
        }
    }

    /// <summary>A tile that is not updated.</summary>
    /// <param name="Run">The position of its run among those of one process.</param>
    /// <param name="Start">Its first element in the run.</param>
    private readonly record struct SkippedTile(int Run, int Start);

    private sealed class AllElements(StepEngine<T> engine) : IPieceWork
    {
        public void Do(in Piece piece) => engine.UpdateElements(engine.runs[piece.Run], piece.Start, piece.Length);
    }

    /// <summary>Updates the elements outside of the tiles that are skipped.</summary>
    private sealed class FiniteTiles(StepEngine<T> engine, HashSet<SkippedTile> skippedTiles) : IPieceWork
    {
        public void Do(in Piece piece)
        {
            foreach ((SkippedTile tile, int start, int length) in engine.TilesOf(piece))
            {
                if (!skippedTiles.Contains(tile))
                {
                    engine.UpdateElements(engine.runs[piece.Run], start, length);
                }
            }
        }
    }
}
