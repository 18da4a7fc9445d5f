using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>
/// Xie et al., 2022, algorithm 1, in the paper's own letters: its βᵢ are one minus those of the hyperparameters. The authors' bias correction is in.
/// </summary>
internal sealed class AdanReference(IReadOnlyDictionary<string, double> h, double[] initial) : ElementReference(h, initial)
{
    private readonly Bounded[] m = new Bounded[initial.Length], v = new Bounded[initial.Length], n = new Bounded[initial.Length];
    private readonly Bounded[] last = new Bounded[initial.Length];

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        double beta1 = 1 - H("Beta1"), beta2 = 1 - H("Beta2"), beta3 = 1 - H("Beta3");
        Bounded difference = T == 1 ? default : g - last[i];
        last[i] = g;
        m[i] = (R(1 - beta1) * m[i]) + (R(beta1) * g);
        v[i] = (R(1 - beta2) * v[i]) + (R(beta2) * difference);
        Bounded ahead = g + (R(1 - beta2) * difference);
        n[i] = (R(1 - beta3) * n[i]) + (R(beta3) * ahead * ahead);
        Bounded rate = R(LearningRate) / (Bounded.Sqrt(n[i] / R(1 - Math.Pow(1 - beta3, T))) + R(Epsilon));
        Bounded way = (m[i] / R(1 - Math.Pow(1 - beta1, T))) + (R(1 - beta2) * v[i] / R(1 - Math.Pow(1 - beta2, T)));
        return (p - (rate * way)) / R(1 + (LearningRate * H("WeightDecay")));
    }
}

/// <summary>Taniguchi et al., 2024, algorithm 2 with the clipping of version 2.</summary>
internal sealed class AdoptReference(IReadOnlyDictionary<string, double> h, double[] initial) : ElementReference(h, initial)
{
    private readonly Bounded[] m = new Bounded[initial.Length], v = new Bounded[initial.Length];

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        if (T == 1)
        {
            v[i] = g * g;
            return p;
        }

        double clip = Math.Pow(T - 1, 0.25);
        Bounded normed = g / Bounded.Max(Bounded.Sqrt(v[i]), R(Epsilon));
        normed = Clipping.Clamp(normed, clip);
        m[i] = (R(H("Beta1")) * m[i]) + (R(1 - H("Beta1")) * normed);
        v[i] = (R(H("Beta2")) * v[i]) + (R(1 - H("Beta2")) * g * g);
        return (R(1 - (LearningRate * H("WeightDecay"))) * p) - (R(LearningRate) * m[i]);
    }
}

/// <summary>Pagliardini et al., 2024: section 3 and its two schedulers, by half-lives.</summary>
internal sealed class AdEMAMixReference(IReadOnlyDictionary<string, double> h, double[] initial) : ElementReference(h, initial)
{
    private readonly Bounded[] fast = new Bounded[initial.Length], slow = new Bounded[initial.Length], v = new Bounded[initial.Length];
    private double alpha, beta3;

    protected override void BeginStep()
    {
        double warmAlpha = H("AlphaWarmup"), warmBeta = H("Beta3Warmup");
        alpha = warmAlpha == 0 ? H("Alpha") : Math.Min(H("Alpha"), T * H("Alpha") / warmAlpha);
        double start = Math.Log(H("Beta1")), end = Math.Log(H("Beta3")), part = T / warmBeta;
        beta3 = T < warmBeta ? Math.Min(H("Beta3"), Math.Exp(start * end / (((1 - part) * end) + (part * start)))) : H("Beta3");
    }

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        double beta1 = H("Beta1"), beta2 = H("Beta2");
        fast[i] = (R(beta1) * fast[i]) + (R(1 - beta1) * g);
        slow[i] = (R(beta3) * slow[i]) + (R(1 - beta3) * g);
        v[i] = (R(beta2) * v[i]) + (R(1 - beta2) * g * g);
        Bounded root = Bounded.Sqrt(v[i]) / R(Math.Sqrt(1 - Math.Pow(beta2, T))) + R(Epsilon);
        Bounded update = ((fast[i] / R(1 - Math.Pow(beta1, T))) + (R(alpha) * slow[i])) / root;
        return p - (R(LearningRate) * (update + (R(H("WeightDecay")) * p)));
    }
}

