using System.Numerics;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>What a step over ranks has beside that of one process: the slices, and the exchanges between them.</summary>
internal sealed class RankStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterSet<T> parameters;
    private readonly GradientExchange<T> gradients;
    private readonly ValueExchange<T> values;
    private readonly IPartialGradient<T> ownGradients;

    /// <param name="communicator">The ranks.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="tensors">A run for each parameter.</param>
    /// <param name="division">The pieces of the tensors.</param>
    /// <param name="definition">The rule.</param>
    /// <param name="options">The form of the states, and how values in bfloat16 are stepped, which are compared.</param>
    /// <exception cref="InvalidOperationException">The ranks have different parameters, rules or forms of states.</exception>
    public RankStep(ICommunicator communicator, ParameterSet<T> parameters, ParameterRun<T>[] tensors, Division division, OptimizerDefinition definition, OptimizerOptions options)
    {
        (Communicator, this.parameters) = (communicator, parameters);
        RequireSame(communicator, parameters, definition, options);
        Slices = new RankSlices<T>(communicator, tensors, division);
        Results = new PieceResults(communicator, Slices.Own, Slices.RangeOf);
        gradients = new GradientExchange<T>(parameters, Slices);
        values = new ValueExchange<T>(Slices);
        ownGradients = new GradientsOfSet(parameters);
    }

    public ICommunicator Communicator { get; }

    public RankSlices<T> Slices { get; }

    public PieceResults Results { get; }

    /// <summary>The elements of a tensor whose states this rank keeps.</summary>
    public (int Start, int Length) PartOf(int tensor) => Slices.PartOf(Slices.Rank, tensor);

    /// <summary>A hash of the values of a tensor, by which ranks tell that they have the same: FNV-1a over words of 16 bits, which values in every form are made of.</summary>
    public uint HashOfValues(ParameterRun<T> tensor)
    {
        uint hash = 2166136261;
        foreach (ushort word in MemoryMarshal.Cast<byte, ushort>(ValuesOf(tensor, 0, tensor.Length)))
        {
            hash = (hash ^ word) * 16777619;
        }

        return hash;
    }

    /// <summary>Sums the gradients of the set, addends included, over all ranks, each of which is one leaf.</summary>
    public void SumGradients() => gradients.Sum(Slices.Size, [ownGradients]);

    /// <inheritdoc cref="GradientExchange{T}.Sum"/>
    public void SumGradients(int leafCount, IReadOnlyList<IPartialGradient<T>> own) => gradients.Sum(leafCount, own);

    /// <summary>Updates the parameters of this rank's slice, a few pieces at a time, and gives all ranks the new values.</summary>
    public void Update(Action<Division> update) => values.Gather(update, ValuesOf);

    /// <summary>Gives all ranks elements that each has computed for its slice.</summary>
    public void Gather(Func<ParameterRun<T>, Memory<T>> elementsOf) =>
        values.Gather(compute: null, (tensor, start, length) => MemoryMarshal.AsBytes(elementsOf(tensor).Span.Slice(start, length)));

    /// <summary>Sets the gradients of the other slices to zero; the kernels have done it for this one.</summary>
    public void ZeroOtherGradients()
    {
        for (int rank = 0; rank < Slices.Size; rank++)
        {
            foreach (ref readonly Piece piece in rank == Slices.Rank ? [] : Slices.PiecesOf(rank))
            {
                parameters[piece.Run].ZeroGradient(piece.Start, piece.Length);
            }
        }
    }

    /// <summary>Brings the parts of a tensor that the ranks own to all of them, or to one.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="receiver">The rank that gets the parts; <see langword="null"/> for all.</param>
    /// <param name="sizeOf">The number of bytes of so many elements.</param>
    /// <param name="read">Copies this rank's part.</param>
    /// <param name="write">Takes a part: its bytes, the position of its first element, and their number.</param>
    public void GatherTensor(int tensor, int? receiver, Func<int, int> sizeOf, Action<Memory<byte>> read, Action<Memory<byte>, int, int> write)
    {
        List<Transfer> sends = [];
        if (PartOf(tensor) is { Length: > 0 } own)
        {
            Memory<byte> bytes = new byte[sizeOf(own.Length)];
            read(bytes);
            foreach (int rank in Enumerable.Range(0, Slices.Size).Where(rank => rank != Slices.Rank && (receiver ?? rank) == rank))
            {
                sends.Add(Communicator.StartSend(rank, bytes));
            }

            if ((receiver ?? Slices.Rank) == Slices.Rank)
            {
                write(bytes, own.Start, own.Length);
            }
        }

        if ((receiver ?? Slices.Rank) == Slices.Rank)
        {
            foreach (int rank in Enumerable.Range(0, Slices.Size).Where(rank => rank != Slices.Rank))
            {
                if (Slices.PartOf(rank, tensor) is { Length: > 0 } part)
                {
                    Memory<byte> bytes = new byte[sizeOf(part.Length)];
                    Communicator.Receive(rank, bytes);
                    write(bytes, part.Start, part.Length);
                }
            }
        }

        sends.ForEach(send => send.Wait());
    }

    private Span<byte> ValuesOf(ParameterRun<T> tensor, int start, int length) => tensor.HasBFloat16Values
        ? MemoryMarshal.AsBytes(parameters.Blocks[tensor.Block].BFloat16Values.Span.Slice(tensor.Offset + start, length))
        : MemoryMarshal.AsBytes(tensor.Values.Span.Slice(tensor.Offset + start, length));

    private static void RequireSame(ICommunicator communicator, ParameterSet<T> parameters, OptimizerDefinition definition, OptimizerOptions options)
    {
        string[][] all =
        [
            .. communicator.AllGather(string.Join('\n', [Describe(definition, options), .. parameters.Select(Describe)])).Select(text => text.Split('\n')),
        ];
        string[] first = all[0];
        for (int rank = 1; rank < all.Length; rank++)
        {
            string[] other = all[rank];
            if (other.SequenceEqual(first))
            {
                continue;
            }

            if (other[0] != first[0])
            {
                throw new InvalidOperationException(
                    $"The ranks have different optimizers: {first[0]} on rank 0, and {other[0]} on rank {rank}. Every rank must make the same optimizer with the same options.");
            }

            int at = Enumerable.Range(1, Math.Max(first.Length, other.Length)).First(i => first.ElementAtOrDefault(i) != other.ElementAtOrDefault(i));
            throw new InvalidOperationException(
                $"The ranks have different parameters: number {at} is {first.ElementAtOrDefault(at) ?? "missing"} on rank 0, and "
                + $"{other.ElementAtOrDefault(at) ?? "missing"} on rank {rank}. Every rank must add the same parameters in the same order.");
        }
    }

    private static string Describe(OptimizerDefinition definition, OptimizerOptions options) =>
        $"{definition.Name}{(definition.Fingerprint.Length > 0 ? $" with the fingerprint {definition.Fingerprint}" : "")}, its states in "
        + $"{options.StateStorage?.ToString() ?? "the declared form"} with {options.StateRounding?.ToString() ?? "the declared"} rounding";

    private static string Describe(Parameter<T> parameter) =>
        $"{parameter}{(parameter.Block.HasBFloat16Values ? $" in {Storage.BFloat16}" : "")} of group '{parameter.Group.Name}'";

    private sealed class GradientsOfSet(ParameterSet<T> parameters) : IPartialGradient<T>
    {
        public void CopyTo(int tensor, int start, Span<T> elements) => parameters[tensor].ReadGradients(start, elements);
    }
}
