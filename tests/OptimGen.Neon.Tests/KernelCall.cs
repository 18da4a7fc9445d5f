using System.Globalization;
using System.Runtime.InteropServices;

namespace OptimGen.Neon.Tests;

/// <summary>
/// One update or reduction as the engine composes it: over <paramref name="Count"/> elements of a step, from <paramref name="Start"/> on, the kernel for NEON
/// on whole vectors and the scalar kernel on the rest, in memory whose first elements stand beside a vector's boundary as <paramref name="Shifts"/> says.
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

    private ScalarKernel Scalar => Kernel.ScalarHere;

    private int ElementSize => Scalar.Element == typeof(float) ? sizeof(float) : sizeof(double);

    private Array[] Streams => Scalar.Reduces && Inputs.Step % 2 == 1 ? Inputs.OrdinaryStreams : Inputs.Streams;

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
        using var reader = new BinaryReader(new MemoryStream(File.ReadAllBytes(resultsPath)));
        File.Delete(callsPath);
        File.Delete(resultsPath);
        KernelResult[] results =
        [
            .. calls.Select(call => new KernelResult(
                [.. call.Scalar.Streams.Select(_ => reader.ReadBytes(call.Size))],
                [.. call.Scalar.Blocks.Select(block => reader.ReadBytes(call.Inputs.Blocks[block].Length))])),
        ];
        Assert.Equal(reader.BaseStream.Length, reader.BaseStream.Position);
        foreach ((KernelCall call, KernelResult result) in calls.Zip(results))
        {
            // A kernel writes nothing of what it is handed, but for a reduction's lanes, which come last.
            int read = result.Blocks.Length - (call.Scalar.Reduces ? 1 : 0);
            Assert.All(result.Blocks[..read].Zip(call.Scalar.Blocks), pair => Assert.Equal(call.Inputs.Blocks[pair.Second], pair.First));
        }

        return results;
    }

    /// <summary>Says where a result differs from what the scalar kernel makes of all the elements here; a NaN equals every NaN.</summary>
    /// <returns>The first difference, or <see langword="null"/>.</returns>
    public string? Compare(KernelResult got)
    {
        Array[] streams = [.. Enumerable.Range(0, Scalar.Streams.Count).Select(Elements)];
        byte[][] blocks = [.. Scalar.Blocks.Select(block => Inputs.Blocks[block].ToArray())];
        Scalar.Run(streams, 0, Count, blocks);
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
                    return $"{this}: {Scalar.Streams[stream]}[{element}] is 0x{have:X} and not 0x{want:X}; before: "
                        + string.Join(", ", Enumerable.Range(0, streams.Length).Select(one => isElement ? $"{Streams[IndexOf(one)].GetValue(Start + element):R}" : "a guard"));
                }
            }
        }

        int lanes = blocks.Length - 1;
        for (int at = 0; Scalar.Reduces && at < blocks[lanes].Length; at += sizeof(double))
        {
            ulong want = BitConverter.ToUInt64(blocks[lanes], at), have = BitConverter.ToUInt64(got.Blocks[lanes], at);
            if (!AreSame(want, have, sizeof(double)))
            {
                return $"{this}: lane {at / sizeof(double)} is 0x{have:X} and not 0x{want:X}";
            }
        }

        return null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kernel.Name}, step {Inputs.Step}, {Count} elements from {Start}, shifted by {string.Join(",", Shifts)}");

    private static bool AreSame(ulong one, ulong other, int size) => one == other || (size == sizeof(float)
        ? float.IsNaN(BitConverter.UInt32BitsToSingle((uint)one)) && float.IsNaN(BitConverter.UInt32BitsToSingle((uint)other))
        : double.IsNaN(BitConverter.UInt64BitsToDouble(one)) && double.IsNaN(BitConverter.UInt64BitsToDouble(other)));

    private ulong BitsAt(byte[] bytes, int at) => ElementSize == sizeof(float) ? BitConverter.ToUInt32(bytes, at) : BitConverter.ToUInt64(bytes, at);

    /// <summary>The position of a kernel's stream in the inputs. One that the rule has no state for is the average of the parameters, which comes last.</summary>
    private int IndexOf(int stream)
    {
        int index = Array.IndexOf(Inputs.Names, Scalar.Streams[stream]);
        return index < 0 ? Inputs.Names.Length - 1 : index;
    }

    private int FirstByte(int stream) => GuardSize + (Shifts[stream] * ElementSize);

    private Array Elements(int stream)
    {
        Array elements = Array.CreateInstance(Scalar.Element, Count);
        Array.Copy(Streams[IndexOf(stream)], Start, elements, 0, Count);
        return elements;
    }

    private void Write(BinaryWriter writer)
    {
        int whole = Kernel.WholeOf(Count);
        byte[][] blocks = [.. Scalar.Blocks.Select(block => Inputs.Blocks[block])];
        foreach (int value in (int[])[Kernel.Vector.Address, Kernel.Scalar.Address, whole, Count - whole, ElementSize, Scalar.Streams.Count, blocks.Length])
        {
            writer.Write(value);
        }

        for (int stream = 0; stream < Scalar.Streams.Count; stream++)
        {
            writer.Write(Size);
            writer.Write(FirstByte(stream));
        }

        foreach (byte[] block in blocks)
        {
            writer.Write(block.Length);
            writer.Write(0);
        }

        for (int stream = 0; stream < Scalar.Streams.Count; stream++)
        {
            writer.Write(Guarded(stream, Elements(stream)));
        }

        foreach (byte[] block in blocks)
        {
            writer.Write(block);
        }
    }

    private byte[] Guarded(int stream, Array elements)
    {
        byte[] guarded = new byte[Size];
        MemoryMarshal.Cast<byte, uint>(guarded.AsSpan()).Fill(GuardBits);
        Buffer.BlockCopy(elements, 0, guarded, FirstByte(stream), Count * ElementSize);
        return guarded;
    }
}

/// <summary>What a call left.</summary>
/// <param name="Streams">The streams with their guards.</param>
/// <param name="Blocks">The other memory that the kernels were handed.</param>
internal sealed record KernelResult(byte[][] Streams, byte[][] Blocks);
