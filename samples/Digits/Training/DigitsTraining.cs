using System.Diagnostics;
using Digits.Data;
using Digits.Model;
using OptimGen;

namespace Digits.Training;

/// <summary>Trains one network with one optimizer, and measures the durations.</summary>
internal sealed class DigitsTraining : IProgress<TrainingProgress>
{
    /// <summary>The sizes of the layers: pixels, two hidden layers, digits.</summary>
    public static IReadOnlyList<int> LayerSizes { get; } = [DigitSet.PixelsPerImage, 128, 64, DigitSet.Classes];

    private const string LearningRate = "LearningRate";

    private readonly DigitData data;
    private readonly ITrainingDisplay display;
    private readonly Perceptron model;
    private readonly Trainer<float> trainer;
    private readonly TrainingRun run;
    private long objectiveEnd;
    private TimeSpan inOptimizer;
    private TimeSpan inDisplay;

    private DigitsTraining(DigitsOptions options, DigitData data, OptimizerChoice choice, ITrainingDisplay display)
    {
        this.data = data;
        this.display = display;
        var parameters = new ParameterSet();
        model = new Perceptron(parameters, LayerSizes, options.Seed);
        Optimizer<float> optimizer = choice.Create(parameters);
        double rate = options.Rate ?? optimizer.Definition.Hyperparameters.Single(one => one.Name == LearningRate).Default;
        optimizer.SetHyperparameter(LearningRate, rate);
        trainer = new Trainer(optimizer, data.Training.Count, Cost)
        {
            BatchSize = options.Batch,
            Seed = options.Seed,
            Schedule = options.Decay.From(rate),
        };
        run = new TrainingRun(choice, optimizer.Definition, rate, trainer.Curve);
    }

    /// <summary>Trains as the options say. A run that is cancelled or diverges ends early, and its note says so.</summary>
    public static TrainingRun Run(
        DigitsOptions options, DigitData data, OptimizerChoice choice, ITrainingDisplay display, CancellationToken cancellationToken)
    {
        var training = new DigitsTraining(options, data, choice, display);
        display.Begin(training.run);
        training.Train(options.Epochs, cancellationToken);
        display.End(training.run);
        return training.run;
    }

    /// <summary>Called by the trainer after each step, on this thread.</summary>
    void IProgress<TrainingProgress>.Report(TrainingProgress value)
    {
        // Between the return of the objective and this call, nearly all of the time is the optimizer's step.
        inOptimizer += Stopwatch.GetElapsedTime(objectiveEnd);
        run.FinalCost = value.EpochMeanCost;
        long start = Stopwatch.GetTimestamp();
        display.Step(run, value);
        inDisplay += Stopwatch.GetElapsedTime(start);
    }

    private void Train(int epochs, CancellationToken cancellationToken)
    {
        try
        {
            for (int epoch = 1; epoch <= epochs; epoch++)
            {
                inOptimizer = inDisplay = TimeSpan.Zero;
                long start = Stopwatch.GetTimestamp();
                TrainingResult result = trainer.Train(1, this, cancellationToken);
                TimeSpan duration = Stopwatch.GetElapsedTime(start) - inDisplay;
                run.Note = NoteOf(result);
                TryHeldOut();
                if (result.Outcome == TrainingOutcome.Diverged)
                {
                    return;
                }

                run.Add(new EpochRecord(epoch, trainer.StepsPerEpoch, trainer.Curve.EpochMeans[^1], run.Accuracy, duration, inOptimizer));
                display.EndEpoch(run);
            }
        }
        catch (OperationCanceledException)
        {
            run.Note = $"Interrupted after {trainer.StepCount} steps.";
            TryHeldOut();
        }
    }

    private static string? NoteOf(TrainingResult result) => result switch
    {
        { Observations.Count: 0 } => null,
        { Outcome: TrainingOutcome.Diverged } => result.Observations[^1].Message,
        { Observations.Count: 1 } => result.Observations[0].Message,
        _ => $"{result.Observations[0].Message} It was the first of {result.Observations.Count} times.",
    };

    private double Cost(ParameterSet<float> parameters, MiniBatch batch)
    {
        double cost = model.Cost(data.Training, batch.Examples);
        objectiveEnd = Stopwatch.GetTimestamp();
        return cost;
    }

    private void TryHeldOut()
    {
        int[] answers = model.Classify(data.HeldOut);
        run.Answers = answers;
        run.Accuracy = Enumerable.Range(0, answers.Length).Count(i => answers[i] == data.HeldOut.Label(i)) / (double)answers.Length;
    }
}
