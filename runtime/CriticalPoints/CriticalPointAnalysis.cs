using System.Numerics;

namespace OptimGen;

/// <summary>The result of <see cref="CriticalPoint.Analyze"/>.</summary>
/// <typeparam name="T">The element type of the parameters.</typeparam>
public sealed record CriticalPointAnalysis<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal CriticalPointAnalysis()
    {
    }

    /// <summary>What the point is.</summary>
    public CriticalPointVerdict Verdict { get; internal init; }

    /// <summary>Why, as a sentence with the numbers that decide.</summary>
    public string Reason { get; internal init; } = "";

    /// <summary>The number of elements of the parameters that were varied, n.</summary>
    public required int Dimension { get; init; }

    /// <summary>The cost.</summary>
    public required double Cost { get; init; }

    /// <summary>The noise of the cost, a standard deviation: its rounding error, as observed.</summary>
    public required double CostNoise { get; init; }

    /// <summary>‖g‖ over the elements that were varied.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The noise of the gradient, a standard deviation as a norm.</summary>
    public required double GradientNoise { get; init; }

    /// <summary>‖g‖·max(‖θ‖, 1)/max(|cost|, 1), which does not depend on the units of cost and parameters as long as both are above 1.</summary>
    public required double RelativeGradientNorm { get; init; }

    /// <summary>The k smallest eigenvalues found, ascending.</summary>
    public required IReadOnlyList<HessianEigenvalue<T>> Smallest { get; init; }

    /// <summary>The k largest eigenvalues found, descending.</summary>
    public required IReadOnlyList<HessianEigenvalue<T>> Largest { get; init; }

    /// <summary>
    /// The lower end of the interval in which all eigenvalues are: with <see cref="Confidence"/>, and to the accuracy of the error estimates. −∞ if too few
    /// steps were taken for any statement.
    /// </summary>
    public required double SpectrumLow { get; init; }

    /// <summary>The upper end of the interval in which all eigenvalues are.</summary>
    public required double SpectrumHigh { get; init; }

    /// <summary>
    /// 1 if the whole Hessian was computed, so that eigenvalues are counted with their multiplicity; else the probability, over the random start vector, that
    /// no eigenvalue is outside of the interval.
    /// </summary>
    public required double Confidence { get; init; }

    /// <summary>Whether the whole Hessian was computed.</summary>
    public bool UsesFullHessian => Confidence == 1;

    /// <summary>How often the objective was called.</summary>
    public required int Evaluations { get; init; }

    /// <summary>The verdict and the reason.</summary>
    public override string ToString() => $"{Verdict}: {Reason}";
}
