using System.Numerics;

namespace OptimGen;

/// <summary>
/// Directions whose filters have the norms of the parameters' filters, so that a unit along each is as large as the weights are, and surfaces of different
/// networks can be compared: d ← d·‖θ‖/‖d‖ for each filter (Li, Xu, Taylor, Studer and Goldstein, "Visualizing the loss landscape of neural nets", NeurIPS 2018,
/// arXiv:1712.09913, section 4).
/// </summary>
/// <remarks>
/// A filter is what computes one output: a row of a matrix, the elements of one first index of a larger tensor, and the whole of a vector of weights. Biases
/// are left out, as in the paper's experiments: their direction is 0.
/// </remarks>
internal static class FilterNormalization
{
    /// <summary>Normalizes a direction, whose elements are in the order of a selection's parameters.</summary>
    /// <returns>Whether any element is not 0: all are if there are only biases, and filters whose parameters are 0.</returns>
    public static bool Apply<T>(ParameterSelection<T> selection, ReadOnlySpan<double> point, Span<double> direction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isAny = false;
        for (int i = 0; i < selection.Parameters.Length; i++)
        {
            Parameter<T> parameter = selection.Parameters[i];
            Span<double> part = direction.Slice(selection.Offset(i), parameter.Length);
            if (parameter.Role == ParameterRole.Bias)
            {
                part.Clear();
                continue;
            }

            int filters = parameter.Shape.Count > 1 ? parameter.Shape[0] : 1, length = parameter.Length / filters;
            for (int filter = 0; filter < filters; filter++)
            {
                Span<double> own = part.Slice(filter * length, length);
                double norm = DenseVector.Norm(point.Slice(selection.Offset(i) + filter * length, length));
                DenseVector.Normalize(own);
                DenseVector.Scale(norm, own);
                isAny |= norm > 0;
            }
        }

        return isAny;
    }
}
