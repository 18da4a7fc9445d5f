namespace OptimGen;

/// <summary>
/// The binary interface of MPI 5, which every library of that version has (MPI: A Message-Passing Interface Standard, version 5.0, 2025, chapter 20 and
/// appendix A.1). Its handles are pointers; the predefined ones are small integers.
/// </summary>
internal sealed class StandardMpi(nint library) : HandleMpi<nint>(library)
{
    public override string Name => "the library with the binary interface of MPI 5";

    public override int SerializedThreads => 2048;

    protected override nint World => 0x101;

    protected override nint Self => 0x102;

    protected override nint Bytes => 0x247;

    // Libraries from before October 2025 were built with a header that had exchanged this value and that of MPI_ERRORS_ABORT. With them an error ends the job.
    protected override nint ErrorsReturn => 0x143;
}
