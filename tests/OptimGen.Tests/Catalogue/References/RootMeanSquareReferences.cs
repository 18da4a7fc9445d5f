using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>torch.optim.RMSprop (ε outside; centered; momentum) and keras.optimizers.RMSprop (ε inside).</summary>
internal sealed class RmsPropReference : ElementReference
{
    private readonly Bounded[] v, average, buffer;

    public RmsPropReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial)
        : base(hyperparameters, initial) => (v, average, buffer) = (State(), State(), State());

    public bool EpsilonInside { get; init; }

    public bool Centered { get; init; }

    public bool WithMomentum { get; init; }

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        double alpha = H("Beta2");
        v[i] = (R(alpha) * v[i]) + (R(1 - alpha) * g * g);
        Bounded mean = v[i];
        if (Centered)
        {
            average[i] = (R(alpha) * average[i]) + (R(1 - alpha) * g);
            mean = Bounded.Max(v[i] - (average[i] * average[i]), Bounded.Exact(0));
        }

        Bounded direction = EpsilonInside ? g / Bounded.Sqrt(mean + R(Epsilon)) : g / (Bounded.Sqrt(mean) + R(Epsilon));
        if (WithMomentum)
        {
            buffer[i] = (R(H("Momentum")) * buffer[i]) + direction;
            direction = buffer[i];
        }

        return p - (R(LearningRate) * direction);
    }
}

/// <summary>Duchi, Hazan and Singer, 2011: by the root of the sum of squares; or of their mean.</summary>
internal sealed class AdagradReference : ElementReference
{
    private readonly Bounded[] sum;

    public AdagradReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial, double start = 0)
        : base(hyperparameters, initial) => sum = State(start);

    public bool EpsilonInside { get; init; }

    public bool Mean { get; init; }

    /// <summary>Of rows, here of one element each (the tensor is a vector): the rate is divided, and not what it is multiplied by.</summary>
    public bool DividesRate { get; init; }

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        sum[i] += g * g;
        Bounded under = Mean ? sum[i] / R(T) : sum[i];
        if (DividesRate)
        {
            return p - (R(LearningRate) / (Bounded.Sqrt(under) + R(Epsilon)) * g);
        }

        return p - (R(LearningRate) * g / (EpsilonInside ? Bounded.Sqrt(under + R(Epsilon)) : Bounded.Sqrt(under) + R(Epsilon)));
    }
}

/// <summary>Zeiler, 2012, algorithm 1: RMS[x] = √(E[x²] + ε).</summary>
internal sealed class AdadeltaReference : ElementReference
{
    private readonly Bounded[] ofGradient, ofStep;

    public AdadeltaReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial)
        : base(hyperparameters, initial) => (ofGradient, ofStep) = (State(), State());

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        double rho = H("Rho");
        ofGradient[i] = (R(rho) * ofGradient[i]) + (R(1 - rho) * g * g);
        Bounded step = g * Bounded.Sqrt(ofStep[i] + R(Epsilon)) / Bounded.Sqrt(ofGradient[i] + R(Epsilon));
        ofStep[i] = (R(rho) * ofStep[i]) + (R(1 - rho) * step * step);
        return p - (R(LearningRate) * step);
    }
}
