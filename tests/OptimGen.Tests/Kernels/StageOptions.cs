using System.Reflection;

namespace OptimGen.Tests.Kernels;

internal enum SecondMomentKind
{
    None,
    MeanSquare,
    SumOfSquares,
    MeanOfSquares,
    InfinityNorm,
}

/// <summary>
/// The options of a stack of attributes, read by reflection at run time, independently of the generator's parser.
/// </summary>
internal sealed record StageOptions
{
    public double LearningRate { get; init; }

    public double? ClipValue { get; init; }

    public double CoupledDecay { get; init; }

    public double DecoupledDecay { get; init; }

    /// <summary>β₁ of an exponentially weighted average.</summary>
    public double? AverageBeta { get; init; }

    /// <summary>μ of heavy-ball momentum.</summary>
    public double? Momentum { get; init; }

    public bool Nesterov { get; init; }

    public SecondMomentKind SecondMoment { get; init; }

    public double Beta2 { get; init; }

    public double Epsilon { get; init; }

    public bool InsideRoot { get; init; }

    public bool Centered { get; init; }

    public bool AmsGrad { get; init; }

    /// <summary>The number of steps whose averages are corrected; 0 for none.</summary>
    public long CorrectedSteps { get; init; }

    public bool Sign { get; init; }

    public bool TrackAverage { get; init; }

    public static StageOptions Of(Type optimizer)
    {
        var ewa = optimizer.GetCustomAttribute<EwaAttribute>();
        var heavyBall = optimizer.GetCustomAttribute<HeavyBallAttribute>();
        var rms = optimizer.GetCustomAttribute<RmsNormalizeAttribute>();
        var adagrad = optimizer.GetCustomAttribute<AdagradNormalizeAttribute>();
        var infinity = optimizer.GetCustomAttribute<InfinityNormalizeAttribute>();
        return new StageOptions
        {
            LearningRate = optimizer.GetCustomAttribute<OptimizerAttribute>()!.LearningRate,
            ClipValue = optimizer.GetCustomAttribute<ClipByValueAttribute>()?.Limit,
            CoupledDecay = optimizer.GetCustomAttribute<WeightDecayAttribute>()?.Coefficient ?? 0,
            DecoupledDecay = optimizer.GetCustomAttribute<DecoupledWeightDecayAttribute>()?.Coefficient ?? 0,
            AverageBeta = ewa?.Beta,
            Momentum = heavyBall?.Momentum,
            Nesterov = ewa?.Nesterov ?? heavyBall?.Nesterov ?? false,
            SecondMoment =
                rms is not null ? SecondMomentKind.MeanSquare
                : adagrad?.Form is AdagradForm.Sum ? SecondMomentKind.SumOfSquares
                : adagrad?.Form is AdagradForm.Mean ? SecondMomentKind.MeanOfSquares
                : infinity is not null ? SecondMomentKind.InfinityNorm
                : SecondMomentKind.None,
            Beta2 = rms?.Beta ?? infinity?.Beta ?? 0,
            Epsilon = rms?.Epsilon ?? adagrad?.Epsilon ?? infinity?.Epsilon ?? 0,
            InsideRoot = (rms?.EpsilonPlacement ?? adagrad?.EpsilonPlacement) is EpsilonPlacement.InsideRoot,
            Centered = rms?.Centered ?? false,
            AmsGrad = rms?.AmsGrad ?? false,
            CorrectedSteps = optimizer.GetCustomAttribute<BiasCorrectionAttribute>()?.FirstSteps ?? 0,
            Sign = optimizer.GetCustomAttribute<SignUpdateAttribute>() is not null,
            TrackAverage = optimizer.GetCustomAttribute<TrackAverageAttribute>() is not null,
        };
    }
}
