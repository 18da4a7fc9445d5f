using System.Numerics;

namespace OptimGen;

/// <summary>
/// The results of a rule's reductions in one step, for each tensor and for all parameters. Each piece of a tensor is reduced by itself. The results of
/// pieces are combined in their order, and those of tensors in the order of the set, so the bits do not depend on the number of threads.
/// </summary>
internal sealed class Reductions<T> : IPieceWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<ReductionDefinition> definitions;
    private readonly ParameterRun<T>[] tensors;
    private readonly Division division;
    private readonly ReducePiece reduce;
    private readonly double[] ofPieces;
    private readonly double[] ofTensors;
    private readonly double[] ofEverything;
    private readonly PieceResults? ranks;

    /// <param name="definitions">The reductions.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="division">The pieces of all tensors.</param>
    /// <param name="reduce">Reduces a piece.</param>
    /// <param name="ranks">Where the pieces are divided among ranks: which are this rank's, and how the results of the others come here.</param>
    public Reductions(
        IReadOnlyList<ReductionDefinition> definitions, ParameterRun<T>[] tensors, Division division, ReducePiece reduce, PieceResults? ranks = null)
    {
        (this.definitions, this.tensors, this.division, this.reduce, this.ranks) = (definitions, tensors, division, reduce, ranks);
        ofPieces = new double[division.PieceCount * definitions.Count];
        ofTensors = new double[tensors.Length * definitions.Count];
        ofEverything = new double[definitions.Count];
    }

    /// <summary>Reduces a piece of a tensor, and writes the results, one for each definition.</summary>
    public delegate void ReducePiece(ParameterRun<T> tensor, in Piece piece, Span<double> results);

    /// <summary>The results for all parameters, in the order of the definitions.</summary>
    public ReadOnlySpan<double> OfEverything => ofEverything;

    /// <summary>The results for one tensor, in the order of the definitions.</summary>
    public ReadOnlySpan<double> Of(int tensor) => At(ofTensors, tensor);

    public void Compute(int degree)
    {
        (ranks?.Own ?? division).ForEachPiece(this, degree);
        ranks?.Gather(ofPieces, definitions.Count);
        Array.Clear(ofTensors);
        Array.Clear(ofEverything);
        foreach (ref readonly Piece piece in division.Pieces)
        {
            Combine(At(ofTensors, piece.Run), At(ofPieces, piece.Index));
        }

        for (int tensor = 0; tensor < tensors.Length; tensor++)
        {
            Combine(ofEverything, At(ofTensors, tensor));
            Finish(At(ofTensors, tensor));
        }

        Finish(ofEverything);
    }

    void IPieceWork.Do(in Piece piece) => reduce(tensors[piece.Run], in piece, At(ofPieces, piece.Index));

    private Span<double> At(double[] results, int index) => results.AsSpan(index * definitions.Count, definitions.Count);

    private void Combine(Span<double> sums, ReadOnlySpan<double> values)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = definitions[i].Combine(sums[i], values[i]);
        }
    }

    private void Finish(Span<double> sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = definitions[i].Finish(sums[i]);
        }
    }
}