/// <summary>torch.optim.Rprop, with the sign of the product taken before it can underflow.</summary>
internal sealed class RpropReference(IReadOnlyDictionary<string, double> h, double[] initial) : ElementReference(h, initial)
{
    private readonly double[] last = new double[initial.Length];
    private readonly Bounded[] size = new Bounded[initial.Length];

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        size[i] = T == 1 ? R(LearningRate) : size[i];
        int sign = Math.Sign(last[i]) * Math.Sign(g.Value);
        double factor = sign switch { > 0 => H("EtaPlus"), < 0 => H("EtaMinus"), _ => 1 };
        size[i] = Bounded.Max(R(H("MinStepSize")), Bounded.Min(R(H("MaxStepSize")), size[i] * R(factor)));
        last[i] = sign < 0 ? 0 : g.Value;
        return p - (Bounded.Exact(Math.Sign(last[i])) * size[i]);
    }
}

/// <summary>torch.optim.ASGD, with the step size that the present learning rate gives.</summary>
internal sealed class AsgdReference(IReadOnlyDictionary<string, double> h, double[] initial) : ElementReference(h, initial)
{
    public Bounded[] Averages { get; } = new Bounded[initial.Length];

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        double lambda = H("Lambda"), eta = LearningRate / Math.Pow(1 + (lambda * LearningRate * (T - 1)), H("Alpha"));
        Bounded decayed = g + (R(H("WeightDecay")) * p);
        Bounded next = (R(1 - (lambda * eta)) * p) - (R(eta) * decayed);
        double mu = 1 / Math.Max(1, T - 1 - H("T0"));
        Averages[i] = mu == 1 ? next : Averages[i] + (R(mu) * (next - Averages[i]));
        return next;
    }
}

/// <summary>You, Gitman and Ginsburg, 2017, algorithm 1.</summary>
internal sealed class LarsReference(IReadOnlyDictionary<string, double> h, double[] initial) : Reference(h, initial)
{
    private readonly Bounded[] v = new Bounded[initial.Length];

    protected override void Update(Bounded[] g)
    {
        Bounded weights = Norms.Euclidean(Parameters), gradients = Norms.Euclidean(g), decay = R(H("WeightDecay"));
        Bounded rate = R(LearningRate);
        if (weights.Value > 0 && gradients.Value > 0)
        {
            Bounded local = R(H("TrustCoefficient")) * weights / (gradients + (decay * weights) + R(Epsilon));
            rate *= local;
        }

        for (int i = 0; i < Count; i++)
        {
            v[i] = (R(H("Momentum")) * v[i]) + (rate * (g[i] + (decay * Parameters[i])));
            Parameters[i] -= v[i];
        }
    }
}

/// <summary>You et al., 2020, algorithm 2.</summary>
internal sealed class LambReference(IReadOnlyDictionary<string, double> h, double[] initial) : Reference(h, initial)
{
    private readonly Bounded[] m = new Bounded[initial.Length], v = new Bounded[initial.Length];

    protected override void Update(Bounded[] g)
    {
        double beta1 = H("Beta1"), beta2 = H("Beta2");
        var update = new Bounded[Count];
        for (int i = 0; i < Count; i++)
        {
            m[i] = (R(beta1) * m[i]) + (R(1 - beta1) * g[i]);
            v[i] = (R(beta2) * v[i]) + (R(1 - beta2) * g[i] * g[i]);
            Bounded adam = m[i] / R(1 - Math.Pow(beta1, T)) / (Bounded.Sqrt(v[i] / R(1 - Math.Pow(beta2, T))) + R(Epsilon));
            update[i] = adam + (R(H("WeightDecay")) * Parameters[i]);
        }

        Bounded weights = Norms.Euclidean(Parameters), length = Norms.Euclidean(update);
        Bounded trust = weights.Value > 0 && length.Value > 0 ? weights / length : Bounded.Exact(1);
        for (int i = 0; i < Count; i++)
        {
            Parameters[i] -= R(LearningRate) * trust * update[i];
        }
    }
}

