using System.Numerics;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// Checks whether a gradient has the same bits each time that it is computed from the same parameters and examples. Only then can a run have the same bits for any number
/// of ranks, or twice in the same way. Usual causes of a difference are sums whose order depends on threads, and random numbers that go on.
/// </summary>
public static class GradientReproducibility
{
    /// <summary>Computes a gradient twice, each time from gradients of zero, and compares the bits. Afterwards the gradients are those of the second time.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="compute">Computes the gradient of a shard into the gradients of the parameters, and returns its cost.</param>
    /// <returns>The first difference, or <see langword="null"/> if there is none.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static GradientDifference? FindDifference<T>(ParameterSet<T> parameters, Func<double> compute)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(compute);
        parameters.ZeroGradients();
        double firstCost = compute();
        T[][] first = [.. parameters.Select(parameter => parameter.ReadGradients().ToArray())];
        parameters.ZeroGradients();
        double secondCost = compute();
        for (int i = 0; i < first.Length; i++)
        {
            ReadOnlySpan<T> left = first[i], right = parameters[i].ReadGradients();
            int same = MemoryMarshal.AsBytes(left).CommonPrefixLength(MemoryMarshal.AsBytes(right)) / Marshal.SizeOf<T>();
            if (same < left.Length)
            {
                return new GradientDifference(
                    parameters[i].Name, parameters[i].Position(same), double.CreateTruncating(left[same]), double.CreateTruncating(right[same]));
            }
        }

        return BitConverter.DoubleToInt64Bits(firstCost) == BitConverter.DoubleToInt64Bits(secondCost)
            ? null
            : new GradientDifference(null, "", firstCost, secondCost);
    }
}

/// <summary>Where a gradient differs from the same one computed again.</summary>
/// <param name="ParameterName">The name of the parameter; <see langword="null"/> if only the cost differs.</param>
/// <param name="Position">The position of the first element that differs: <c>[3, 17]</c>.</param>
/// <param name="First">Its value, or the cost, the first time.</param>
/// <param name="Second">The same, the second time.</param>
public sealed record GradientDifference(string? ParameterName, string Position, double First, double Second)
{
    /// <summary>A sentence that says what differs.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"The {(ParameterName is null ? "cost" : $"gradient of parameter '{ParameterName}' at {Position}")} is {First:R} when it is computed first, and {Second:R} again from the same values.");
}
