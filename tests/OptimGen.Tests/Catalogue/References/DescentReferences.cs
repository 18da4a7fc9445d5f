using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>Robbins and Monro: θ ← θ − η(g + λθ).</summary>
internal sealed class SgdReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial) : ElementReference(hyperparameters, initial)
{
    protected override Bounded Update(int i, Bounded p, Bounded g) => p - (R(LearningRate) * (g + (R(H("WeightDecay")) * p)));
}

/// <summary>The average mₜ = (1−β)Σβᵗ⁻ˢgₛ, as the recursion that gives it; θ ← θ − ηm.</summary>
internal sealed class MomentumReference : ElementReference
{
    private readonly Bounded[] m;

    public MomentumReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial)
        : base(hyperparameters, initial) => m = State();

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        double beta = H("Beta1");
        m[i] = (R(beta) * m[i]) + (R(1 - beta) * (g + (R(H("WeightDecay")) * p)));
        return p - (R(LearningRate) * m[i]);
    }
}

/// <summary>torch.optim.SGD with momentum: the buffer is the gradient at first, b ← μb + g later; with nesterov, g + μb.</summary>
internal sealed class TorchMomentumReference : ElementReference
{
    private readonly Bounded[] buffer;
    private readonly bool nesterov;

    public TorchMomentumReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial, bool nesterov)
        : base(hyperparameters, initial) => (buffer, this.nesterov) = (State(), nesterov);

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        Bounded mu = R(H("Momentum"));
        g += R(H("WeightDecay")) * p;
        buffer[i] = T == 1 ? g : (mu * buffer[i]) + g;
        return p - (R(LearningRate) * (nesterov ? g + (mu * buffer[i]) : buffer[i]));
    }
}

/// <summary>Chen et al., 2023, algorithm 2, with the decay before the step.</summary>
internal sealed class LionReference : ElementReference
{
    private readonly Bounded[] m;

    public LionReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial)
        : base(hyperparameters, initial) => m = State();

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        double beta1 = H("Beta1"), beta2 = H("Beta2");
        Bounded c = (R(beta1) * m[i]) + (R(1 - beta1) * g);
        m[i] = (R(beta2) * m[i]) + (R(1 - beta2) * g);
        Bounded kept = R(1) - R(LearningRate * H("WeightDecay"));
        return (kept * p) - (R(LearningRate) * Bounded.Sign(c));
    }
}

/// <summary>Bernstein et al., 2018, algorithm 2: the sign of the average.</summary>
internal sealed class SignumReference : ElementReference
{
    private readonly Bounded[] m;

    public SignumReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial)
        : base(hyperparameters, initial) => m = State();

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        double beta = H("Beta1");
        m[i] = (R(beta) * m[i]) + (R(1 - beta) * g);
        return p - (R(LearningRate) * Bounded.Sign(m[i]));
    }
}
