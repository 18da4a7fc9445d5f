using OptimGen;

namespace Smoothing;

/// <summary>A series averaged with one β, without and with bias correction.</summary>
/// <param name="Beta">β.</param>
/// <param name="Uncorrected">vₜ = βvₜ₋₁ + (1−β)xₜ, from v₀ = 0.</param>
/// <param name="Corrected">vₜ/(1−βᵗ).</param>
internal sealed record SmoothedSeries(double Beta, float[] Uncorrected, float[] Corrected)
{
    /// <summary>1/(1−β): the approximate number of values that the average is over.</summary>
    public int Window => (int)Math.Round(1 / (1 - Beta));

    public static SmoothedSeries Of(float[] series, double beta) => new(
        beta,
        ExponentiallyWeightedAverage.Smooth(series, beta, biasCorrection: false),
        ExponentiallyWeightedAverage.Smooth(series, beta, biasCorrection: true));
}
