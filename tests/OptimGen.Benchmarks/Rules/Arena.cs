using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen.Benchmarks.Rules;

/// <summary>
/// The streams of a rule, as OptimGen lays them out. Every contestant works on these, so that none has better addresses or other pages.
/// </summary>
internal sealed unsafe class Arena
{
    private const int Seed = 1;
    private readonly Parameter<float> parameter;

    public Arena(Rule rule, int length)
    {
        Rule = rule;
        Length = length;
        var parameters = new ParameterSet(length);
        parameter = parameters.Add("parameter", length);
        Optimizer = rule.Create(parameters);
        Parameter = Pointer(parameter.Values);
        Gradient = Pointer(parameter.Gradients);
        StateCount = Optimizer.Definition.States.Count;
        First = Pointer(Optimizer.GetState(parameter, Optimizer.Definition.States[0].Name));
        Second = StateCount > 1 ? Pointer(Optimizer.GetState(parameter, Optimizer.Definition.States[1].Name)) : null;
        FillGradients();
        Restart();
    }

    public Rule Rule { get; }

    public int Length { get; }

    public Optimizer<float> Optimizer { get; }

    /// <summary>One or two.</summary>
    public int StateCount { get; }

    public float* Parameter { get; }

    public float* Gradient { get; }

    public float* First { get; }

    /// <summary>The second state, or null.</summary>
    public float* Second { get; }

    public Span<float> Values => parameter.Values;

    public Span<float> Gradients => parameter.Gradients;

    public Span<float> State(int index) => new(index == 0 ? First : Second, index < StateCount ? Length : 0);

    /// <summary>Parameters that a few steps do not take to 0, where the same update would differ by more than rounding; and no state.</summary>
    public void Restart()
    {
        Fill(parameter.Values, 1, Seed);
        for (int i = 0; i < StateCount; i++)
        {
            State(i).Clear();
        }
    }

    public void FillGradients() => Fill(parameter.Gradients, 0.1f, Seed + 1);

    /// <summary>The scalars of the steps of one contestant, from the first on.</summary>
    public ScalarSequence Scalars() => new(Optimizer, Rule.Corrected);

    /// <summary>Every stream that a step stores to, for comparing.</summary>
    public float[][] Copy() => [Values.ToArray(), .. Enumerable.Range(0, StateCount).Select(index => State(index).ToArray())];

    // No gradient near 0: what follows from it would be subnormal, which takes longer. Magnitudes from least to least + 1.
    private static void Fill(Span<float> values, float least, int seed)
    {
        var random = new Random(seed);
        foreach (ref float value in values)
        {
            int bits = random.Next();
            float magnitude = least + ((bits >> 1) * (1f / (1 << 30)));
            value = (bits & 1) == 0 ? magnitude : -magnitude;
        }
    }

    // The arena is pinned for as long as it lives.
    private static float* Pointer(Span<float> stream) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(stream));
}
