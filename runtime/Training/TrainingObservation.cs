using System.Globalization;

namespace OptimGen;

/// <summary>What a <see cref="TrainingObservation"/> is about.</summary>
public enum TrainingObservationKind
{
    /// <summary>The cost of batch gradient descent rose from one step to the next: the learning rate is too high. Training goes on.</summary>
    RateTooHigh,

    /// <summary>The cost or a gradient is not finite. Training has stopped before the step.</summary>
    Diverged,

    /// <summary>
    /// A gradient is not finite and the optimizer skipped its step (<see cref="NonFiniteGradientPolicy.SkipStep"/>). Training goes on with the next
    /// mini-batch.
    /// </summary>
    StepSkipped,

    /// <summary>
    /// The smoothed cost of mini-batches rose far above its best value: the learning rate is too high. Training goes on. It is reported once for each rise.
    /// </summary>
    CostExploding,

    /// <summary>
    /// The smoothed cost of mini-batches has not fallen for many steps: training has converged, or is stuck. Training goes on. It is reported once, until the
    /// cost falls again.
    /// </summary>
    CostStandsStill,
}

/// <summary>A diagnosis that the trainer made at a step, such as a learning rate that is too high.</summary>
public sealed record TrainingObservation
{
    private const int LeastDigits = 6;

    /// <summary>17 significant digits: enough for any two doubles to differ in text.</summary>
    private const int MostDigits = 17;

    private readonly string? gradientError;

    private TrainingObservation(
        TrainingObservationKind kind, int epoch, long step, double cost, double? previousCost, double learningRate, string? gradientError) =>
        (Kind, Epoch, Step, Cost, PreviousCost, LearningRate, this.gradientError) =
        (kind, epoch, step, cost, previousCost, learningRate, gradientError);

    /// <summary>The kind of observation.</summary>
    public TrainingObservationKind Kind { get; }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step, from 1, at whose cost or gradient the observation was made.</summary>
    public long Step { get; }

    /// <summary>
    /// The cost of that step; for <see cref="TrainingObservationKind.CostExploding"/> and <see cref="TrainingObservationKind.CostStandsStill"/> the smoothed
    /// cost, the average over about the last 50 steps.
    /// </summary>
    public double Cost { get; }

    /// <summary>
    /// An earlier cost. For <see cref="TrainingObservationKind.RateTooHigh"/>, that of the step before; for
    /// <see cref="TrainingObservationKind.CostExploding"/>, the lowest smoothed cost; for <see cref="TrainingObservationKind.CostStandsStill"/>, the smoothed
    /// cost when it had last fallen. Else <see langword="null"/>.
    /// </summary>
    public double? PreviousCost { get; }

    /// <summary>The step of <see cref="PreviousCost"/>; <see langword="null"/> if there is none.</summary>
    public long? PreviousStep { get; private init; }

    /// <summary>
    /// For <see cref="TrainingObservationKind.CostStandsStill"/>, the mean of the first 50 costs if the cost has fallen since, so that training may have
    /// converged; else <see langword="null"/>.
    /// </summary>
    public double? InitialCost { get; private init; }

    /// <summary>
    /// The learning rate: for <see cref="TrainingObservationKind.RateTooHigh"/> that of the step before, whose update raised the cost;
    /// for <see cref="TrainingObservationKind.CostExploding"/> and <see cref="TrainingObservationKind.CostStandsStill"/> that of the step; else that of the
    /// step that was not taken. NaN for a rule that has none.
    /// </summary>
    public double LearningRate { get; }

    /// <summary>
    /// The observation as a sentence, with the step and the values. Values have six significant digits, or as many as two costs need to differ. The
    /// properties have the exact values.
    /// </summary>
    public string Message => Kind switch
    {
        TrainingObservationKind.RateTooHigh => Rise,
        TrainingObservationKind.CostExploding => Explosion,
        TrainingObservationKind.CostStandsStill => StandStill,
        TrainingObservationKind.StepSkipped => $"Step {Step} (epoch {Epoch}) was skipped: {gradientError}",
        _ => FormattableString.Invariant($"Diverged at step {Step} (epoch {Epoch}): {Finding}"),
    };

    private string Rise
    {
        get
        {
            (string before, string after) = Enumerable.Range(LeastDigits, MostDigits - LeastDigits + 1)
                .Select(digits => (Digits(PreviousCost!.Value, digits), Digits(Cost, digits)))
                .First(texts => texts.Item1 != texts.Item2);
            string cause = double.IsNaN(LearningRate) ? "the step is too long" : $"the learning rate {Digits(LearningRate, LeastDigits)} is too high";
            return FormattableString.Invariant(
                $"The cost rose from {before} at step {Step - 1} to {after} at step {Step} (epoch {Epoch}) of batch gradient descent: {cause}.");
        }
    }

    private string Explosion => FormattableString.Invariant(
        $"The smoothed cost rose from {Short(PreviousCost!.Value)} at step {PreviousStep} to {Short(Cost)} at step {Step} (epoch {Epoch}){AtRate}. ")
        + "A lower learning rate, a warmup, or clipping of the gradients by norm (MaxGradientNorm) tends to help.";

