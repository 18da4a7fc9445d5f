using System.Numerics;

namespace OptimGen;

/// <content>
/// A step. What can be refused is refused first; then scalars are computed, then reductions; then every element is updated, by one pass over memory.
/// </content>
public abstract partial class Optimizer<T> : IPieceWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OptimizerState<T> state;
    private readonly ParameterRun<T>[] tensors;
    private readonly ParameterRun<T>[] runs;
    private readonly Division tensorDivision;
    private readonly Division runDivision;
    private readonly int[] usedGroups;
    private readonly GradientSurvey<T> survey;
    private readonly SeenGradients<T> gradients = new();
    private readonly Reductions<T>? reductions;
    private ParameterAverage<T>? average;
    private bool hasPhase;

    /// <inheritdoc/>
    public sealed override StepResult Step()
    {
        StepResult result = Prepare();
        if (result.WasTaken)
        {
            runDivision.ForEachElement(this, MaxDegreeOfParallelism);
            Commit();
        }

        return result;
    }

    /// <summary>A step by the user's own method instead of the kernels; only for a rule that is a method.</summary>
    internal void StepByMethod()
    {
        if (Prepare().WasTaken)
        {
            for (int run = 0; run < runs.Length; run++)
            {
                for (int start = 0; start < runs[run].Length; start += Division.PieceLength)
                {
                    UpdateByMethod(runs[run], SlotOf(run), start, Math.Min(Division.PieceLength, runs[run].Length - start));
                }
            }

            Commit();
        }
    }

    /// <summary>As <see cref="StepByMethod()"/>, an element at a time, for a method that throws for some of them.</summary>
    /// <param name="onThrow">
    /// Takes the position of the tensor and of the element in it, where the method throws; the element is left as the method left it.
    /// </param>
    internal void StepByMethod(Action<int, int> onThrow)
    {
        if (!Prepare().WasTaken)
        {
            return;
        }

        for (int tensor = 0; tensor < tensors.Length; tensor++)
        {
            int slot = Definition.PerTensor ? tensor : tensors[tensor].Group;
            for (int i = 0; i < tensors[tensor].Length; i++)
            {
                try
                {
                    UpdateByMethod(tensors[tensor], slot, i, 1);
                }
                catch (Exception exception) when (exception is ArithmeticException or ArgumentException)
                {
                    onThrow(tensor, i);
                }
            }
        }

        Commit();
    }

    /// <summary>Updates a piece of a run.</summary>
    void IPieceWork.Do(in Piece piece, int member)
    {
        ParameterRun<T> run = runs[piece.Run];
        Span<T> own = run.Gradients.Slice(piece.Start, piece.Length);
        UpdateElements(
            SlotOf(piece.Run),
            hasPhase ? new KernelStreams<T>(run, state, piece.Start, own, PhaseOf(run, in piece)) : new KernelStreams<T>(run, state, piece.Start, own));
    }

    /// <summary>Everything of a step that can be refused: when it returns, nothing has been stored that a step keeps.</summary>
    private StepResult Prepare()
    {
        if (IsAtAverages)
        {
            throw new InvalidOperationException(
                $"The parameters of {Definition.Name} stand at their averages; dispose of the {nameof(EvaluatedAverages)} before the next step.");
        }

        long step = StepCount + 1;
        foreach (int group in usedGroups)
        {
            PrepareStep(step, group);
        }

        StepResult result = LookAtGradients();
        if (!result.WasTaken)
        {
            return result;
        }

        if (step == 1)
        {
            state.CopyParameters(Parameters.Blocks);
        }

        if (reductions is not null)
        {
            reductions.Compute(MaxDegreeOfParallelism);
            foreach (int group in usedGroups)
            {
                PrepareReduced(step, group, reductions.OfEverything);
            }
        }

        if (Definition.PerTensor)
        {
            for (int tensor = 0; tensor < runs.Length; tensor++)
            {
                PrepareTensor(step, runs[tensor].Group, tensor, runs[tensor].Length, reductions is null ? [] : reductions.Of(tensor));
            }
        }

        return result;
    }

    /// <summary>Refuses gradients that are not finite, and finds out what the rule is to see of the others.</summary>
    private StepResult LookAtGradients()
    {
        double? norm = MaxGradientNorm is null ? null : GradientScale * survey.Norm(MaxDegreeOfParallelism);
        if (NonFiniteGradients != NonFiniteGradientPolicy.Allow)
        {
            // A norm that is finite has looked at every element.
            NonFiniteGradient? found = norm is null ? survey.FindNonFinite(MaxDegreeOfParallelism)
                : double.IsFinite(norm.Value) ? null : survey.FirstNonFinite();
            if (found is { } gradient)
            {
                return NonFiniteGradients == NonFiniteGradientPolicy.SkipStep
                    ? new StepResult(false, norm, gradient)
                    : throw new NonFiniteGradientException(gradient);
            }
        }

        double clipping = norm > MaxGradientNorm ? MaxGradientNorm.Value / norm.Value : double.IsNaN(norm ?? 0) ? double.NaN : 1;
        gradients.Begin(
            new GradientAdjustment<T>(T.CreateTruncating(GradientScale * clipping), T.CreateTruncating(MaxGradientValue ?? double.PositiveInfinity)),
            MaxDegreeOfParallelism);
        hasPhase = !gradients.Adjustment.IsIdentity || ZeroGradientsAfterStep || average is not null;
        return new StepResult(true, norm, null);
    }

    private void ReducePiece(ParameterRun<T> tensor, in Piece piece, int member, Span<double> results) => ReduceElements(
        tensor.Group, new KernelStreams<T>(tensor, state, piece.Start, gradients.Of(tensor, piece.Start, piece.Length, member)), results);

    private StepPhase<T> PhaseOf(ParameterRun<T> run, in Piece piece) => average is null
        ? new StepPhase<T>(gradients.Adjustment, ZeroGradientsAfterStep, [], T.Zero)
        : new StepPhase<T>(gradients.Adjustment, ZeroGradientsAfterStep, average.Of(run, piece.Start, piece.Length), average.Share);

    private void UpdateByMethod(ParameterRun<T> run, int slot, int start, int length)
    {
        UpdateElementsByMethod(slot, new KernelStreams<T>(run, state, start, gradients.Of(run, start, length, member: 0)));
        if (average is not null)
        {
            Span<T> averages = average.Of(run, start, length), values = run.Values.Slice(start, length);
            for (int i = 0; i < length; i++)
            {
                averages[i] += average.Share * (values[i] - averages[i]);
            }
        }

        if (ZeroGradientsAfterStep)
        {
            run.Gradients.Slice(start, length).Clear();
        }
    }

    private int SlotOf(int run) => Definition.PerTensor ? run : runs[run].Group;

    private void Commit()
    {
        CommitStep();
        StepCount++;
    }
}
