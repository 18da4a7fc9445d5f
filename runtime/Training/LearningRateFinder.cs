namespace OptimGen;

/// <summary>
/// The learning-rate range test: some training steps with rates that rise exponentially, the cost of each, and what rate they suggest. Smith, "Cyclical
/// learning rates for training neural networks", 2015, arXiv:1506.01186, section 3.3.
/// </summary>
public static class LearningRateFinder
{
    /// <summary>The test ends when the smoothed cost is this many times its lowest value, as in fastai.</summary>
    private const double ExplosionFactor = 4;

    /// <summary>The average is over a twentieth of the steps, but at most 50.</summary>
    private const int WindowsPerTest = 20;

    private const double LargestBeta = 0.98;

    private const int FewestSteps = 10;

    private const string LearningRate = "LearningRate";

    /// <summary>
    /// Tests learning rates. Afterwards everything is as it was, to the bit: parameters, optimizer, and the run with its curve, metrics and observations; also
    /// if the objective throws or the test is cancelled. Only the gradients are those of the last step.
    /// </summary>
    /// <remarks>
    /// The steps are those that the trainer would take next, with its batch size, order of examples and penalty; only the learning rate is another. Callbacks
    /// are not called, and the trainer has none meanwhile. State that the objective itself has, such as a random generator, is not put back. The run is
    /// kept in memory during the test, at most 2 GiB.
    /// </remarks>
    /// <param name="trainer">The trainer, which must not be training. Its schedule of the learning rate has no effect on the test.</param>
    /// <param name="from">The first rate, greater than 0; so low that it hardly changes the cost.</param>
    /// <param name="to">The last rate, greater than <paramref name="from"/>; so high that training diverges.</param>
    /// <param name="steps">The number of steps, at least 10. The test ends earlier if the cost explodes.</param>
    /// <param name="cancellationToken">Checked before every step.</param>
    /// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <exception cref="ArgumentException">The optimizer's rule has no <c>LearningRate</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate or the number of steps is out of its range, or the rule does not allow the rate.</exception>
    /// <exception cref="InvalidOperationException">The trainer is training, or the parameters stand at an average.</exception>
    /// <exception cref="IOException">The run is larger than 2 GiB; no step has been taken.</exception>
    /// <exception cref="OperationCanceledException">The test was cancelled.</exception>
    public static LearningRateRange Find<T>(
        Trainer<T> trainer, double from = 1e-7, double to = 10, int steps = 100, CancellationToken cancellationToken = default)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(trainer);
        Require(double.IsFinite(from) && from > 0, from, nameof(from), "finite and greater than 0");
        Require(double.IsFinite(to) && to > from, to, nameof(to), "finite and greater than the first");
        if (steps < FewestSteps)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"steps is {steps}; it must be at least {FewestSteps}.");
        }

        if (!trainer.Optimizer.HasLearningRate)
        {
            throw new ArgumentException($"{trainer.Optimizer.Definition.Name} has no {LearningRate} to be found.", nameof(trainer));
        }

        RequireAllowed(trainer.Optimizer, from);
        RequireAllowed(trainer.Optimizer, to);

        double[] rates = RatesBetween(from, to, steps);
        double beta = Math.Clamp(1 - WindowsPerTest / (double)steps, 0, LargestBeta);
        var curve = new List<(double Cost, double Smoothed)>();
        var average = new ExponentiallyWeightedAverage(beta);
        double best = double.PositiveInfinity;
        double? divergenceRate = null;
        trainer.Try(rates, AddStep, cancellationToken);
        return new LearningRateRange(
            rates[..curve.Count], [.. curve.Select(point => point.Cost)], [.. curve.Select(point => point.Smoothed)], divergenceRate, beta);

        bool AddStep(TrainingProgress step)
        {
            // Averaged as a difference from the first cost: the average has the precision of a float.
            double first = curve.Count == 0 ? step.Cost : curve[0].Cost;
            float difference = (float)(step.Cost - first);
            // The cost of a step shows the rate of the step before, the last one of the curve so far; a first step has none.
            double? rateBefore = curve.Count == 0 ? null : rates[curve.Count - 1];
            if (!float.IsFinite(difference) || step.Observation is { Kind: TrainingObservationKind.Diverged })
            {
                divergenceRate = rateBefore;
                return false;
            }

            double smoothed = first + average.Add(difference);
            curve.Add((step.Cost, smoothed));
            best = Math.Min(best, smoothed);
            // Four times the lowest cost, where it is positive. The first tenth of the steps is left out: few costs are averaged yet.
            bool hasExploded = curve.Count > steps / 10 + 1 && smoothed - best > Math.Max((ExplosionFactor - 1) * Math.Abs(best), Noise());
            divergenceRate = hasExploded ? rateBefore : null;
            return !hasExploded;
        }

        double Noise() => LearningRateRange.StandardErrors * LearningRateRange.StandardErrorOf(curve.ConvertAll(point => point.Cost), beta);
    }

    private static double[] RatesBetween(double from, double to, int steps)
    {
        var rates = new double[steps];
        double start = RuleMath.Log(from), end = RuleMath.Log(to);
        for (int i = 0; i < steps; i++)
        {
            rates[i] = i == 0 ? from : i == steps - 1 ? to : Math.Clamp(RuleMath.Exp(start + (end - start) * i / (steps - 1)), from, to);
        }

        return rates;
    }

    private static void RequireAllowed<T>(Optimizer<T> optimizer, double rate)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        HyperparameterDefinition definition = optimizer.Definition.Hyperparameters[optimizer.Definition.IndexOf(LearningRate)];
        definition.Require(rate);
        definition.RequireNarrowed(rate, T.CreateTruncating(rate));
    }

    private static void Require(bool allowed, double value, string argument, string range)
    {
        if (!allowed)
        {
            throw new ArgumentOutOfRangeException(argument, value, FormattableString.Invariant($"{argument} is {value}; it must be {range}."));
        }
    }
}
