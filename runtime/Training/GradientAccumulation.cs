using System.Numerics;

namespace OptimGen;

/// <summary>
/// Evaluates a mini-batch of B examples in micro-batches of b₁, …, bₖ, one after the other, and combines their means: cost Σ(bᵢ/B)·cᵢ, gradient
/// Σ(bᵢ/B)·gᵢ. The sums go through the micro-batches in their order, and each element is multiplied, rounded, added and rounded in the element type, so the
/// bits do not depend on the machine.
/// </summary>
/// <remarks>
/// Per element, the result differs from the exact sum by at most γ·Σ(bᵢ/B)·|gᵢ| with γ = (k + 2)u/(1 − (k + 2)u), u = 2⁻²⁴ for floats and 2⁻⁵³ for doubles:
/// one rounding of the weight to double and one to the element type, one of the product, and k − 1 of the sum (Higham, Accuracy and Stability of Numerical
/// Algorithms, 2nd edition, lemma 3.1). The memory is one more set of gradients.
/// </remarks>
internal sealed class GradientAccumulation<T>(ParameterSet<T> parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[][] sums = [.. parameters.Select(parameter => new T[parameter.Length])];

    /// <summary>Leaves the gradient of the mini-batch, with addends in it, in the gradients of the set.</summary>
    /// <param name="objective">Is called for each micro-batch, with gradients that are zero.</param>
    /// <param name="batch">The mini-batch.</param>
    /// <param name="microBatchSize">The number of examples of each micro-batch; the last has the rest.</param>
    /// <returns>The cost; that of the first micro-batch whose cost is not finite, without the gradients, if there is one.</returns>
    public double Evaluate(Objective<T> objective, MiniBatch batch, int microBatchSize)
    {
        double cost = 0;
        for (int start = 0, count; start < batch.Count; start += count)
        {
            count = Math.Min(microBatchSize, batch.Count - start);
            parameters.ZeroGradients();
            double microCost = objective(parameters, batch.Slice(start, count));
            if (!double.IsFinite(microCost))
            {
                return microCost;
            }

            // A running mean, because a sum of costs times sizes can overflow where the mean does not.
            cost = start == 0 ? microCost : cost + (microCost - cost) * (count / (double)(start + count));
            Add(T.CreateTruncating(count / (double)batch.Count), isFirst: start == 0, isLast: start + count == batch.Count);
        }

        parameters.LeaveOutAddends();
        return cost;
    }

    private void Add(T weight, bool isFirst, bool isLast)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            Parameter<T> parameter = parameters[i];
            if (isFirst)
            {
                ElementSum.SetToScaled(sums[i], weight, parameter.ReadGradients());
            }
            else if (isLast && parameter.GradientStorage == Storage.Native && !parameters.HasGradientAddends)
            {
                ElementSum.ScaleAndAdd(parameter.Gradients, weight, sums[i]);
            }
            else
            {
                ElementSum.AddScaled(sums[i], weight, parameter.ReadGradients());
                if (isLast)
                {
                    parameter.SetGradients(sums[i]);
                }
            }
        }
    }
}
