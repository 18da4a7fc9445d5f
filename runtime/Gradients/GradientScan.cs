using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// Reads all gradients before the first store of a step: checks that they are finite, or computes their norm, which is finite only if they are.
/// </summary>
/// <param name="parameters">The parameters.</param>
/// <param name="tensors">The parameters, each by itself, so that the norm does not depend on how they lie in memory.</param>
/// <param name="tensorDivision">The tensors, cut into pieces.</param>
/// <param name="runs">The contiguous runs of parameters; the padding between tensors has gradients of 0.</param>
/// <param name="runDivision">The runs, cut into pieces.</param>
/// <param name="tables">For each parameter the table whose rows have the gradients, in place of the parameter's own; <see langword="null"/> if it has none.</param>
/// <param name="ranks">Where the pieces of the tensors are divided among ranks: which are this rank's, and what the others have found.</param>
/// <remarks>
/// The scan goes from the last piece to the first. The update, which goes from first to last, then finds the first gradients in the cache.
/// </remarks>
internal sealed class GradientScan<T>(
    ParameterSet<T> parameters, ParameterRun<T>[] tensors, Division tensorDivision, ParameterRun<T>[] runs, Division runDivision, RowTable<T>?[] tables, PieceResults? ranks)
    : IPieceWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Division denseDivision = Array.Exists(tables, static table => table is not null) ? tensorDivision.Without(run => tables[run] is not null) : tensorDivision;
    private readonly (RowTable<T> Table, Range Pieces)[] tablePieces =
        [.. tables.OfType<RowTable<T>>().Select(table => (table, tensorDivision.PiecesOf(table.Parameter.Index)))];

    private double[] sums = [];
    private bool computesNorm;
    private bool fetchesAhead;
    private double scale;
    private int sawNonFinite;

    /// <summary>The first element that is not finite, in the order of the set, or <see langword="null"/>.</summary>
    /// <param name="degree">The largest number of threads.</param>
    /// <param name="fetchesAhead">Whether to prefetch; faster where the gradients are in memory and not in a cache.</param>
    public NonFiniteGradient? FindNonFinite(int degree, bool fetchesAhead)
    {
        this.fetchesAhead = fetchesAhead;
        computesNorm = false;
        sawNonFinite = 0;
        if (ranks is not null)
        {
            ranks.Own.ForEachPiece(this, degree, merges: true);
            return FirstNonFinite();
        }

        if (runDivision.PieceCount == 1 || (fetchesAhead && !runDivision.IsWorthSharing(degree)))
        {
            // In the order of the addresses, which the processor prefetches too: from memory, no order finds the last gradients in the cache.
            for (int run = 0; run < runs.Length; run++)
            {
                Check(runs[run], 0, runs[run].Length);
            }
        }
        else
        {
            runDivision.ForEachPiece(this, degree, fromTheEnd: !fetchesAhead, merges: degree > 1);
        }

        return sawNonFinite == 0 && FirstNonFiniteRow() is null ? null : FirstNonFinite();
    }

    /// <summary>The first element that is not finite of the gradients of rows, or <see langword="null"/>.</summary>
    public NonFiniteGradient? FirstNonFiniteRow()
    {
        foreach (RowTable<T>? table in tables)
        {
            if (table is not null && !table.Gradients.AreFinite())
            {
                return table.Gradients.FirstNonFinite(table.Parameter);
            }
        }

        return null;
    }

    /// <summary>
    /// The Euclidean norm of all gradients, within rounding error for finite gradients of any size. Where squares of doubles overflow or underflow, a
    /// second pass scales the gradients by a power of two. The squares of floats do neither in double.
    /// </summary>
    public GradientNorm Norm(int degree)
    {
        double sum = SumSquares(degree, 1);
        int exponent = SumOfSquares.ExponentFor<T>(sum);
        return new GradientNorm(Math.Sqrt(exponent == 0 ? sum : SumSquares(degree, Math.ScaleB(1, exponent))), -exponent);
    }

    /// <summary>
    /// The same as <see cref="FindNonFinite"/>, element by element on the calling thread: to be used once it is likely that there is such an element.
    /// </summary>
    public NonFiniteGradient? FirstNonFinite() => ranks is null ? FirstNonFiniteHere() : ranks.First(FirstNonFiniteInSlice(), parameters);

    private NonFiniteGradient? FirstNonFiniteHere()
    {
        foreach (Parameter<T> parameter in parameters)
        {
            if (tables[parameter.Index] is { } table)
            {
                if (table.Gradients.FirstNonFinite(parameter) is { } inRow)
                {
                    return inRow;
                }

                continue;
            }

            int element = FiniteCheck.IndexOfNonFinite(parameter.ReadGradients());
            if (element >= 0)
            {
                return NonFiniteGradient.At(parameter, element);
            }
        }

        return null;
    }

    /// <summary>The first element of this rank's slice that is not finite. The last check has found whether there is one, unless it was that of the norm.</summary>
    private NonFiniteElement? FirstNonFiniteInSlice()
    {
        if (!computesNorm && sawNonFinite == 0)
        {
            return null;
        }

        foreach (ref readonly Piece piece in ranks!.Own.Pieces)
        {
            ReadOnlySpan<T> gradients = parameters[piece.Run].ReadGradients(piece.Start, piece.Length);
            int element = FiniteCheck.IndexOfNonFinite(gradients);
            if (element >= 0)
            {
                return new NonFiniteElement(piece.Run, piece.Start + element, double.CreateTruncating(gradients[element]));
            }
        }

        return null;
    }

    void IPieceWork.Do(in Piece piece)
    {
        if (computesNorm)
        {
            sums[piece.Index] = SumOfSquares.Of(Read(piece), scale);
        }
        else
        {
            Check(runs[piece.Run], piece.Start, piece.Length);
        }
    }

    /// <summary>Gradients of a tensor: themselves, their sums with addends that are kept, or a decoded copy.</summary>
    private ReadOnlySpan<T> Read(in Piece piece)
    {
        ParameterRun<T> tensor = tensors[piece.Run];
        return tensor.HasBFloat16Gradients
            ? parameters[piece.Run].ReadGradients(piece.Start, piece.Length)
            : MemoryMarshal.CreateReadOnlySpan(ref tensor.Gradients.At(tensor.Offset + piece.Start), piece.Length);
    }

    private void Check(ParameterRun<T> run, int start, int length)
    {
        if (!FiniteCheck.AllFinite(run, start, length, fetchesAhead))
        {
            Volatile.Write(ref sawNonFinite, 1);
        }
    }

    private double SumSquares(int degree, double scale)
    {
        computesNorm = true;
        this.scale = scale;
        if (sums.Length == 0)
        {
            sums = new double[tensorDivision.PieceCount];
        }

        (ranks?.Own ?? denseDivision).ForEachPiece(this, degree, fromTheEnd: true);
        foreach ((RowTable<T> table, Range pieces) in tablePieces)
        {
            table.Gradients.SumSquares(sums.AsSpan(pieces), scale);
        }

        ranks?.Gather(sums, width: 1);
        double sum = 0;
        foreach (double pieceSum in sums)
        {
            sum += pieceSum;
        }

        return sum;
    }
}