/// <summary>Ginsburg et al., 2019, algorithm 1.</summary>
internal sealed class NovoGradReference(IReadOnlyDictionary<string, double> h, double[] initial) : Reference(h, initial)
{
    private readonly Bounded[] m = new Bounded[initial.Length];
    private double v;

    protected override void Update(Bounded[] g)
    {
        // Computed in double from the gradients, which are exact, so its error is negligible.
        double square = g.Sum(one => one.Value * one.Value);
        v = T == 1 ? square : (H("Beta2") * v) + ((1 - H("Beta2")) * square);
        for (int i = 0; i < Count; i++)
        {
            m[i] = (R(H("Beta1")) * m[i]) + ((g[i] / R(Math.Sqrt(v) + Epsilon)) + (R(H("WeightDecay")) * Parameters[i]));
            Parameters[i] -= R(LearningRate) * m[i];
        }
    }
}

/// <summary>Defazio et al., 2024, equations 6 to 8, with x, y and z all kept; the parameter is y.</summary>
internal sealed class ScheduleFreeSgdReference(IReadOnlyDictionary<string, double> h, double[] initial) : ElementReference(h, initial)
{
    private readonly ScheduleFreeSequences sequences = new(initial);

    public Bounded[] Averages => sequences.X;

    protected override void BeginStep() => sequences.Begin(T, LearningRate, H("WarmupSteps"));

    protected override Bounded Update(int i, Bounded p, Bounded g) =>
        sequences.Move(i, p, g + (R(H("WeightDecay")) * p), H("Momentum"));
}

/// <summary>Defazio et al., 2024, algorithm 1, with the second moment corrected as in the authors' newer code.</summary>
internal sealed class ScheduleFreeAdamWReference(IReadOnlyDictionary<string, double> h, double[] initial) : ElementReference(h, initial)
{
    private readonly ScheduleFreeSequences sequences = new(initial);
    private readonly Bounded[] v = new Bounded[initial.Length];

    public Bounded[] Averages => sequences.X;

    protected override void BeginStep() => sequences.Begin(T, LearningRate, H("WarmupSteps"));

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        double beta2 = H("Beta2");
        v[i] = (R(beta2) * v[i]) + (R(1 - beta2) * g * g);
        Bounded root = Bounded.Sqrt(v[i] / R(1 - Math.Pow(beta2, T))) + R(Epsilon);
        return sequences.Move(i, p, (g / root) + (R(H("WeightDecay")) * p), H("Beta1"));
    }
}

/// <summary>The three sequences of the schedule-free method: z moves, x averages z, y lies between them.</summary>
internal sealed class ScheduleFreeSequences(double[] initial)
{
    private readonly Bounded[] z = [.. initial.Select(Bounded.Exact)];
    private double rate, highest, sum, share;

    public Bounded[] X { get; } = [.. initial.Select(Bounded.Exact)];

    public void Begin(long t, double learningRate, double warmup)
    {
        rate = t < warmup ? learningRate * t / warmup : learningRate;
        highest = Math.Max(highest, rate);
        sum += highest * highest;
        share = sum > 0 ? highest * highest / sum : 0;
    }

    /// <returns>The new y. Its error is the kernel's, which keeps y and z only: y ← (1−c)y + cz − γ(1−β(1−c))u.</returns>
    public Bounded Move(int i, Bounded y, Bounded direction, double beta)
    {
        Bounded step = Bounded.Rounded(rate) * direction;
        Bounded kept = y + (Bounded.Rounded(share) * (z[i] - y)) - (Bounded.Rounded(1 - (beta * (1 - share))) * step);
        z[i] -= step;
        X[i] = new Bounded(((1 - share) * X[i].Value) + (share * z[i].Value), 0);
        double between = ((1 - beta) * z[i].Value) + (beta * X[i].Value);
        // The error of x is that of y and z, from which it is computed, each counted once.
        X[i] = X[i] with { Error = (kept.Error / beta) + (Math.Abs(1 - (1 / beta)) * z[i].Error) + (Math.Abs(X[i].Value) / (1 << 24)) };
        return new Bounded(between, kept.Error);
    }
}

