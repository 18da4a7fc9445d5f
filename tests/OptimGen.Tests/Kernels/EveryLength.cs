namespace OptimGen.Tests.Kernels;

/// <summary>
/// An optimizer over parameters of every length from 1 to 257. Wrapped, each is a run of its own in unaligned memory between canaries, so one step
/// calls the kernel with every length; in the arena all of them are one run. Element i has the same data whatever the length.
/// </summary>
internal sealed class EveryLength
{
    /// <summary>More than two iterations of the widest unrolled loop (4 vectors of 16), and a tail of one element.</summary>
    public const int Longest = 257;

    private readonly GuardedMemory? values;
    private readonly GuardedMemory? gradients;

    private EveryLength(string rule, InstructionSet set, bool wrapped)
    {
        Rule = rule;
        Set = set;
        var parameters = new ParameterSet();
        if (wrapped)
        {
            values = new GuardedMemory(40_000);
            gradients = new GuardedMemory(40_000);
            // Values and gradients are aligned differently.
            gradients.Take(5);
        }

        for (int length = 1; length <= Longest; length++)
        {
            _ = wrapped
                ? parameters.Wrap($"length {length}", values!.Take(length), gradients!.Take(length))
                : parameters.Add($"length {length}", length);
        }

        Optimizer = RuleCases.Create(rule, parameters, set);
    }

    public string Rule { get; }

    public InstructionSet Set { get; }

    public Optimizer<float> Optimizer { get; }

    public static EveryLength Wrapped(string rule, InstructionSet set) => new(rule, set, wrapped: true);

    public static EveryLength InArena(string rule, InstructionSet set) => new(rule, set, wrapped: false);

    public void SetValues(ReadOnlySpan<float> data)
    {
        foreach (Parameter<float> parameter in Optimizer.Parameters)
        {
            data[..parameter.Length].CopyTo(parameter.Values);
        }
    }

    public void SetState(string name, ReadOnlySpan<float> data)
    {
        foreach (Parameter<float> parameter in Optimizer.Parameters)
        {
            data[..parameter.Length].CopyTo(Optimizer.GetState(parameter, name));
        }
    }

    public void Step(ReadOnlySpan<float> gradient)
    {
        foreach (Parameter<float> parameter in Optimizer.Parameters)
        {
            gradient[..parameter.Length].CopyTo(parameter.Gradients);
        }

        Optimizer.Step();
        string where = $"{Rule}, {Set}, step {Optimizer.StepCount}";
        values?.AssertIntact(where + ", values");
        gradients?.AssertIntact(where + ", gradients");
        foreach (Parameter<float> parameter in Optimizer.Parameters)
        {
            Assert.True(Bits.AreEqual(parameter.Gradients, gradient[..parameter.Length]), $"{where}, {parameter.Name}: the gradient was changed");
        }
    }

    /// <summary>The parameter and every state, by name.</summary>
    public IEnumerable<(string Stream, Func<Parameter<float>, ReadOnlyMemory<float>> Read)> Streams()
    {
        yield return ("parameter", parameter => parameter.Values.ToArray());
        foreach (StateDefinition state in Optimizer.Definition.States)
        {
            yield return (state.Name, parameter => Optimizer.GetState(parameter, state.Name).ToArray());
        }
    }
}
