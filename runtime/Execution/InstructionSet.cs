namespace OptimGen;

/// <summary>The instruction sets that kernels are generated for. All of them give the same bits.</summary>
public enum InstructionSet
{
    /// <summary>One element at a time; runs everywhere.</summary>
    Scalar,

    /// <summary>Arm's Advanced SIMD: 128-bit vectors.</summary>
    Neon,

    /// <summary>AVX2 with FMA: 256-bit vectors.</summary>
    Avx2,

    /// <summary>AVX-512 Foundation: 512-bit vectors.</summary>
    Avx512,
}
