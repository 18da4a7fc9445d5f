using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <content>What the ranks of a step have parts of: brought together to be saved as one process would, and divided when it is loaded.</content>
internal sealed partial class OptimizerCheckpoint<T>
{
    /// <summary>Writes a state whose parts the ranks have.</summary>
    private void SaveGathered(CheckpointWriter writer, RankStep<T> ranks, Parameter<T> parameter, int index, string name, string scalesName)
    {
        if (optimizer.State.StoredOf(parameter.Index)[index] is { } stored)
        {
            Gather(writer, ranks, parameter, stored, () => WholeOf(parameter, index))?.Save(writer, name, scalesName, [.. parameter.Shape]);
            return;
        }

        T[] whole = Receives(writer, ranks) ? new T[parameter.Length] : [];
        ranks.GatherTensor(
            parameter.Index,
            writer.Receiver,
            count => count * Unsafe.SizeOf<T>(),
            bytes => MemoryMarshal.AsBytes(optimizer.State.MemoryOf(parameter, index).Span).CopyTo(bytes.Span),
            (bytes, start, count) => bytes.Span.CopyTo(MemoryMarshal.AsBytes(whole.AsSpan(start, count))));
        if (whole.Length > 0)
        {
            writer.Write<T>(name, whole, [.. parameter.Shape]);
        }
    }

    /// <summary>The whole of which each rank has a part; <see langword="null"/> on ranks that do not receive it.</summary>
    private TCodes? Gather<TCodes>(CheckpointWriter writer, RankStep<T> ranks, Parameter<T> parameter, TCodes part, Func<TCodes> makeWhole)
        where TCodes : class, IElementCodes
    {
        (int ownStart, int ownLength) = optimizer.State.PartOf(parameter);
        TCodes? whole = Receives(writer, ranks) ? makeWhole() : null;
        ranks.GatherTensor(
            parameter.Index,
            writer.Receiver,
            part.BytesOf,
            bytes => part.CopyTo(bytes.Span, ownStart, ownLength),
            (bytes, start, count) => whole!.CopyFrom(bytes.Span, start, count));
        return whole;
    }

    /// <summary>Has this rank take its part of what has been read.</summary>
    private Action LoadPart<TCodes>(Parameter<T> parameter, TCodes part, TCodes whole, Action load)
        where TCodes : class, IElementCodes
    {
        (int start, int length) = optimizer.State.PartOf(parameter);
        return () =>
        {
            load();
            byte[] bytes = new byte[part.BytesOf(length)];
            whole.CopyTo(bytes, start, length);
            part.CopyFrom(bytes, start, length);
        };
    }

    private static bool Receives(CheckpointWriter writer, RankStep<T> ranks) => (writer.Receiver ?? ranks.Communicator.Rank) == ranks.Communicator.Rank;

    /// <summary>A state of a whole parameter, in the form of the optimizer's.</summary>
    private StoredState WholeOf(Parameter<T> parameter, int index) =>
        StoredState.Create(optimizer.State.StorageOf(index), definition.States[index].IsNonNegative, 0, parameter.Length);

    /// <summary>What is kept beside the values of a whole parameter.</summary>
    private BFloat16Parameter WholeOf(Parameter<T> parameter) =>
        BFloat16Parameter.Create(optimizer.State.BFloat16Update, parameter.Block.BFloat16Values, 0, parameter.Length);
}
