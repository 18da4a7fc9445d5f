namespace OptimGen.Generator.Stages;

/// <summary>The stages that a stack of attributes declares; a stage that is not there is <see langword="null"/> or false.</summary>
internal sealed record StageSet
{
    public double LearningRate { get; init; }

    public double? ClipValue { get; init; }

    public double? WeightDecay { get; init; }

    public EwaStage? Ewa { get; init; }

    public HeavyBallStage? HeavyBall { get; init; }

    public RmsNormalizeStage? RmsNormalize { get; init; }

    public AdagradNormalizeStage? AdagradNormalize { get; init; }

    public InfinityNormalizeStage? InfinityNormalize { get; init; }

    /// <summary>The number of steps that are corrected; <see cref="int.MaxValue"/> for all.</summary>
    public int? BiasCorrectedSteps { get; init; }

    public double? DecoupledWeightDecay { get; init; }

    public bool SignUpdate { get; init; }

    public bool TrackAverage { get; init; }

    public bool Normalizes => RmsNormalize is not null || AdagradNormalize is not null || InfinityNormalize is not null;
}

internal sealed record EwaStage(double Beta, bool Nesterov);

internal sealed record HeavyBallStage(double Momentum, bool Nesterov);

internal sealed record RmsNormalizeStage(double Beta, EpsilonSpec Epsilon, bool Centered, bool AmsGrad);

internal sealed record AdagradNormalizeStage(bool Mean, EpsilonSpec Epsilon);

internal sealed record InfinityNormalizeStage(double Beta, EpsilonSpec Epsilon);

internal sealed record EpsilonSpec(double Value, bool InsideRoot);
