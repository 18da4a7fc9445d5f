using System.Runtime.InteropServices;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>Adam with states in bfloat16 as a plain C loop (stored.c); with more than one thread, by OpenMP.</summary>
internal sealed unsafe class StoredCLoop : IContestant
{
    private readonly float* values;
    private readonly float* gradients;
    private readonly ushort* first;
    private readonly ushort* second;
    private readonly int length;
    private readonly delegate* unmanaged[SuppressGCTransition]<float*, float*, ushort*, ushort*, CLong, StepScalars*, uint*, void> function;
    private readonly ScalarSequence scalars;
    private uint key;

    private StoredCLoop(string name, CLibrary library, float[] values, float[] gradients)
    {
        var set = new ParameterSet();
        set.Add("parameter", 1);
        (Name, length, scalars) = (name, values.Length, new ScalarSequence(new Adam(set), corrected: true));
        // Pinned by whoever made them.
        this.values = AddressOf(values);
        this.gradients = AddressOf(gradients);
        first = AddressOf(GC.AllocateArray<ushort>(length, pinned: true));
        second = AddressOf(GC.AllocateArray<ushort>(length, pinned: true));
        function = (delegate* unmanaged[SuppressGCTransition]<float*, float*, ushort*, ushort*, CLong, StepScalars*, uint*, void>)library.Find("adam_bfloat16");
    }

    public string Name { get; }

    /// <summary>One for each compiler of the machine and each of its ways to use the vectors of an instruction set, with exact divisions and roots.</summary>
    public static IReadOnlyList<StoredCLoop> All(Setting setting, float[] values, float[] gradients) =>
    [
        .. from peer in CPeer.All
           where peer.IsLoop && !peer.MayEstimate && CCompiler.Of(peer.Family) is not null
           from machine in CCompiler.MachineFlags(setting.InstructionSet)
           let library = CCompiler.Of(peer.Family)!.Build("stored.c", $"-O3 {machine} {peer.Arithmetic}", setting.Threads)
           where library is not null
           select new StoredCLoop($"{peer.Name} {machine}", library, values, gradients),
    ];

    public void Step()
    {
        StepScalars own = scalars.Next();
        // Another key each step, as OptimGen has; any numbers take the same time.
        uint* keys = stackalloc uint[4];
        for (int i = 0; i < 4; i++)
        {
            keys[i] = key += 0x9E3779B9;
        }

        function(values, gradients, first, second, new CLong(length), &own, keys);
    }

    private static T* AddressOf<T>(T[] array)
        where T : unmanaged => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
}
