using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>The state of a rule for each element, and the ways in which a rule reads it.</summary>
public sealed partial class StateTests
{
    [Optimizer]
    private sealed partial class Initial
    {
        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [State(InitialValue = 2.5)] ref float scale, [State] ref float zero, [State(InitialValue = 0.1)] ref float tenth,
            [State(CopyOfParameter = true)] ref float start)
        {
            scale *= 2;
            zero += gradient;
            tenth += 0;
            return parameter - scale * gradient + start;
        }
    }

    [Fact]
    public void States_StartAtTheirInitialValue_OrAsACopyOfTheParameter()
    {
        Agrees(p => new Initial(p));
        var optimizer = new Initial(SetOf(1, -2));
        Assert.Equal([2.5f, 2.5f], optimizer.StateOf("scale"));
        // The copy is taken at the first step, so that the values may be set after the optimizer is made.
        optimizer.Parameters["w"].Values[0] = 3;
        Assert.Equal([3 - 5 + 3, -2 - 10 - 2], optimizer.StepOn(1, 2));
        Assert.Equal([3, -2], optimizer.StateOf("start"));
        Assert.Equal([0.1f, 0.1f], optimizer.StateOf("tenth"));
        Assert.Equal([1 - 10 + 3, -14 - 10 - 2], optimizer.StepOn(1, 1));
        Assert.Equal([2, 3], optimizer.StateOf("zero"));
        Assert.Equal([new("scale", 2.5), new("zero"), new("tenth", 0.1), new("start", CopiesParameter: true)], optimizer.Definition.States);
    }

    [Optimizer]
    private sealed partial class UnusualInitial
    {
        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [State(InitialValue = double.PositiveInfinity)] ref float smallest,
            [State(InitialValue = double.NegativeInfinity)] ref float largest, [State(InitialValue = -0.0)] ref float zero)
        {
            smallest = MathF.Min(smallest, gradient);
            largest = MathF.Max(largest, gradient);
            return parameter - (largest - smallest) + zero;
        }
    }

    [Fact]
    public void AnInitialValue_MayBeInfinite_OrANegativeZero()
    {
        Agrees(p => new UnusualInitial(p));
        var optimizer = new UnusualInitial(SetOf(1, 2));
        Assert.Equal([float.PositiveInfinity, float.PositiveInfinity], optimizer.StateOf("smallest"));
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity], optimizer.StateOf("largest"));
        Assert.All(optimizer.StateOf("zero"), zero => Assert.True(zero == 0 && float.IsNegative(zero)));
        Assert.Equal([1, 2], optimizer.StepOn(3, 4));
        Assert.Equal([1 - 2, 2 - 1], optimizer.StepOn(1, 5));
    }

    [Optimizer]
    private sealed partial class Views
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float sum, [Previous("sum")] float before, [Previous("later")] float seen, [State] ref float later)
        {
            sum += gradient;
            later = sum * 10;
            before += 100;
            return before + seen + 0 * parameter;
        }
    }

    [Fact]
    public void Previous_IsTheStateBeforeTheStep()
    {
        Agrees(p => new Views(p));
        var optimizer = new Views(SetOf(0));
        Assert.Equal([100], optimizer.StepOn(1));
        Assert.Equal([100 + 1 + 10], optimizer.StepOn(2));
        Assert.Equal([100 + 3 + 30], optimizer.StepOn(5));
    }

    [Optimizer]
    private sealed partial class Unused
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float never, [State(InitialValue = 3)] ref float read, [State] ref float written)
        {
            written = gradient;
            return parameter - read;
        }
    }

    [Fact]
    public void States_NeedNotBeReadOrWritten()
    {
        Agrees(p => new Unused(p));
        var optimizer = new Unused(SetOf(0));
        Assert.Equal([-3], optimizer.StepOn(7));
        Assert.Equal([0, 3, 7], new[] { "never", "read", "written" }.Select(name => optimizer.StateOf(name)[0]));
    }

    [Optimizer]
    private sealed partial class InDouble
    {
        [UpdateRule]
        private static double Update(double parameter, double gradient, [State(InitialValue = 0.1)] ref double average, [Previous("average")] double before)
        {
            average = 0.9 * average + 0.1 * gradient;
            return parameter - 0.01 * (average - before);
        }
    }

    [Fact]
    public void States_InDouble()
    {
        Agrees(p => new InDouble(p));
        var parameters = new ParameterSet<double>();
        Parameter<double> w = parameters.Add("w", 1);
        w.Gradients[0] = 1;
        var optimizer = new InDouble(parameters);
        optimizer.Step();
        double average = (0.9 * 0.1) + (0.1 * 1);
        Assert.Equal(average, optimizer.GetState(w, "average")[0]);
        Assert.Equal(0 - (0.01 * (average - 0.1)), w.Values[0]);
    }

    [Optimizer]
    private sealed partial class ManyStates
    {
        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [State] ref float a, [State] ref float b, [State] ref float c, [State] ref float d, [State] ref float e, [State] ref float f,
            [State] ref float g, [State] ref float h)
        {
            h = g;
            g = f;
            f = e;
            e = d;
            d = c;
            c = b;
            b = a;
            a = gradient;
            return h;
        }
    }

    [Fact]
    public void ManyStates_MakeADelayLine()
    {
        Agrees(p => new ManyStates(p));
        var optimizer = new ManyStates(SetOf(0));
        for (int step = 1; step <= 20; step++)
        {
            Assert.Equal([Math.Max(step - 7, 0)], optimizer.StepOn(step));
        }
    }
}
