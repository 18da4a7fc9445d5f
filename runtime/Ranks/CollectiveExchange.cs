using System.Runtime.InteropServices;
using System.Text;

namespace OptimGen;

/// <summary>Exchanges of a few numbers or texts between all ranks.</summary>
internal static class CollectiveExchange
{
    /// <summary>The values of all ranks, in their order. Every rank gives as many.</summary>
    public static T[] AllGather<T>(this ICommunicator communicator, ReadOnlySpan<T> own)
        where T : unmanaged
    {
        byte[] all = new byte[MemoryMarshal.AsBytes(own).Length * communicator.Size];
        communicator.AllGather(MemoryMarshal.AsBytes(own).ToArray(), all);
        return MemoryMarshal.Cast<byte, T>(all).ToArray();
    }

    /// <summary>The value of each rank.</summary>
    public static T[] AllGather<T>(this ICommunicator communicator, T own)
        where T : unmanaged => communicator.AllGather(new ReadOnlySpan<T>(in own));

    /// <summary>The lists of all ranks, one behind the other. They may have different lengths; if all are empty, only these are exchanged.</summary>
    public static T[] AllGatherLists<T>(this ICommunicator communicator, ReadOnlySpan<T> own)
        where T : unmanaged
    {
        int[] counts = communicator.AllGather(own.Length);
        int longest = counts.Max();
        if (longest == 0)
        {
            return [];
        }

        var padded = new T[longest];
        own.CopyTo(padded);
        T[] all = communicator.AllGather<T>(padded);
        return [.. counts.SelectMany((count, rank) => new ArraySegment<T>(all, rank * longest, count))];
    }

    /// <summary>The text of each rank.</summary>
    public static string[] AllGather(this ICommunicator communicator, string own)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(own);
        int[] lengths = communicator.AllGather(bytes.Length);
        byte[] all = communicator.AllGatherLists<byte>(bytes);
        var texts = new string[lengths.Length];
        for (int rank = 0, start = 0; rank < texts.Length; start += lengths[rank++])
        {
            texts[rank] = Encoding.UTF8.GetString(all, start, lengths[rank]);
        }

        return texts;
    }
}
