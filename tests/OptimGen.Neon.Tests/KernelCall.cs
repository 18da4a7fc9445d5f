using System.Globalization;
using System.Runtime.InteropServices;

namespace OptimGen.Neon.Tests;

/// <summary>
/// One call of a kernel: over <paramref name="Count"/> elements of a step, from <paramref name="Start"/> on, in memory whose first elements
/// stand beside a vector's boundary as <paramref name="Shifts"/> says.
/// </summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Inputs">What it is run on.</param>
/// <param name="Start">The first element, of those that the inputs have.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Shifts">For each stream the number of elements between a boundary of 16 bytes and its first.</param>
internal sealed record KernelCall(ArmKernel Kernel, KernelInputs Inputs, int Start, int Count, int[] Shifts)
{
    /// <summary>The bytes before and after a stream, which must stay as they are; 64 move no boundary.</summary>
    private const int GuardSize = 64;

    /// <summary>Half of a quiet NaN of each precision, so that a guard that is read shows in what is written.</summary>
    private const uint GuardBits = 0x7FF8BEEF;

    private int ElementSize => Kernel.Scalar.Element == typeof(float) ? sizeof(float) : sizeof(double);

    private int StreamCount => Kernel.Scalar.StreamCount + (Kernel.Scalar.HasPhase ? 1 : 0);

    private Array[] Streams => Kernel.Scalar.Reduces && Inputs.Step % 2 == 1 ? Inputs.OrdinaryStreams : Inputs.Streams;

    /// <summary>The bytes of a stream with its guards.</summary>
    private int Size => GuardSize + ((Shifts.Max() + Count) * ElementSize) + GuardSize;

    /// <summary>Runs the calls, all in one process.</summary>
    /// <returns>What each call left.</returns>
    public static IReadOnlyList<KernelResult> Execute(Toolchain tools, string folder, string name, IReadOnlyList<KernelCall> calls)
    {
        string callsPath = Path.Combine(folder, name + ".calls"), resultsPath = Path.Combine(folder, name + ".results");
        using (var writer = new BinaryWriter(File.Create(callsPath)))
        {
            foreach (KernelCall call in calls)
            {
                call.Write(writer);
            }
        }

        Toolchain.Run(folder, tools.Qemu, ArmKernels.Loader, ArmKernels.Image, callsPath, resultsPath);
        byte[] results = File.ReadAllBytes(resultsPath);
        File.Delete(callsPath);
        File.Delete(resultsPath);
        Assert.Equal(calls.Sum(call => (call.Size * call.StreamCount) + sizeof(double)), results.Length);
        var left = new List<KernelResult>();
        int next = 0;
        foreach (KernelCall call in calls)
        {
            var streams = new byte[call.StreamCount][];
            foreach (ref byte[] stream in streams.AsSpan())
            {
                stream = results[next..(next += call.Size)];
            }

            left.Add(new KernelResult(streams, BitConverter.ToDouble(results, next)));
            next += sizeof(double);
        }

        return left;
    }

    /// <summary>Says where a result differs from what the scalar kernel makes of the same elements; a NaN equals every NaN.</summary>
    /// <returns>The first difference, or <see langword="null"/>.</returns>
    public string? Compare(KernelResult got)
    {
        Array[] streams = [.. Enumerable.Range(0, StreamCount).Select(Elements)];
        double sum = Kernel.Scalar.Run(streams, Inputs.Scalars, Inputs.Phase);
        if (Kernel.Scalar.Reduces && !AreSame(BitConverter.DoubleToUInt64Bits(sum), BitConverter.DoubleToUInt64Bits(got.Sum), sizeof(double)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{this} returns {got.Sum:R} and not {sum:R}");
        }

        for (int stream = 0; stream < streams.Length; stream++)
        {
            byte[] expected = Guarded(stream, streams[stream]);
            if (expected.AsSpan().SequenceEqual(got.Streams[stream]))
            {
                continue;
            }

            for (int at = 0; at < expected.Length; at += ElementSize)
            {
                int element = ((at - GuardSize) / ElementSize) - Shifts[stream];
                bool isElement = at >= GuardSize && element >= 0 && element < Count;
                ulong want = BitsAt(expected, at), have = BitsAt(got.Streams[stream], at);
                if (want != have && !(isElement && AreSame(want, have, ElementSize)))
                {
                    return $"{this}: {Inputs.Names[NameOf(stream)]}[{element}] is 0x{have:X} and not 0x{want:X}; before: "
                        + string.Join(", ", Enumerable.Range(0, StreamCount).Select(one => isElement ? $"{Streams[NameOf(one)].GetValue(Start + element):R}" : "a guard"));
                }
            }
        }

        return null;
    }

    public override string ToString() => $"{Kernel.Name}, step {Inputs.Step}, {Count} elements, shifted by {string.Join(",", Shifts)}";

    private static bool AreSame(ulong one, ulong other, int size) => one == other || (size == sizeof(float)
        ? float.IsNaN(BitConverter.UInt32BitsToSingle((uint)one)) && float.IsNaN(BitConverter.UInt32BitsToSingle((uint)other))
        : double.IsNaN(BitConverter.UInt64BitsToDouble(one)) && double.IsNaN(BitConverter.UInt64BitsToDouble(other)));

    private ulong BitsAt(byte[] bytes, int at) => ElementSize == sizeof(float) ? BitConverter.ToUInt32(bytes, at) : BitConverter.ToUInt64(bytes, at);

    /// <summary>The averages come last in the inputs, whether or not the kernel has the other streams.</summary>
    private int NameOf(int stream) => stream < Kernel.Scalar.StreamCount ? stream : Inputs.Names.Length - 1;

    private Array Elements(int stream)
    {
        Array elements = Array.CreateInstance(Kernel.Scalar.Element, Count);
        Array.Copy(Streams[NameOf(stream)], Start, elements, 0, Count);
        return elements;
    }

    private void Write(BinaryWriter writer)
    {
        byte[] phase = Kernel.Scalar.HasPhase ? Inputs.Phase : [];
        foreach (int value in (int[])[Kernel.Address, StreamCount, Count, Inputs.Scalars.Length, phase.Length, Size])
        {
            writer.Write(value);
        }

        foreach (int shift in Shifts)
        {
            writer.Write(GuardSize + (shift * ElementSize));
        }

        writer.Write(Inputs.Scalars);
        writer.Write(phase);
        for (int stream = 0; stream < StreamCount; stream++)
        {
            writer.Write(Guarded(stream, Elements(stream)));
        }
    }

    private byte[] Guarded(int stream, Array elements)
    {
        byte[] guarded = new byte[Size];
        MemoryMarshal.Cast<byte, uint>(guarded.AsSpan()).Fill(GuardBits);
        Buffer.BlockCopy(elements, 0, guarded, GuardSize + (Shifts[stream] * ElementSize), Count * ElementSize);
        return guarded;
    }
}

/// <summary>What a call left.</summary>
/// <param name="Streams">The streams with their guards.</param>
/// <param name="Sum">What a reduction returned; of another kernel it means nothing.</param>
internal sealed record KernelResult(byte[][] Streams, double Sum);
