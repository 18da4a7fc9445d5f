using System.Numerics;

namespace OptimGen;

/// <summary>An element of a gradient that is not finite.</summary>
/// <param name="Tensor">The position of the parameter.</param>
/// <param name="Element">The position of the element.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct NonFiniteElement(int Tensor, int Element, double Value);

/// <summary>
/// Which pieces of the tensors are this rank's, and how what it finds in them comes to all ranks. Every rank then combines the results of all pieces in the order of one
/// process, and so has the same bits.
/// </summary>
/// <param name="communicator">The ranks.</param>
/// <param name="own">The pieces of this rank.</param>
/// <param name="rangeOf">The first piece of a rank, and the number of its pieces.</param>
internal sealed class PieceResults(ICommunicator communicator, Division own, Func<int, (int First, int Count)> rangeOf)
{
    /// <summary>The pieces of this rank.</summary>
    public Division Own => own;

    /// <summary>Gives every rank the results of all pieces.</summary>
    /// <param name="results">The results in the order of the pieces, those of this rank's pieces computed.</param>
    /// <param name="width">The number of results of a piece.</param>
    public void Gather(double[] results, int width)
    {
        int longest = width * Enumerable.Range(0, communicator.Size).Max(rank => rangeOf(rank).Count);
        (int first, int count) = rangeOf(communicator.Rank);
        var padded = new double[longest];
        results.AsSpan(first * width, count * width).CopyTo(padded);
        double[] all = communicator.AllGather<double>(padded);
        for (int rank = 0; rank < communicator.Size; rank++)
        {
            (first, count) = rangeOf(rank);
            all.AsSpan(rank * longest, count * width).CopyTo(results.AsSpan(first * width));
        }
    }

    /// <summary>The first of the elements that the ranks have found, in the order of the set; the same on every rank.</summary>
    public NonFiniteGradient? First<T>(NonFiniteElement? found, ParameterSet<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The slices follow each other in the order of the set.
        foreach (NonFiniteElement element in communicator.AllGather(found ?? new NonFiniteElement(-1, 0, 0)))
        {
            if (element.Tensor >= 0)
            {
                return NonFiniteGradient.At(parameters[element.Tensor], element.Element, element.Value);
            }
        }

        return null;
    }
}
