using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>What a step must know of all gradients before it stores anything: whether they are finite, and their norm. One pass finds both.</summary>
/// <param name="parameters">The parameters.</param>
/// <param name="tensors">Them, tensor by tensor: the norm does not depend on where their memory is.</param>
/// <param name="runs">Their gradients as they lie in memory, with 0 between tensors.</param>
/// <param name="runDivision">The runs, cut into pieces.</param>
/// <remarks>It goes from the end to the beginning, so that the step, which goes the other way, finds the first gradients in the cache.</remarks>
internal sealed class GradientScan<T>(ParameterSet<T> parameters, Division tensors, ParameterRun<T>[] runs, Division runDivision) : IPieceWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A scale of 2⁻⁵⁵⁸ brings the squares of the largest doubles into range, and their sum over 2⁴⁰ elements.</summary>
    private const int ExponentForLargest = -558;

    /// <summary>
    /// A scale of 2⁷⁰⁰ brings the square of the smallest double, 2⁻²¹⁴⁸, above <see cref="SmallestExactSum"/>, and leaves the squares of doubles that gave a
    /// sum below that in range.
    /// </summary>
    private const int ExponentForSmallest = 700;

    /// <summary>
    /// 2⁻⁹⁶⁰. The rounding error of a square below the smallest normal double is at most 2⁻¹⁰⁷⁵, which over 2⁴⁰ elements is less than half a unit in the
    /// last place of a sum from here on.
    /// </summary>
    private static readonly double SmallestExactSum = Math.ScaleB(1, -960);

    private double[] sums = [];
    private bool wantsNorm;
    private bool fetchesAhead;
    private double scale;
    private int sawNonFinite;

    /// <summary>The first element that is not finite, in the order of the set, or <see langword="null"/>.</summary>
    /// <param name="degree">The most threads.</param>
    /// <param name="fetchesAhead">Whether the gradients come from memory, so that it pays to prefetch them.</param>
    public NonFiniteGradient? FindNonFinite(int degree, bool fetchesAhead)
    {
        this.fetchesAhead = fetchesAhead;
        wantsNorm = false;
        sawNonFinite = 0;
        if (runDivision.PieceCount == 1)
        {
            Check(runs[0], 0, runs[0].Length);
        }
        else
        {
            runDivision.ForEachPiece(this, degree, fromTheEnd: true, merges: degree > 1);
        }

        return sawNonFinite == 0 ? null : FirstNonFinite();
    }

    /// <summary>
    /// The Euclidean norm of all gradients, within rounding for finite gradients of any size: where squares of doubles overflow or underflow, a second
    /// pass scales the gradients by a power of two. The squares of floats have neither in double.
    /// </summary>
    public GradientNorm Norm(int degree)
    {
        double sum = SumSquares(degree, 1);
        int exponent = typeof(T) == typeof(float) ? 0
            : double.IsPositiveInfinity(sum) ? ExponentForLargest
            : sum < SmallestExactSum ? ExponentForSmallest
            : 0;
        return new GradientNorm(Math.Sqrt(exponent == 0 ? sum : SumSquares(degree, Math.ScaleB(1, exponent))), -exponent);
    }

    /// <summary>As <see cref="FindNonFinite"/>, for one thread and where there probably is one.</summary>
    public NonFiniteGradient? FirstNonFinite()
    {
        foreach (Parameter<T> parameter in parameters)
        {
            int element = FiniteCheck.IndexOfNonFinite<T>(parameter.Gradients);
            if (element >= 0)
            {
                return NonFiniteGradient.At(parameter, element);
            }
        }

        return null;
    }

    void IPieceWork.Do(in Piece piece)
    {
        if (wantsNorm)
        {
            sums[piece.Index] = SumOfSquares.Of(parameters[piece.Run].Gradients.Slice(piece.Start, piece.Length), scale);
        }
        else
        {
            Check(runs[piece.Run], piece.Start, piece.Length);
        }
    }

    private void Check(ParameterRun<T> run, int start, int length)
    {
        if (!FiniteCheck.AllFinite(ref run.Gradients.At(run.Offset + start), length, fetchesAhead))
        {
            Volatile.Write(ref sawNonFinite, 1);
        }
    }

    private double SumSquares(int degree, double scale)
    {
        wantsNorm = true;
        this.scale = scale;
        if (sums.Length == 0)
        {
            sums = new double[tensors.PieceCount];
        }

        tensors.ForEachPiece(this, degree, fromTheEnd: true);
        double sum = 0;
        foreach (double one in sums)
        {
            sum += one;
        }

        return sum;
    }
}