    private string StandStill => FormattableString.Invariant(
        $"The smoothed cost has not fallen since step {PreviousStep}: it was {Short(PreviousCost!.Value)}, and is {Short(Cost)} at step {Step} (epoch {Epoch}){AtRate}. ")
        + (InitialCost is { } initial
            ? $"It was {Short(initial)} over the first 50 steps, so training may have converged. If the cost should be lower, another learning rate, lower or higher, tends to help."
            : "It has hardly fallen since the start. A higher learning rate, with a warmup, or a rule with momentum or normalized steps, such as Adam, tends to help.");

    private string AtRate => double.IsNaN(LearningRate) ? "" : $", at the learning rate {Short(LearningRate)}";

    private string Finding => gradientError ?? FormattableString.Invariant(
        $"the cost is {Cost}. The step was not taken; the parameters are those that gave this cost.");

    private static string Short(double value) => Digits(value, LeastDigits);

    private static string Digits(double value, int digits) => value.ToString($"G{digits}", CultureInfo.InvariantCulture);

    /// <summary>The <see cref="Message"/>.</summary>
    public override string ToString() => Message;

    /// <summary>Writes a list of observations.</summary>
    internal static void Save(IReadOnlyList<TrainingObservation> observations, CheckpointWriter writer)
    {
        writer.Write<byte>("kinds", observations.Select(observation => (byte)observation.Kind).ToArray());
        writer.Write<int>("epochs", observations.Select(observation => observation.Epoch).ToArray());
        writer.Write<long>("steps", observations.Select(observation => observation.Step).ToArray());
        writer.Write<double>("costs", observations.Select(observation => observation.Cost).ToArray());
        writer.Write<double>("previousCosts", observations.Select(observation => observation.PreviousCost ?? double.NaN).ToArray());
        writer.Write<long>("previousSteps", observations.Select(observation => observation.PreviousStep ?? 0).ToArray());
        writer.Write<double>("initialCosts", observations.Select(observation => observation.InitialCost ?? double.NaN).ToArray());
        writer.Write<double>("learningRates", observations.Select(observation => observation.LearningRate).ToArray());
        for (int i = 0; i < observations.Count; i++)
        {
            if (observations[i].gradientError is { } error)
            {
                writer.Write($"{i}.gradientError", error);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> has written.</summary>
    internal static TrainingObservation[] Load(CheckpointReader reader)
    {
        byte[] kinds = reader.ReadArray<byte>("kinds");
        int[] epochs = reader.ReadArray<int>("epochs", kinds.Length);
        long[] steps = reader.ReadArray<long>("steps", kinds.Length);
        double[] costs = reader.ReadArray<double>("costs", kinds.Length), previousCosts = reader.ReadArray<double>("previousCosts", kinds.Length);
        long[] previousSteps = reader.ReadArray<long>("previousSteps", kinds.Length);
        double[] initialCosts = reader.ReadArray<double>("initialCosts", kinds.Length);
        double[] rates = reader.ReadArray<double>("learningRates", kinds.Length);
        var observations = new TrainingObservation[kinds.Length];
        for (int i = 0; i < observations.Length; i++)
        {
            var kind = (TrainingObservationKind)kinds[i];
            if (!Enum.IsDefined(kind))
            {
                throw reader.Failure($"The observation {i + 1} is of the kind {kinds[i]}, which is unknown here.");
            }

            string error = $"{i}.gradientError";
            observations[i] = new TrainingObservation(
                kind, epochs[i], steps[i], costs[i], double.IsNaN(previousCosts[i]) ? null : previousCosts[i], rates[i],
                reader.Contains(error) ? reader.ReadString(error) : null)
            {
                PreviousStep = previousSteps[i] == 0 ? null : previousSteps[i],
                InitialCost = double.IsNaN(initialCosts[i]) ? null : initialCosts[i],
            };
        }

        return observations;
    }

    internal static TrainingObservation RateTooHigh(int epoch, long step, double previousCost, double cost, double learningRate) =>
        new(TrainingObservationKind.RateTooHigh, epoch, step, cost, previousCost, learningRate, null) { PreviousStep = step - 1 };

    internal static TrainingObservation CostExploding(
        int epoch, long step, long bestStep, double bestCost, double cost, double learningRate) =>
        new(TrainingObservationKind.CostExploding, epoch, step, cost, bestCost, learningRate, null) { PreviousStep = bestStep };

    internal static TrainingObservation CostStandsStill(
        int epoch, long step, long progressStep, double progressCost, double cost, double learningRate, double? initialCost) =>
        new(TrainingObservationKind.CostStandsStill, epoch, step, cost, progressCost, learningRate, null)
        {
            PreviousStep = progressStep,
            InitialCost = initialCost,
        };

    internal static TrainingObservation Diverged(int epoch, long step, double cost, double learningRate, string? gradientError) =>
        new(TrainingObservationKind.Diverged, epoch, step, cost, null, learningRate, gradientError);

    internal static TrainingObservation StepSkipped(int epoch, long step, double cost, double learningRate, NonFiniteGradient gradient) =>
        new(TrainingObservationKind.StepSkipped, epoch, step, cost, null, learningRate,
            $"the {gradient.Finding}. Parameters and state are unchanged.");
}
