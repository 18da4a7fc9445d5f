using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>Special gradients: zero, the smallest, the largest, infinities and NaN.</summary>
public class SpecialValueTests
{
    private const int Length = 19;

    public static TheoryData<string, InstructionSet> OnEverySet => CatalogueEntries.OnEverySet;

    [Theory, MemberData(nameof(OnEverySet))]
    public void NoGradient_KeepsTheParameter(string name, InstructionSet set)
    {
        Optimizer<float> optimizer = Create(name, set);
        Parameter<float> parameter = optimizer.Parameters[0];
        float[] before = parameter.Values.ToArray();
        Step(name, optimizer, 30, 0);
        Assert.All(parameter.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
        if (CatalogueEntries.Of(name).RestsWithoutGradient)
        {
            Assert.Equal(before, parameter.Values.ToArray());
        }
    }

    /// <summary>The smallest float, subnormal numbers, and those whose square underflows or is nearly the largest.</summary>
    [Theory, MemberData(nameof(OnEverySet))]
    public void SmallAndLargeGradients_KeepTheParameterFinite(string name, InstructionSet set)
    {
        foreach (float gradient in new[] { float.Epsilon, -1e-40f, 1e-30f, -1e-20f, 1e-10f, 1e10f, -1e15f })
        {
            Optimizer<float> optimizer = Create(name, set);
            Step(name, optimizer, 30, gradient);
            AssertFinite(optimizer, $"{name}, {set}, gradient {gradient}");
        }
    }

    [Theory, MemberData(nameof(OnEverySet))]
    public void SquareThatOverflows_KeepsTheParameterFinite(string name, InstructionSet set)
    {
        if (!CatalogueEntries.Of(name).SurvivesOverflow)
        {
            return;
        }

        foreach (float gradient in new[] { 1e25f, -1e30f })
        {
            Optimizer<float> optimizer = Create(name, set);
            Step(name, optimizer, 3, gradient);
            Step(name, optimizer, 30, 0.5f);
            AssertFinite(optimizer, $"{name}, {set}, gradient {gradient}");
        }
    }

    [Theory, MemberData(nameof(OnEverySet))]
    public void GradientThatIsNoNumber_IsRefusedAndNothingChanges(string name, InstructionSet set)
    {
        Optimizer<float> optimizer = Create(name, set), other = Create(name, set);
        Step(name, optimizer, 3, 0.5f);
        Step(name, other, 3, 0.5f);
        foreach (float gradient in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            optimizer.Parameters[0].Gradients[Length - 1] = gradient;
            Snapshot before = Snapshot.Of(optimizer);
            var refusal = Assert.Throws<NonFiniteGradientException>(() => CatalogueEntries.Of(name).Step(optimizer));
            Assert.Equal(Length - 1, refusal.Element);
            before.AssertUnchanged($"{name}, {set}, {gradient}");
        }

        // Scalar states are unchanged too: the next step equals that of an optimizer that has refused no step.
        Step(name, optimizer, 2, -0.25f);
        Step(name, other, 2, -0.25f);
        Snapshot.Of(other).AssertSame(optimizer, $"{name}, {set}");
    }

    private static Optimizer<float> Create(string name, InstructionSet set)
    {
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("p", Length);
        for (int i = 0; i < Length; i++)
        {
            parameter.Values[i] = i - 9.5f;
        }

        return CatalogueEntries.Of(name).CreateOn(parameters, set);
    }

    private static void Step(string name, Optimizer<float> optimizer, int steps, float gradient)
    {
        optimizer.Parameters[0].Gradients.Fill(gradient);
        for (int i = 0; i < steps; i++)
        {
            CatalogueEntries.Of(name).Step(optimizer);
        }
    }

    private static void AssertFinite(Optimizer<float> optimizer, string what) =>
        Assert.All(optimizer.Parameters[0].Values.ToArray(), value => Assert.True(float.IsFinite(value), $"{what}: {value}"));
}
