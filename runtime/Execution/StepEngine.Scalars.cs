using System.Runtime.CompilerServices;

namespace OptimGen;

/// <content>The scalars of a step: computed once for a group or a tensor, and then the same for all of its elements.</content>
internal sealed partial class StepEngine<T>
{
    /// <summary>Checks the hyperparameters, and computes the scalars of the step that depend on nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrepareScalars(long step)
    {
        if (optimizer.PrepareSettings(rule))
        {
            preparedStep = NoStep;
        }

        if (!groupStates.IsEmpty)
        {
            groupStates.Begin();
        }

        if (preparesSteps && preparedStep != step)
        {
            PrepareStep(step);
        }
    }

    private void PrepareStep(long step)
    {
        foreach (int group in usedGroups)
        {
            rule.PrepareStep(group, step, groupStates.OfStep(group));
        }
    }

    /// <summary>
    /// Computes the scalars of the next step at the end of this one. Powers, root and quotients are a dependency chain of about 60 cycles, which
    /// out-of-order execution then overlaps with the code between two steps. A failure here is ignored: the next step computes the scalars again and
    /// reports it.
    /// </summary>
    private void PrepareAhead(long step)
    {
        preparedStep = NoStep;
        try
        {
            PrepareStep(step);
            preparedStep = step;
        }
        catch (ArithmeticException)
        {
            // A scalar is not finite. The step that needs it throws.
        }
    }

    /// <summary>Computes the rule's reductions, and the scalars that depend on them or that the rule has for each tensor.</summary>
    private void PrepareAfterReductions(long step)
    {
        if (reductions is not null)
        {
            reductions.Compute(optimizer.MaxDegreeOfParallelism);
            foreach (int group in usedGroups)
            {
                rule.PrepareGlobal(group, step, reductions.OfEverything, groupStates.OfStep(group));
            }
        }

        if (isPerTensor)
        {
            tensorStates.Begin();
            for (int tensor = 0; tensor < tensors.Length; tensor++)
            {
                rule.PrepareTensor(
                    tensors[tensor].Group, tensor, step, tensors[tensor].Length, reductions is null ? [] : reductions.Of(tensor), tensorStates.OfStep(tensor));
            }
        }
    }
}
