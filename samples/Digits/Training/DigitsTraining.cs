using System.Diagnostics;
using Digits.Data;
using Digits.Model;
using OptimGen;

namespace Digits.Training;

/// <summary>Trains one network with one optimizer, evaluates it after each epoch, and measures the durations.</summary>
internal sealed class DigitsTraining : TrainingCallback<float>, IProgress<TrainingProgress>
{
    /// <summary>The sizes of the layers: pixels, two hidden layers, digits.</summary>
    public static IReadOnlyList<int> LayerSizes { get; } = [DigitSet.PixelsPerImage, 128, 64, DigitSet.Classes];

    /// <summary>The memory of one example in a mini-batch: its pixels, and the values and derivatives of the layers.</summary>
    public static long BytesPerExample => sizeof(float) * (LayerSizes[0] + (2L * LayerSizes.Skip(1).Sum()));

    /// <summary>The examples over which the cost of a landscape is the mean.</summary>
    private const int SurveyedExamples = 256;

    /// <summary>The products of the Hessian that the extreme curvatures are computed from.</summary>
    private const int SurveyedSteps = 40;

    private const string LearningRate = "LearningRate";

    private readonly DigitsOptions options;
    private readonly DigitData data;
    private readonly Perceptron model;
    private readonly Trainer<float> trainer;
    private ITrainingDisplay? display;
    private long epochStart, objectiveEnd;
    private int stepsTimed;
    private TimeSpan inOptimizer, inDisplay;

    /// <summary>Makes the network and its trainer; nothing is trained yet.</summary>
    /// <param name="options">The options.</param>
    /// <param name="data">The digits.</param>
    /// <param name="choice">The optimizer.</param>
    /// <param name="communicator">The ranks that train together; <see langword="null"/> for one process.</param>
    public DigitsTraining(DigitsOptions options, DigitData data, OptimizerChoice choice, ICommunicator? communicator = null)
    {
        (this.options, this.data) = (options, data);
        var parameters = new ParameterSet();
        model = new Perceptron(parameters, LayerSizes, options.Seed);
        Optimizer<float> optimizer = choice.Create(
            parameters, new OptimizerOptions { StateStorage = options.StateStorage, RoundingSeed = (ulong)options.Seed, Communicator = communicator });
        double rate = options.Rate ?? optimizer.Definition.Hyperparameters.Single(one => one.Name == LearningRate).Default;
        optimizer.SetHyperparameter(LearningRate, rate);
        trainer = new Trainer(optimizer, data.Training.Count, Cost)
        {
            BatchSize = options.Batch,
            Seed = options.Seed,
            Schedule = options.Decay.From(rate),
            ShardCount = options.Ranks ? DigitsOptions.Shards : null,
            Checkpoints = options.CheckpointFolder is { } folder ? RunCheckpoints.PolicyOf(folder, choice) : null,
        };
        trainer.Callbacks.Add(this);
        Run = new DigitsRun(choice, rate, trainer);
    }

    /// <summary>The results so far.</summary>
    public DigitsRun Run { get; }

    /// <summary>The trainer, for a test that compares its bits.</summary>
    public Trainer<float> Trainer => trainer;

    /// <summary>Continues from the newest intact checkpoint, if there is one.</summary>
    /// <exception cref="InvalidDataException">No checkpoint is intact, or the newest does not fit the trainer.</exception>
    public ResumedRun Resume() => RunCheckpoints.Resume(options, Run, trainer);

    /// <summary>Trains until the epochs of the options are complete. A run that is cancelled or diverges ends early, and its note says so.</summary>
    public void Train(ITrainingDisplay shown, CancellationToken cancellationToken)
    {
        display = shown;
        Run.FinalCost = trainer.Curve.EpochMeans.LastOrDefault(double.NaN);
        display.Begin(Run);
        BeginTiming();
        try
        {
            Run.Note = NoteOf(trainer.TrainUntil(options.Epochs, this, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            Run.Note = $"Interrupted after {trainer.StepCount} steps.{Hint}";
        }

        Evaluate();
        display.End(Run);
    }

    /// <summary>
    /// Computes the cost around the network over two random directions, and over those of the largest and the smallest curvature, for the report.
    /// </summary>
    /// <exception cref="InvalidOperationException">A cost is not finite, because the run has diverged.</exception>
    public void Survey(CancellationToken cancellationToken)
    {
        var batch = new MiniBatch([.. Enumerable.Range(0, Math.Min(SurveyedExamples, data.Training.Count))]);
        var plane = new CostSurfaceOptions { Seed = options.Seed, CancellationToken = cancellationToken };
        var curvature = new CriticalPointOptions<float> { EigenvalueCount = 1, MaxLanczosSteps = SurveyedSteps, Seed = options.Seed, CancellationToken = cancellationToken };
        ParameterSet<float> parameters = trainer.Optimizer.Parameters;
        CostSurface random = CostSurface.Random(parameters, CostAlone, batch, plane);
        CriticalPointAnalysis<float> analysis = CriticalPoint.Analyze(parameters, (_, examples) => model.Cost(data.Training, examples.Examples), batch, curvature);
        Run.Surfaces = [random, CostSurface.Extremes(parameters, CostAlone, batch, analysis, plane)];

        double CostAlone(ParameterSet<float> set, MiniBatch examples) => model.CostAlone(data.Training, examples.Examples);
    }

    /// <inheritdoc/>
    public override void OnEpochCompleted(Trainer<float> trainer, int epoch, double meanCost)
    {
        inOptimizer += Stopwatch.GetElapsedTime(objectiveEnd);
        TimeSpan duration = Stopwatch.GetElapsedTime(epochStart) - inDisplay;
        Evaluate();

        // Recorded before the epoch's checkpoint is saved, so that a resumed run has it.
        trainer.Metrics.Record("held-out accuracy in %", 100 * Run.Accuracy);
        Run.Add(new EpochRecord(epoch, meanCost, Run.Accuracy, duration, inOptimizer, stepsTimed + 1 == trainer.StepsPerEpoch));
        Run.FinalCost = meanCost;
        display?.EndEpoch(Run);
    }

    /// <summary>Called by the trainer after each step, on this thread.</summary>
    void IProgress<TrainingProgress>.Report(TrainingProgress value)
    {
        stepsTimed++;
        if (value.StepInEpoch == value.StepsPerEpoch)
        {
            BeginTiming();
        }
        else
        {
            // Between the return of the objective and this call, nearly all of the time is the optimizer's step.
            inOptimizer += Stopwatch.GetElapsedTime(objectiveEnd);
        }

        Run.FinalCost = value.EpochMeanCost;
        long start = Stopwatch.GetTimestamp();
        display?.Step(Run, value);
        inDisplay += Stopwatch.GetElapsedTime(start);
    }

    private void BeginTiming()
    {
        (stepsTimed, inOptimizer, inDisplay) = (0, TimeSpan.Zero, TimeSpan.Zero);
        epochStart = Stopwatch.GetTimestamp();
    }

    private string Hint => options.CheckpointFolder is null ? "" : " Continue with --resume.";

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

    private void Evaluate()
    {
        int[] answers = model.Classify(data.HeldOut);
        Run.Answers = answers;
        Run.Accuracy = Enumerable.Range(0, answers.Length).Count(i => answers[i] == data.HeldOut.Label(i)) / (double)answers.Length;
    }
}
