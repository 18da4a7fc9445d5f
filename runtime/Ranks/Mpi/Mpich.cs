namespace OptimGen;

/// <summary>MPICH and its relatives (Intel MPI, MVAPICH, Cray MPICH), whose common binary interface has ints for handles.</summary>
internal sealed class Mpich(nint library) : HandleMpi<int>(library)
{
    public override string Name => "MPICH";

    public override int SerializedThreads => 2;

    protected override int World => 0x44000000;

    protected override int Self => 0x44000001;

    protected override int Bytes => 0x4C00010D;

    protected override int ErrorsReturn => 0x54000001;
}
