// Compiled with the kernels for Arm, where it stands in for StepPhase<T>, a reference struct whose layout is the runtime's: this one's is known.
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen.Neon.Tests;

/// <summary>What a kernel does around the rule, as <see cref="StepPhase{T}"/>.</summary>
public struct PhaseArguments<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public nint AverageAddress;
    public T GradientFactor;
    public T GradientLimit;
    public T AverageShare;
    public bool ClipsGradients;
    public bool ZeroesGradients;
    public bool AveragesParameters;

    public readonly ref T Average => ref Unsafe.AddByteOffset(ref Unsafe.NullRef<T>(), AverageAddress);

    /// <summary>For the text of a step to compile; the tests call the kernels themselves.</summary>
    public static implicit operator PhaseArguments<T>(StepPhase<T> phase) => throw new System.NotSupportedException();
}
