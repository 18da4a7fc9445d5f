using System.Collections.Concurrent;

namespace OptimGen.Tests.Kernels;

/// <summary>Every kernel, every length, every element, parameter and state, against the reference in double precision.</summary>
public class ElementTests
{
    private const int Steps = 6;
    private static readonly ConcurrentDictionary<string, Lazy<Dictionary<string, Bounded[]>[]>> Trajectories = new();

    public static TheoryData<string, InstructionSet> OnEverySet => RuleCases.OnEverySet;

    public static TheoryData<string> All => RuleCases.All;

    [Theory, MemberData(nameof(OnEverySet))]
    public void Wrapped_EveryElementIsWithinTheErrorOfSinglePrecision(string rule, InstructionSet set) =>
        AssertFollowsReference(EveryLength.Wrapped(rule, set));

    [Theory, MemberData(nameof(OnEverySet))]
    public void Arena_EveryElementIsWithinTheErrorOfSinglePrecision(string rule, InstructionSet set) =>
        AssertFollowsReference(EveryLength.InArena(rule, set));

    [Theory, MemberData(nameof(All))]
    public void Reference_HasNarrowBounds(string rule)
    {
        foreach (Dictionary<string, Bounded[]> streams in TrajectoryOf(rule))
        {
            foreach ((string stream, Bounded[] elements) in streams)
            {
                Assert.All(elements, element => Assert.True(double.IsFinite(element.Value) && double.IsFinite(element.Tolerance)));
                // A centered second moment is the difference of nearly equal numbers, so its bound is wide. Other bounds are narrow for almost all
                // elements.
                (double width, double share) = RuleCases.OptionsOf(rule).Centered ? (1e-4, 0.25) : (1e-5, 0.75);
                int narrow = elements.Count(element => element.Tolerance <= width * Math.Max(1, Math.Abs(element.Value)));
                Assert.True(narrow >= share * elements.Length, $"{rule}, {stream}: the bound says something of only {narrow} of {elements.Length} elements");
            }
        }
    }

    [Theory, MemberData(nameof(All))]
    public void States_AreThoseOfTheStages(string rule)
    {
        EveryLength lengths = EveryLength.InArena(rule, InstructionSet.Scalar);
        Assert.Equal(
            TrajectoryOf(rule)[0].Keys.Where(name => name != "parameter").Order(),
            lengths.Optimizer.Definition.States.Select(state => state.Name).Order());
    }

    private static void AssertFollowsReference(EveryLength lengths)
    {
        lengths.SetValues(Data.Values(EveryLength.Longest));
        Dictionary<string, Bounded[]>[] trajectory = TrajectoryOf(lengths.Rule);
        for (int step = 1; step <= Steps; step++)
        {
            lengths.Step(Data.Gradient(EveryLength.Longest, step));
            foreach ((string stream, Func<Parameter<float>, ReadOnlyMemory<float>> read) in lengths.Streams())
            {
                Bounded[] want = trajectory[step - 1][stream];
                foreach (Parameter<float> parameter in lengths.Optimizer.Parameters)
                {
                    ReadOnlySpan<float> got = read(parameter).Span;
                    for (int i = 0; i < got.Length; i++)
                    {
                        if (!(Math.Abs(got[i] - want[i].Value) <= want[i].Tolerance))
                        {
                            Assert.Fail(FormattableString.Invariant(
                                $"{lengths.Rule}, {lengths.Set}, step {step}, {stream}, length {got.Length}, element {i}: got {got[i]:R}, want {want[i].Value:R} ± {want[i].Tolerance:g2}"));
                        }
                    }
                }
            }
        }
    }

    /// <summary>For each step and each stream: its elements after the step.</summary>
    private static Dictionary<string, Bounded[]>[] TrajectoryOf(string rule) =>
        Trajectories.GetOrAdd(rule, name => new Lazy<Dictionary<string, Bounded[]>[]>(() => Follow(RuleCases.OptionsOf(name)))).Value;

    private static Dictionary<string, Bounded[]>[] Follow(StageOptions options)
    {
        StageReference[] elements = [.. Data.Values(EveryLength.Longest).Select(value => new StageReference(options, value))];
        var trajectory = new Dictionary<string, Bounded[]>[Steps];
        for (int step = 1; step <= Steps; step++)
        {
            float[] gradient = Data.Gradient(EveryLength.Longest, step);
            for (int i = 0; i < elements.Length; i++)
            {
                elements[i].Step(gradient[i]);
            }

            trajectory[step - 1] = elements[0].States.Keys.ToDictionary(name => name, name => elements.Select(element => element.States[name]).ToArray());
            trajectory[step - 1].Add("parameter", [.. elements.Select(element => element.Parameter)]);
        }

        return trajectory;
    }
}
