namespace OptimGen;

/// <summary>
/// The exponentially weighted average (EWA; also called exponential moving average, EMA) of a series, vₜ = βvₜ₋₁ + (1−β)xₜ from v₀ = 0, with or without
/// bias correction, vₜ/(1−βᵗ). It averages over about the last 1/(1−β) values. It is computed by the same generated kernel as the first moment of an
/// optimizer (<see cref="EwaAttribute"/>).
/// </summary>
/// <remarks>A series may have several values at each time. Each is averaged independently of the others.</remarks>
public sealed class ExponentiallyWeightedAverage
{
    private readonly Parameter<float> average;
    private readonly Optimizer<float> rule;

    /// <summary>Creates an average with no values added.</summary>
    /// <param name="beta">β in [0, 1), the weight of the past.</param>
    /// <param name="biasCorrection">Whether the average is divided by 1−βᵗ, which removes its bias towards the zero that it starts from.</param>
    /// <param name="width">The number of values at each time, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> or <paramref name="width"/> is out of its range.</exception>
    public ExponentiallyWeightedAverage(double beta, bool biasCorrection = true, int width = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (!(beta >= 0 && (float)beta < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(beta), beta, FormattableString.Invariant($"beta is {beta}; it must be in [0, 1)."));
        }

        var parameters = new ParameterSet(width);
        average = parameters.Add("average", width);
        rule = biasCorrection
            ? new CorrectedAverage(parameters) { Beta1 = (float)beta }
            : new UncorrectedAverage(parameters) { Beta1 = (float)beta };
        rule.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
    }

    /// <summary>t, the number of times that values have been added.</summary>
    public long Count => rule.StepCount;

    /// <summary>The current averages, as many as the width; 0 before the first values are added.</summary>
    public ReadOnlySpan<float> Values => average.Values;

    /// <summary>Adds the next value of a series of width 1.</summary>
    /// <returns>The average, this value included.</returns>
    /// <exception cref="ArgumentException">The value is not finite, or the width is not 1.</exception>
    public float Add(float value)
    {
        Add([value]);
        return average.Values[0];
    }

    /// <summary>Adds the values of the next time.</summary>
    /// <param name="values">As many values as the width, all finite.</param>
    /// <exception cref="ArgumentException">The number of values is not the width, or a value is not finite; the average is unchanged.</exception>
    public void Add(ReadOnlySpan<float> values)
    {
        if (values.Length != average.Length)
        {
            throw new ArgumentException($"There are {values.Length} values; the average was made for {average.Length} at a time.", nameof(values));
        }

        RequireFinite(values, nameof(values));
        values.CopyTo(average.Gradients);
        rule.Step();
    }

    /// <summary>The averages of a series: element t of the result is the average of the values up to t.</summary>
    /// <param name="series">The values in the order of time, all finite.</param>
    /// <param name="beta">β in [0, 1), the weight of the past.</param>
    /// <param name="biasCorrection">Whether each average is divided by 1−βᵗ.</param>
    /// <exception cref="ArgumentException">A value is not finite; the message has its position.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is out of its range.</exception>
    public static float[] Smooth(ReadOnlySpan<float> series, double beta, bool biasCorrection = true)
    {
        RequireFinite(series, nameof(series));
        var average = new ExponentiallyWeightedAverage(beta, biasCorrection);
        var smooth = new float[series.Length];
        for (int t = 0; t < series.Length; t++)
        {
            smooth[t] = average.Add(series[t]);
        }

        return smooth;
    }

    private static void RequireFinite(ReadOnlySpan<float> values, string argument)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(FormattableString.Invariant($"{argument}[{i}] is {values[i]}; it must be finite."), argument);
            }
        }
    }
}
