using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>What the schedule-free optimizers share outside of their kernels. Defazio et al., "The road less scheduled", 2024.</summary>
internal static class ScheduleFree
{
    /// <summary>The learning rate γ of the step, and the share c that its point z has in the average: γ grows over the warm-up, c = w/Σw, w = (max γ)².</summary>
    public static (double LearningRate, double Share) Advance(
        long step, double learningRate, double warmupSteps, ref double largestLearningRate, ref double weightSum)
    {
        double warmed = step < warmupSteps ? learningRate * step / warmupSteps : learningRate;
        largestLearningRate = Math.Max(largestLearningRate, warmed);
        double weight = largestLearningRate * largestLearningRate;
        weightSum += weight;
        return (warmed, weightSum > 0 ? weight / weightSum : 0);
    }

    /// <summary>x from y = (1−β)z + βx, in double, and rounded once.</summary>
    public static void CopyAverages(Optimizer<float> optimizer, Parameter<float> parameter, ReadOnlySpan<float> anchor, float beta, Span<float> averages)
    {
        DerivedAverages.Require(optimizer, parameter, averages);
        optimizer.TrainingPoint.Require(optimizer, "compute averages");
        double toAnchor = 1 - 1 / StepMath.Widen(beta);
        ReadOnlySpan<float> values = parameter.ReadValues();
        for (int i = 0; i < averages.Length; i++)
        {
            double y = values[i], z = anchor[i];
            averages[i] = (float)(y + toAnchor * (z - y));
        }
    }
}
