using System.Runtime.InteropServices;

namespace OptimGen.Neon.Tests;

/// <summary>
/// One call of a kernel: over <paramref name="Count"/> elements of a step, from <paramref name="Start"/> on, in memory whose first elements
/// stand beside a vector's boundary as <paramref name="Shifts"/> says.
/// </summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Address">Its address in the image.</param>
/// <param name="Step">The same step by the scalar kernel.</param>
/// <param name="Start">The first element, of those that the step has.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Shifts">For each stream the number of elements between a boundary of 16 bytes and its first.</param>
internal sealed record KernelCall(string Kernel, int Address, ReferenceStep Step, int Start, int Count, int[] Shifts)
{
    /// <summary>The elements before and after a stream, which must stay as they are; 64 bytes, so that they move no boundary.</summary>
    private const int Guard = 16;

    /// <summary>A quiet NaN, so that a guard that is read shows in what is written.</summary>
    private const uint GuardBits = 0x7FC0BEEF;

    private int Length => Guard + Shifts.Max() + Count + Guard;

    /// <summary>Runs the calls, all in one process.</summary>
    /// <returns>For each call its streams with their guards.</returns>
    public static uint[][][] Execute(Toolchain tools, ArmKernels kernels, string name, IReadOnlyList<KernelCall> calls)
    {
        string callsPath = Path.Combine(kernels.Folder, name + ".calls"), resultsPath = Path.Combine(kernels.Folder, name + ".results");
        using (var writer = new BinaryWriter(File.Create(callsPath)))
        {
            foreach (KernelCall call in calls)
            {
                call.Write(writer);
            }
        }

        Toolchain.Run(kernels.Folder, tools.Qemu, ArmKernels.Loader, ArmKernels.Image, callsPath, resultsPath);
        uint[] results = MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(resultsPath)).ToArray();
        File.Delete(callsPath);
        File.Delete(resultsPath);
        Assert.Equal(calls.Sum(call => call.Length * call.Shifts.Length), results.Length);
        var streams = new uint[calls.Count][][];
        int next = 0;
        for (int i = 0; i < calls.Count; i++)
        {
            streams[i] = new uint[calls[i].Shifts.Length][];
            foreach (ref uint[] stream in streams[i].AsSpan())
            {
                stream = results[next..(next += calls[i].Length)];
            }
        }

        return streams;
    }

    /// <summary>Says where streams differ from those that the scalar kernel left; a NaN equals every NaN.</summary>
    /// <returns>The first difference, or <see langword="null"/>.</returns>
    public string? Compare(uint[][] streams)
    {
        for (int stream = 0; stream < streams.Length; stream++)
        {
            uint[] expected = Guarded(stream, Step.After[stream]);
            for (int i = 0; i < expected.Length; i++)
            {
                float wanted = BitConverter.UInt32BitsToSingle(expected[i]), got = BitConverter.UInt32BitsToSingle(streams[stream][i]);
                int element = i - Guard - Shifts[stream];
                bool isElement = element >= 0 && element < Count;
                if (expected[i] != streams[stream][i] && !(isElement && float.IsNaN(wanted) && float.IsNaN(got)))
                {
                    return $"{Kernel}, step {Step.Number}, {Count} elements, shifted by {string.Join(",", Shifts)}: {Step.Names[stream]}[{element}] " +
                        $"is 0x{streams[stream][i]:X8} ({got:R}) and not 0x{expected[i]:X8} ({wanted:R})";
                }
            }
        }

        return null;
    }

    private void Write(BinaryWriter writer)
    {
        foreach (int value in (int[])[Address, Shifts.Length, Count, Step.Scalars.Length, Length, .. Shifts.Select(shift => Guard + shift)])
        {
            writer.Write(value);
        }

        writer.Write(Step.Scalars);
        for (int stream = 0; stream < Shifts.Length; stream++)
        {
            writer.Write(MemoryMarshal.AsBytes<uint>(Guarded(stream, Step.Before[stream])));
        }
    }

    private uint[] Guarded(int stream, float[] elements)
    {
        uint[] guarded = new uint[Length];
        Array.Fill(guarded, GuardBits);
        MemoryMarshal.Cast<float, uint>(elements.AsSpan(Start, Count)).CopyTo(guarded.AsSpan(Guard + Shifts[stream]));
        return guarded;
    }
}
