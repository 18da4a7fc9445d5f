using System.Numerics;

namespace OptimGen;

/// <summary>How <see cref="CriticalPoint"/> analyzes a point.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record CriticalPointOptions<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double RelativeRounding = double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    /// <summary>
    /// The number k of eigenvalues at each end of the spectrum, at least 1. Default: <see langword="null"/>, 3, or the number of elements if that is less.
    /// </summary>
    public int? EigenvalueCount { get; init; }

    /// <summary>
    /// The group whose parameters are varied; the others are constants, whose gradients must nevertheless be finite. Default: <see langword="null"/>, all.
    /// </summary>
    public ParameterGroup<T>? Group { get; init; }

    /// <summary>
    /// Computes products of the Hessian exactly. It is compared with differences of the gradient once. Default: <see langword="null"/>, central differences.
    /// </summary>
    public HessianVectorProduct<T>? HessianVectorProduct { get; init; }

    /// <summary>
    /// The largest number of elements for which the whole Hessian is computed, by columns, at the cost of 8 or more gradients for each element. Default: 128.
    /// 0 never computes it.
    /// </summary>
    public int FullHessianLimit { get; init; } = 128;

    /// <summary>
    /// The largest number of steps of Lanczos's method, at least 2; each costs two gradients, or one product, and the memory of a double for each element.
    /// Default: 200.
    /// </summary>
    public int MaxLanczosSteps { get; init; } = 200;

    /// <summary>The seed of the random directions. Default: 0.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// The largest relative gradient, ‖g‖·max(‖θ‖, 1)/max(|cost|, 1), of a critical point (Dennis and Schnabel, Numerical Methods for Unconstrained
    /// Optimization, 1983, section 7.2). Default: ∛ε, which is 6·10⁻⁶ in double and 5·10⁻³ in single precision.
    /// </summary>
    public double GradientTolerance { get; init; } = RuleMath.Cbrt(RelativeRounding);

    /// <summary>
    /// Eigenvalues below this fraction of the largest magnitude are close to 0. If all relative curvatures, |λ|·max(‖θ‖, 1)²/max(|cost|, 1), are below it, the
    /// point is on a plateau. Default: √ε, which is 1.5·10⁻⁸ in double and 3.5·10⁻⁴ in single precision.
    /// </summary>
    public double CurvatureTolerance { get; init; } = Math.Sqrt(RelativeRounding);

    /// <summary>The number of random directions for <see cref="CriticalPoint.Spectrum"/> above <see cref="FullHessianLimit"/>, at least 2. Default: 16.</summary>
    public int SpectrumProbes { get; init; } = 16;

    /// <summary>Checked before every call of the objective.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option has a value that it may not have.</exception>
    internal void Validate(int length)
    {
        Require(EigenvalueCount is not { } k || (k >= 1 && k <= length), nameof(EigenvalueCount), EigenvalueCount,
            $"at least 1 and at most {length}, the number of elements of the parameters");
        Require(FullHessianLimit >= 0, nameof(FullHessianLimit), FullHessianLimit, "at least 0");
        Require(MaxLanczosSteps >= 2, nameof(MaxLanczosSteps), MaxLanczosSteps, "at least 2");
        Require(double.IsFinite(GradientTolerance) && GradientTolerance >= 0, nameof(GradientTolerance), GradientTolerance, "finite and at least 0");
        Require(CurvatureTolerance is >= 0 and < 1, nameof(CurvatureTolerance), CurvatureTolerance, "at least 0 and below 1");
        Require(SpectrumProbes >= 2, nameof(SpectrumProbes), SpectrumProbes, "at least 2");
    }

    private static void Require(bool holds, string name, object? value, string condition)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; it must be {condition}."));
        }
    }
}
