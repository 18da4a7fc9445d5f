using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>Where ε stands in Adam's denominator.</summary>
internal enum AdamEpsilon
{
    /// <summary>√v̂ + ε.</summary>
    BesideCorrectedRoot,

    /// <summary>√v + ε, with the bias correction outside of the denominator.</summary>
    BesideUncorrectedRoot,

    /// <summary>√(v̂ + ε).</summary>
    InsideRoot,
}

/// <summary>What the rules with two moments share: Kingma and Ba, 2015, algorithm 1.</summary>
internal abstract class TwoMomentsReference : ElementReference
{
    protected TwoMomentsReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial, double start = 0)
        : base(hyperparameters, initial) => (M, V) = (State(start), State(start));

    protected Bounded[] M { get; }

    protected Bounded[] V { get; }

    protected double Beta1 => H("Beta1");

    protected double Beta2 => H("Beta2");

    /// <summary>1 − β₁ᵗ.</summary>
    protected double Correction1 => 1 - Math.Pow(Beta1, T);

    /// <summary>1 − β₂ᵗ.</summary>
    protected double Correction2 => 1 - Math.Pow(Beta2, T);

    protected void Average(int i, Bounded g)
    {
        AverageGradient(i, g);
        V[i] = (R(Beta2) * V[i]) + (R(1 - Beta2) * g * g);
    }

    protected void AverageGradient(int i, Bounded g) => M[i] = (R(Beta1) * M[i]) + (R(1 - Beta1) * g);
}

/// <summary>Adam, AdamW (decay before the step) and AMSGrad (the largest uncorrected v), as torch and Keras have them.</summary>
internal sealed class AdamReference(
    IReadOnlyDictionary<string, double> hyperparameters, double[] initial, AdamEpsilon place, bool decays = false, bool amsGrad = false)
    : TwoMomentsReference(hyperparameters, initial)
{
    private readonly Bounded[] largest = new Bounded[initial.Length];

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        if (decays)
        {
            p = R(1 - (LearningRate * H("WeightDecay"))) * p;
        }

        Average(i, g);
        largest[i] = Bounded.Max(largest[i], V[i]);
        Bounded v = amsGrad ? largest[i] : V[i];
        Bounded m = M[i] / R(Correction1), e = R(Epsilon);
        Bounded direction = place switch
        {
            AdamEpsilon.InsideRoot => m / Bounded.Sqrt((v / R(Correction2)) + e),
            AdamEpsilon.BesideUncorrectedRoot => R(Math.Sqrt(Correction2)) * m / (Bounded.Sqrt(v) + e),
            _ => m / (Bounded.Sqrt(v / R(Correction2)) + e),
        };
        return p - (R(LearningRate) * direction);
    }
}

/// <summary>keras.optimizers.Adamax: θ ← θ − ηm/((1 − β₁ᵗ)(u + ε)).</summary>
internal sealed class AdamaxReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial) : TwoMomentsReference(hyperparameters, initial)
{
    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        AverageGradient(i, g);
        V[i] = Bounded.Max(R(Beta2) * V[i], Bounded.Abs(g));
        return p - (R(LearningRate) * M[i] / (R(Correction1) * (V[i] + R(Epsilon))));
    }
}

/// <summary>torch.optim.NAdam, in its two steps.</summary>
internal sealed class NAdamReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial) : TwoMomentsReference(hyperparameters, initial)
{
    private double product = 1, now, next;

    protected override void BeginStep()
    {
        double decay = H("MomentumDecay");
        now = Beta1 * (1 - (0.5 * Math.Pow(0.96, T * decay)));
        next = Beta1 * (1 - (0.5 * Math.Pow(0.96, (T + 1) * decay)));
        product *= now;
    }

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        Average(i, g);
        Bounded denominator = Bounded.Sqrt(V[i] / R(Correction2)) + R(Epsilon);
        p -= R(LearningRate * (1 - now) / (1 - product)) * g / denominator;
        return p - (R(LearningRate * next / (1 - (product * next))) * M[i] / denominator);
    }
}

/// <summary>Liu et al., 2020, algorithm 2, with ε where torch.optim.RAdam has it.</summary>
internal sealed class RAdamReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial) : TwoMomentsReference(hyperparameters, initial)
{
    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        Average(i, g);
        Bounded m = M[i] / R(Correction1);
        double longest = (2 / (1 - Beta2)) - 1;
        double length = longest - (2 * T * Math.Pow(Beta2, T) / Correction2);
        if (length <= 5)
        {
            return p - (R(LearningRate) * m);
        }

        double rectification = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
        Bounded scale = R(Math.Sqrt(Correction2)) / (Bounded.Sqrt(V[i]) + R(Epsilon));
        return p - (R(LearningRate) * m * scale * R(rectification));
    }
}

/// <summary>Zhuang et al., 2020, algorithm 2.</summary>
internal sealed class AdaBeliefReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial) : TwoMomentsReference(hyperparameters, initial)
{
    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        AverageGradient(i, g);
        Bounded surprise = g - M[i];
        V[i] = (R(Beta2) * V[i]) + (R(1 - Beta2) * surprise * surprise) + R(Epsilon);
        return p - (R(LearningRate) * (M[i] / R(Correction1)) / (Bounded.Sqrt(V[i] / R(Correction2)) + R(Epsilon)));
    }
}

/// <summary>optax.yogi: Zaheer et al., 2018, algorithm 2, with bias correction, both moments from 1e-6.</summary>
internal sealed class YogiReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial) : TwoMomentsReference(hyperparameters, initial, 1e-6)
{
    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        AverageGradient(i, g);
        V[i] -= R(1 - Beta2) * Bounded.Sign(V[i] - (g * g)) * (g * g);
        return p - (R(LearningRate) * (M[i] / R(Correction1)) / (Bounded.Sqrt(V[i] / R(Correction2)) + R(Epsilon)));
    }
}
