namespace OptimGen.Generator.Model;

/// <summary>
/// An instruction set that kernels are written for. To add one: an entry here, a member of the runtime's <c>InstructionSet</c>, and a line in
/// its ordered list <c>InstructionSets.Supported</c>.
/// </summary>
/// <param name="Name">The member of the runtime's enumeration, and the part of the file's name.</param>
/// <param name="Description">For the reader of the file.</param>
/// <param name="VectorBits">The width of a vector; 0 for one element at a time.</param>
/// <param name="Guards">The classes of <c>System.Runtime.Intrinsics</c> that must be supported, by namespace and name.</param>
internal sealed record KernelTarget(string Name, string Description, int VectorBits, params string[] Guards)
{
    public static readonly KernelTarget[] All =
    [
        new("Avx512", "AVX-512: 512-bit vectors", 512, "X86.Avx512F"),
        new("Avx2", "AVX2 with FMA: 256-bit vectors", 256, "X86.Avx2", "X86.Fma"),
        new("Neon", "Arm Advanced SIMD: 128-bit vectors", 128, "Arm.AdvSimd"),
        new("Scalar", "one element at a time, on any processor", 0),
    ];

    public bool IsX86 => Guards.Any(guard => guard.StartsWith("X86.", StringComparison.Ordinal));

    public string ClassName => Name + "Kernels";

    public string VectorType => "Vector" + VectorBits;
}
