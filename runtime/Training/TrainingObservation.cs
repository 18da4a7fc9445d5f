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

    /// <summary>The cost of that step.</summary>
    public double Cost { get; }

    /// <summary>For <see cref="TrainingObservationKind.RateTooHigh"/>, the cost of the step before; else <see langword="null"/>.</summary>
    public double? PreviousCost { get; }

    /// <summary>
    /// The learning rate: for <see cref="TrainingObservationKind.RateTooHigh"/> that of the step before, whose update raised the cost;
    /// else that of the step that was not taken. NaN for a rule that has none.
    /// </summary>
    public double LearningRate { get; }

    /// <summary>
    /// The observation as a sentence, with the step and the values. Values have six significant digits, or as many as two costs need to differ. The
    /// properties have the exact values.
    /// </summary>
    public string Message => Kind switch
    {
        TrainingObservationKind.RateTooHigh => Rise,
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

    private string Finding => gradientError ?? FormattableString.Invariant(
        $"the cost is {Cost}. The step was not taken; the parameters are those that gave this cost.");

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
                kind, epochs[i], steps[i], costs[i], kind == TrainingObservationKind.RateTooHigh ? previousCosts[i] : null, rates[i],
                reader.Contains(error) ? reader.ReadString(error) : null);
        }

        return observations;
    }

    internal static TrainingObservation RateTooHigh(int epoch, long step, double previousCost, double cost, double learningRate) =>
        new(TrainingObservationKind.RateTooHigh, epoch, step, cost, previousCost, learningRate, null);

    internal static TrainingObservation Diverged(int epoch, long step, double cost, double learningRate, string? gradientError) =>
        new(TrainingObservationKind.Diverged, epoch, step, cost, null, learningRate, gradientError);

    internal static TrainingObservation StepSkipped(int epoch, long step, double cost, double learningRate, NonFiniteGradient gradient) =>
        new(TrainingObservationKind.StepSkipped, epoch, step, cost, null, learningRate,
            $"the {gradient.Finding}. Parameters and state are unchanged.");
}