/// <summary>Liu et al., 2024, algorithm 3, line 13, with the curvature of <see cref="Curvature"/>.</summary>
internal sealed class SophiaReference(IReadOnlyDictionary<string, double> h, double[] initial) : ElementReference(h, initial)
{
    private readonly Bounded[] m = new Bounded[initial.Length];

    /// <summary>The curvature of element i: of all magnitudes, zero, or negative.</summary>
    public static float Curvature(int i) => (i % 8) switch { 0 => 0, 3 => -2, 5 => 1e-6f, 6 => 1e6f, int k => k * 40 };

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        m[i] = (R(H("Beta1")) * m[i]) + (R(1 - H("Beta1")) * g);
        Bounded ratio = m[i] / Bounded.Max(R(H("Gamma")) * Bounded.Exact(Curvature(i)), R(Epsilon));
        // Without weight decay the product is skipped: its rounding bound would be large compared with the shortest steps here.
        Bounded decayed = H("WeightDecay") > 0 ? R(1 - (LearningRate * H("WeightDecay"))) * p : p;
        return decayed - (R(LearningRate) * Clipping.Clamp(ratio, 1));
    }
}

/// <summary>Mishchenko and Defazio, 2023, algorithm 4, with the order of the authors' code: ε is multiplied by the new d.</summary>
/// <remarks>
/// The distance d is in double alone, and its error has a bound of its own. Operation by operation the bound would multiply at every step, since d
/// comes from θ₀ − θ and θ moves by d; but an error of d scales θ₀ − θ, m, √v and s alike and only passes on. What is new in a step is a few
/// roundings of each term of r, amplified by as much as the terms of r cancel, and the roundings of θ itself beside θ₀ − θ.
/// </remarks>
internal sealed class ProdigyReference(IReadOnlyDictionary<string, double> h, double[] initial) : Reference(h, initial)
{
    private const double Unit = 1.0 / (1 << 24);

    private readonly double[] start = initial;
    private readonly double[] s = new double[initial.Length];
    private readonly Bounded[] m = new Bounded[initial.Length], v = new Bounded[initial.Length];
    private double r, termsOfR, noiseOfR, distance, relativeError;

    protected override void Update(Bounded[] g)
    {
        double beta1 = H("Beta1"), beta2 = H("Beta2"), beta3 = Math.Sqrt(beta2);
        distance = T == 1 ? H("InitialDistance") : distance;
        double weight = LearningRate * distance * distance / H("InitialDistance"), norm = 0;
        (r, termsOfR, noiseOfR) = (beta3 * r, beta3 * termsOfR, beta3 * noiseOfR);
        Bounded d = Distance();
        for (int i = 0; i < Count; i++)
        {
            double term = weight * g[i].Value * (start[i] - Parameters[i].Value);
            r += term;
            termsOfR += Math.Abs(term);
            noiseOfR += weight * Math.Abs(g[i].Value) * T * Unit * Math.Abs(Parameters[i].Value);
            s[i] = (beta3 * s[i]) + (weight * g[i].Value);
            norm += Math.Abs(s[i]);
            m[i] = (R(beta1) * m[i]) + (R(1 - beta1) * d * g[i]);
            v[i] = (R(beta2) * v[i]) + (R(1 - beta2) * d * d * g[i] * g[i]);
        }

        double estimate = norm > 0 ? H("DistanceCoefficient") * r / norm : 0;
        if (estimate > distance)
        {
            distance = estimate;
            relativeError += ((8 * Unit * termsOfR) + noiseOfR) / r;
        }

        Bounded rate = R(LearningRate) * d, newDistance = Distance();
        for (int i = 0; i < Count; i++)
        {
            Parameters[i] = (Parameters[i] - (R(H("WeightDecay")) * rate * Parameters[i])) - (rate * m[i] / (Bounded.Sqrt(v[i]) + (newDistance * R(Epsilon))));
        }
    }

