namespace OptimGen.Tests.Kernels;

/// <summary>
/// A rule that is a stack of attributes for one element, in double precision: the equations of the stages, in order. It is written from the
/// equations and not from the generator.
/// </summary>
internal sealed class StageReference(StageOptions declared, double parameter)
{
    private readonly Dictionary<string, Bounded> states = [];
    private long step;

    /// <summary>The options for the next step; a schedule may change them.</summary>
    public StageOptions Options { get; set; } = declared;

    public Bounded Parameter { get; private set; } = Bounded.Exact(parameter);

    /// <summary>Every state by its name; each starts at 0.</summary>
    public IReadOnlyDictionary<string, Bounded> States => states;

    public void Step(double gradient)
    {
        step++;
        Bounded g = Bounded.Exact(gradient);

        // gradient: g ← clamp(g, ±c), then g ← g + λθ
        if (Options.ClipValue is { } limit)
        {
            Bounded c = Bounded.Rounded(limit);
            g = Bounded.Max(Bounded.Min(g, c), Bounded.Exact(0) - c);
        }

        if (Options.CoupledDecay != 0)
        {
            g += Bounded.Rounded(Options.CoupledDecay) * Parameter;
        }

        Bounded direction = FirstMoment(g);
        direction = Options.SecondMoment switch
        {
            SecondMomentKind.None => direction,
            SecondMomentKind.InfinityNorm => direction / (InfinityNorm(g) + Bounded.Rounded(Options.Epsilon)),
            _ when Options.InsideRoot => direction / Bounded.Sqrt(MeanSquare(g) + Bounded.Rounded(Options.Epsilon)),
            _ => direction / (Bounded.Sqrt(MeanSquare(g)) + Bounded.Rounded(Options.Epsilon)),
        };

        // update: θ ← θ(1−ηλ), then θ ← θ − η·direction
        if (Options.TrackAverage)
        {
            Parameter = direction;
            return;
        }

        if (Options.DecoupledDecay != 0)
        {
            Parameter *= Bounded.Rounded(1 - (Options.LearningRate * Options.DecoupledDecay));
        }

        Parameter -= Bounded.Rounded(Options.LearningRate) * (Options.Sign ? Bounded.Sign(direction) : direction);
    }

    /// <summary>m ← βm + (1−β)g or b ← μb + g; one step ahead of it with Nesterov.</summary>
    private Bounded FirstMoment(Bounded g)
    {
        if (Options.AverageBeta is { } beta)
        {
            Bounded m = Accumulate("firstMoment", m => (Bounded.Rounded(beta) * m) + (Bounded.Rounded(1 - beta) * g));
            return Options.Nesterov
                ? (Bounded.Rounded(beta) * m / Correction(beta, step + 1)) + (Bounded.Rounded(1 - beta) * g / Correction(beta, step))
                : m / Correction(beta, step);
        }

        if (Options.Momentum is { } momentum)
        {
            Bounded mu = Bounded.Rounded(momentum);
            Bounded b = Accumulate("momentumBuffer", b => (mu * b) + g);
            return Options.Nesterov ? g + (mu * b) : b;
        }

        return g;
    }

    /// <summary>v̂, or S, or S/t: the argument of the square root.</summary>
    private Bounded MeanSquare(Bounded g)
    {
        if (Options.SecondMoment != SecondMomentKind.MeanSquare)
        {
            Bounded sum = Accumulate("squareSum", sum => sum + (g * g));
            return Options.SecondMoment == SecondMomentKind.MeanOfSquares ? sum / Bounded.Rounded(step) : sum;
        }

        Bounded beta = Bounded.Rounded(Options.Beta2), rest = Bounded.Rounded(1 - Options.Beta2);
        Bounded v = Accumulate("secondMoment", v => (beta * v) + (rest * g * g));
        Bounded correction = Correction(Options.Beta2, step);
        if (Options.Centered)
        {
            Bounded average = Accumulate("gradientAverage", average => (beta * average) + (rest * g)) / correction;
            return Bounded.Max((v / correction) - (average * average), Bounded.Exact(0));
        }

        return (Options.AmsGrad ? Accumulate("maxSecondMoment", largest => Bounded.Max(largest, v)) : v) / correction;
    }

    /// <summary>u ← max(βu, |g|)</summary>
    private Bounded InfinityNorm(Bounded g) =>
        Accumulate("infinityNorm", u => Bounded.Max(Bounded.Rounded(Options.Beta2) * u, Bounded.Abs(g)));

    /// <summary>1 − βᵗ, or 1 on steps that are not corrected.</summary>
    private Bounded Correction(double beta, long t) =>
        step <= Options.CorrectedSteps ? Bounded.Rounded(1 - Math.Pow(beta, t)) : Bounded.Exact(1);

    private Bounded Accumulate(string name, Func<Bounded, Bounded> next) => states[name] = next(states.GetValueOrDefault(name));
}
