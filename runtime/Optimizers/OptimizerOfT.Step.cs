using System.Numerics;
using System.Runtime.CompilerServices;

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
    private bool isInPhase;
    private double? gradientNorm;
    private NonFiniteGradient? nonFiniteGradient;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public sealed override StepResult Step()
    {
        if (!Prepare())
        {
            return new StepResult(false, gradientNorm, nonFiniteGradient);
        }

        if (runDivision.IsWorthSharing(MaxDegreeOfParallelism))
        {
            runDivision.ForEachPiece(this, MaxDegreeOfParallelism);
        }
        else
        {
            for (int run = 0; run < runs.Length; run++)
            {
                Update(run, 0, runs[run].Length);
            }
        }

        Commit();
        return new StepResult(true, gradientNorm, null);
    }

    /// <summary>A step by the user's own method instead of the kernels; only for a rule that is a method.</summary>
    internal void StepByMethod()
    {
        if (Prepare())
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
        if (!Prepare())
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

    void IPieceWork.Do(in Piece piece, int member) => Update(piece.Run, piece.Start, piece.Length);

    /// <summary>Everything of a step that can be refused: when it returns, nothing has been stored that a step keeps.</summary>
    /// <returns>Whether the step is to be taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Prepare()
    {
        Parameters.RequireReady(this);
        long step = StepCount + 1;
        foreach (int group in usedGroups)
        {
            PrepareStep(step, group);
        }

        if (!LookAtGradients())
        {
            return false;
        }

        if (step == 1)
        {
            state.CopyParameters(Parameters.Blocks);
        }

        if (reductions is not null || Definition.PerTensor)
        {
            PrepareLate(step);
        }

        return true;
    }

    /// <summary>What a rule computes of its reductions, and for each tensor.</summary>
    private void PrepareLate(long step)
    {
        if (reductions is not null)
        {
            gradients.MakeRoom(tensorDivision.MembersAt(MaxDegreeOfParallelism));
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
    }

    /// <summary>Refuses gradients that are not finite, and finds out what the rule is to see of the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool LookAtGradients()
    {
        (double factor, int exponent) = (GradientScale, 0);
        (gradientNorm, nonFiniteGradient) = (null, null);
        if ((MaxGradientNorm is not null || NonFiniteGradients != NonFiniteGradientPolicy.Allow) && !Survey(ref factor, ref exponent))
        {
            return false;
        }

        gradients.Begin(factor, exponent, MaxGradientValue);
        isInPhase = !gradients.AreAsGiven || ZeroGradientsAfterStep || average is not null || FetchesAhead;
        return true;
    }

    /// <summary>Looks at every gradient, and makes the factor that of the clipping by norm too.</summary>
    /// <returns>Whether the step is to be taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Survey(ref double factor, ref int exponent)
    {
        if (MaxGradientNorm is { } maximum)
        {
            GradientNorm norm = survey.Norm(MaxDegreeOfParallelism);
            gradientNorm = norm.Times(GradientScale);
            (factor, exponent) = norm.Clip(GradientScale, maximum);
            // A norm that is finite has looked at every element.
            nonFiniteGradient = NonFiniteGradients == NonFiniteGradientPolicy.Allow || double.IsFinite(norm.Root) ? null : survey.FirstNonFinite();
        }
        else
        {
            nonFiniteGradient = survey.FindNonFinite(MaxDegreeOfParallelism);
        }

        if (nonFiniteGradient is not null && NonFiniteGradients == NonFiniteGradientPolicy.Throw)
        {
            throw new NonFiniteGradientException(nonFiniteGradient);
        }

        return nonFiniteGradient is null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update(int index, int start, int length)
    {
        ParameterRun<T> run = runs[index];
        var streams = new KernelStreams<T>(run, state, start, length);
        if (isInPhase)
        {
            UpdateInPhase(run, SlotOf(index), in streams, start, length);
        }
        else
        {
            UpdateElements(SlotOf(index), in streams);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void UpdateInPhase(ParameterRun<T> run, int slot, in KernelStreams<T> streams, int start, int length)
    {
        if (gradients.Adjustment.Exponent != 0)
        {
            UpdateFromCopies(run, slot, start, length);
            return;
        }

        UpdateElementsInPhase(slot, in streams, average is null
            ? new StepPhase<T>(gradients.Adjustment, ZeroGradientsAfterStep, [], T.Zero, FetchesAhead)
            : new StepPhase<T>(gradients.Adjustment, ZeroGradientsAfterStep, average.Of(run, start, length), average.Share, FetchesAhead));
    }

    private void ReducePiece(ParameterRun<T> tensor, in Piece piece, int member, Span<double> results) => ReduceElements(
        tensor.Group, new KernelStreams<T>(tensor, state, piece.Start, gradients.Of(tensor, piece.Start, piece.Length, member)), results);

    private void UpdateByMethod(ParameterRun<T> run, int slot, int start, int length)
    {
        gradients.MakeRoom(members: 1);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Commit()
    {
        CommitStep();
        StepCount++;
    }
}
