using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>
/// A rule over one tensor, in double precision, written from the equations of its paper or framework and not from the rule's text. Each number
/// carries a bound on the error of the same computation in single precision (<see cref="Bounded"/>), so every element has its own tolerance.
/// </summary>
/// <param name="hyperparameters">By name; may change between steps.</param>
/// <param name="initial">The parameters before the first step.</param>
internal abstract class Reference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial)
{
    /// <summary>θ.</summary>
    public Bounded[] Parameters { get; } = [.. initial.Select(Bounded.Exact)];

    /// <summary>t, from 1.</summary>
    protected long T { get; private set; }

    protected int Count => Parameters.Length;

    /// <summary>η.</summary>
    protected double LearningRate => H("LearningRate");

    /// <summary>ε.</summary>
    protected double Epsilon => H("Epsilon");

    public void Step(double[] gradient)
    {
        T++;
        Update([.. gradient.Select(Bounded.Exact)]);
    }

    /// <summary>One step: <see cref="Parameters"/> from the gradient.</summary>
    protected abstract void Update(Bounded[] g);

    /// <summary>The value of a hyperparameter.</summary>
    protected double H(string name) => hyperparameters[name];

    /// <summary>A number that is computed in double and narrowed once.</summary>
    protected static Bounded R(double value) => Bounded.Rounded(value);

    /// <summary>State for each element.</summary>
    protected Bounded[] State(double start = 0)
    {
        var state = new Bounded[Count];
        Array.Fill(state, start == 0 ? default : R(start));
        return state;
    }
}

/// <summary>A rule that computes each element independently.</summary>
internal abstract class ElementReference(IReadOnlyDictionary<string, double> hyperparameters, double[] initial) : Reference(hyperparameters, initial)
{
    protected sealed override void Update(Bounded[] g)
    {
        BeginStep();
        for (int i = 0; i < Count; i++)
        {
            Parameters[i] = Update(i, Parameters[i], g[i]);
        }
    }

    /// <summary>What is computed once a step.</summary>
    protected virtual void BeginStep()
    {
    }

    /// <returns>The new θ of element <paramref name="i"/>.</returns>
    protected abstract Bounded Update(int i, Bounded p, Bounded g);
}
