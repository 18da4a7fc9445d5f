// Compiled with the kernels for Arm, where it stands in for StepPhase<T>, a reference struct whose layout is the runtime's: this one's is known.
using System.Numerics;
using OptimGen.CompilerServices;

namespace OptimGen.Neon.Tests;

/// <summary>What a kernel does around the rule, as <see cref="StepPhase{T}"/>.</summary>
public struct PhaseArguments<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T GradientFactor;
    public T GradientLimit;
    public T NegativeGradientLimit;
    public T AverageShare;
    public bool ZeroesGradients;
    public bool AveragesParameters;
    public bool AdjustsGradients;

    /// <summary>For the engine, which takes the steps whose streams the tests use. They call the kernels themselves.</summary>
    public static implicit operator PhaseArguments<T>(StepPhase<T> phase) => new()
    {
        GradientFactor = phase.GradientFactor,
        GradientLimit = phase.GradientLimit,
        NegativeGradientLimit = phase.NegativeGradientLimit,
        AverageShare = phase.AverageShare,
        ZeroesGradients = phase.ZeroesGradients,
        AveragesParameters = phase.AveragesParameters,
        AdjustsGradients = phase.AdjustsGradients,
    };
}