    private Bounded Distance() => Bounded.Rounded(distance) with { Error = (relativeError + Unit) * distance };
}

/// <summary>Shazeer and Stern, 2018, algorithm 5: Adafactor for a vector.</summary>
internal sealed class AdafactorReference(IReadOnlyDictionary<string, double> h, double[] initial) : Reference(h, initial)
{
    private readonly Bounded[] variance = new Bounded[initial.Length];

    protected override void Update(Bounded[] g)
    {
        double oneMinusBeta2 = Math.Pow(T, -H("DecayRate")), rho = Math.Min(LearningRate, 1 / Math.Sqrt(T)), eps1 = H("Epsilon1");
        Bounded rootCount = R(Math.Sqrt(Count));
        Bounded alpha = Bounded.Max(R(H("Epsilon2")), Norms.Euclidean(Parameters) / rootCount) * R(rho);
        var update = new Bounded[Count];
        for (int i = 0; i < Count; i++)
        {
            variance[i] += R(oneMinusBeta2) * ((g[i] * g[i]) + R(eps1) - variance[i]);
            update[i] = g[i] / Bounded.Sqrt(variance[i]);
        }

        Bounded scale = Bounded.Max(Bounded.Exact(1), Norms.Euclidean(update) / (rootCount * R(H("ClipThreshold"))));
        for (int i = 0; i < Count; i++)
        {
            Parameters[i] = (R(1 - (LearningRate * H("WeightDecay"))) * Parameters[i]) - (alpha / scale * update[i]);
        }
    }
}

/// <summary>Defazio and Jelassi, 2021, algorithm 1, with ε where the authors' code has it.</summary>
internal sealed class MadgradReference(IReadOnlyDictionary<string, double> h, double[] initial) : ElementReference(h, initial)
{
    private readonly Bounded[] first = [.. initial.Select(Bounded.Exact)];
    private readonly Bounded[] s = new Bounded[initial.Length], nu = new Bounded[initial.Length];

    protected override Bounded Update(int i, Bounded p, Bounded g)
    {
        Bounded gradient = g + (R(H("WeightDecay")) * p), weight = R((LearningRate + Epsilon) * Math.Sqrt(T));
        s[i] += weight * gradient;
        nu[i] += weight * gradient * gradient;
        Bounded z = first[i] - (s[i] / (Cbrt(nu[i]) + R(Epsilon)));
        // (1 − c)p + cz, in the form that leaves p unchanged where z = p.
        return p + (R(1 - H("Momentum")) * (z - p));
    }

    private static Bounded Cbrt(Bounded a)
    {
        double root = Math.Cbrt(a.Value);
        double propagated = Math.Max(root - Math.Cbrt(Math.Max(a.Value - a.Error, 0)), Math.Cbrt(a.Value + a.Error) - root);
        return new Bounded(root, propagated + Bounded.Rounded(root).Error);
    }
}

/// <summary>Clipping, which also clips the error interval to the limit.</summary>
internal static class Clipping
{
    public static Bounded Clamp(Bounded x, double limit)
    {
        double value = Math.Clamp(x.Value, -limit, limit);
        double lower = Math.Clamp(x.Value - x.Error, -limit, limit), upper = Math.Clamp(x.Value + x.Error, -limit, limit);
        return new Bounded(value, Math.Max(value - lower, upper - value) + Bounded.Rounded(value).Error);
    }
}

/// <summary>Norms of terms with errors: √Σx² changes by at most √Σe² when every x changes by e.</summary>
internal static class Norms
{
    public static Bounded Euclidean(Bounded[] values)
    {
        double norm = Math.Sqrt(values.Sum(one => one.Value * one.Value));
        return new Bounded(norm, Math.Sqrt(values.Sum(one => one.Error * one.Error)) + Bounded.Rounded(norm).Error);
    }
}
