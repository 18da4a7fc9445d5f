namespace OptimGen.Tests.Kernels;

/// <summary>A copy of everything that a step can change.</summary>
internal sealed class Snapshot
{
    private readonly Optimizer<float> optimizer;
    private readonly long stepCount;
    private readonly List<(string Where, float[] Values)> streams;

    private Snapshot(Optimizer<float> optimizer)
    {
        this.optimizer = optimizer;
        stepCount = optimizer.StepCount;
        streams = [.. Read(optimizer)];
    }

    public static Snapshot Of(Optimizer<float> optimizer) => new(optimizer);

    public void AssertUnchanged(string what) => AssertSame(optimizer, what);

    /// <summary>Another optimizer over parameters of the same layout is in the same state, to the bit.</summary>
    public void AssertSame(Optimizer<float> other, string what)
    {
        Assert.Equal(stepCount, other.StepCount);
        foreach (((string where, float[] want), (_, float[] got)) in streams.Zip(Read(other)))
        {
            Bits.AssertEqual(got, want, $"{what}, {where}");
        }
    }

    private static IEnumerable<(string Where, float[] Values)> Read(Optimizer<float> optimizer)
    {
        foreach (Parameter<float> parameter in optimizer.Parameters)
        {
            yield return (parameter.Name, parameter.Values.ToArray());
            yield return (parameter.Name + ", gradient", parameter.Gradients.ToArray());
            foreach (StateDefinition state in optimizer.Definition.States)
            {
                yield return ($"{parameter.Name}, {state.Name}", optimizer.GetState(parameter, state.Name).ToArray());
            }
        }
    }
}
