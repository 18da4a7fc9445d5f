using System.Globalization;
using System.Numerics;
using Digits.Data;
using OptimGen;

namespace Digits.Curvature;

/// <summary>
/// Trains a <see cref="PooledPerceptron{T}"/> and counts, along the way, in how many directions its cost curves down: the negative eigenvalues of the whole
/// Hessian of the cost over all of its examples.
/// </summary>
internal static class CurvatureStudy
{
    /// <summary>The number of examples.</summary>
    public const int ExampleCount = 100;

    /// <summary>The epochs after which the Hessian is computed.</summary>
    public static IReadOnlyList<int> Epochs { get; } = [0, 10, 30, 100, 300, 1000];

    /// <summary>Trains with an optimizer. A run that diverges ends early.</summary>
    /// <param name="digits">The digits, of which the first ones are used.</param>
    /// <param name="choice">The optimizer.</param>
    /// <param name="options">The seed, the size of a mini-batch, and the learning rate.</param>
    /// <param name="cancellationToken">Ends the study with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>What was found after each of <see cref="Epochs"/>, as it is found.</returns>
    public static IEnumerable<CurvatureRecord> Of(DigitSet digits, OptimizerChoice choice, DigitsOptions options, CancellationToken cancellationToken = default)
    {
        var model = new PooledPerceptron<float>(digits, Math.Min(ExampleCount, digits.Count), options.Seed);
        Optimizer<float> optimizer = choice.Create(model.Parameters, null);
        if (options.Rate is { } rate)
        {
            optimizer.SetHyperparameter("LearningRate", rate);
        }

        var trainer = new Trainer<float>(optimizer, model.Count, model.Cost) { BatchSize = Math.Min(options.Batch, model.Count), Seed = options.Seed };
        foreach (int epoch in Epochs)
        {
            if (epoch > 0 && trainer.TrainUntil(epoch, cancellationToken: cancellationToken).Outcome == TrainingOutcome.Diverged)
            {
                yield break;
            }

            yield return CurvatureRecord.At(model, epoch, cancellationToken);
        }
    }
}

/// <summary>The spectrum of the Hessian at a point of a run.</summary>
/// <param name="Epoch">The epochs before.</param>
/// <param name="Cost">The cost over all examples.</param>
/// <param name="Spectrum">The spectrum, in double precision.</param>
internal sealed record CurvatureRecord(int Epoch, double Cost, HessianSpectrum Spectrum)
{
    /// <summary>The number of negative eigenvalues: at least, and at most.</summary>
    public (int Least, int Most) Negative => Spectrum.CountBelow(0);

    /// <summary><see cref="Negative"/> as text.</summary>
    public string NegativeText => string.Create(CultureInfo.InvariantCulture, $"{Negative.Least}{(Negative.Most > Negative.Least ? $" to {Negative.Most}" : "")}");

    /// <summary>
    /// Computes the spectrum where a network is. In double precision the products of the Hessian are more exact than those of the network's own type by many
    /// digits, and few eigenvalues are closer to 0 than their error.
    /// </summary>
    public static CurvatureRecord At<T>(PooledPerceptron<T> model, int epoch, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PooledPerceptron<double> wide = model.ToDouble();
        var batch = new MiniBatch([.. Enumerable.Range(0, wide.Count)]);
        var options = new CriticalPointOptions<double> { FullHessianLimit = PooledPerceptron<double>.ParameterCount, CancellationToken = cancellationToken };
        HessianSpectrum spectrum = CriticalPoint.Spectrum(wide.Parameters, wide.Cost, batch, options);
        wide.Parameters.ZeroGradients();
        return new CurvatureRecord(epoch, wide.Cost(wide.Parameters, batch), spectrum);
    }
}
