using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>Reductions over a tensor or over everything: their values, and that the bits depend on the elements alone.</summary>
public sealed partial class ReductionTests
{
    [Optimizer]
    private sealed partial class OfTheClipped
    {
        [Reduce(Reduction.Sum)]
        private static float Total(float gradient) => gradient;

        [Reduce(Reduction.MaxAbs, ReductionScope.Global)]
        private static float OfDirection(float direction) => direction;

        [UpdateRule]
        private static float Update(
            float parameter, [ClipByValue(1.5)] float gradient, [HeavyBall(0.5)] float direction, float total, float ofDirection) =>
            parameter - total + 0 * gradient * direction - 100 * ofDirection;
    }

    [Fact]
    public void AReduction_SeesTheGradientAndWhatStagesComputeOfIt()
    {
        Agrees(p => new OfTheClipped(p));
        var optimizer = new OfTheClipped(SetOf(0, 0, 0));
        // 1.5, 1 and −1.5 are left of the gradients; the buffer is they themselves, and then 1.5 times them.
        Assert.Equal([-151, -151, -151], optimizer.StepOn(7, 1, -100));
        Assert.Equal([-377, -377, -377], optimizer.StepOn(7, 1, -100));
    }

    [Optimizer]
    private sealed partial class EveryReduction
    {
        [Hyperparameter] public float Scale { get; set; } = 0.5f;

        [Reduce(Reduction.Sum)]
        private static float Sum(float parameter, float gradient, float scale) => parameter + scale * gradient;

        [Reduce(Reduction.SumOfSquares)]
        private static float Squares(float gradient) => gradient;

        [Reduce(Reduction.Norm)]
        private static float Norm(float gradient, float memory)
        {
            float x = gradient;
            if (memory > 0)
            {
                x += memory;
            }

            return x;
        }

        [Reduce(Reduction.MaxAbs)]
        private static float Largest(float gradient) => gradient > 0 ? gradient * 2 : gradient;

        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [State] ref float memory, [State] ref float sumSeen, [State] ref float squaresSeen, [State] ref float normSeen,
            [State] ref float largestSeen, float sum, float squares, float norm, float largest)
        {
            memory = gradient;
            sumSeen = sum;
            squaresSeen = squares;
            normSeen = norm;
            largestSeen = largest;
            return parameter - 0.01f * gradient;
        }
    }

    [Optimizer]
    private sealed partial class EveryReductionOfAll
    {
        [Reduce(Reduction.Sum, ReductionScope.Global)]
        private static float Sum(float gradient) => gradient;

        [Reduce(Reduction.SumOfSquares, ReductionScope.Global)]
        private static float Squares(float gradient) => gradient;

        [Reduce(Reduction.Norm, ReductionScope.Global)]
        private static float Norm(float parameter) => parameter;

        [Reduce(Reduction.MaxAbs, ReductionScope.Global)]
        private static float Largest(float gradient) => gradient;

        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [State] ref float sumSeen, [State] ref float squaresSeen, [State] ref float normSeen, [State] ref float largestSeen,
            float sum, float squares, float norm, float largest)
        {
            sumSeen = sum;
            squaresSeen = squares;
            normSeen = norm;
            largestSeen = largest;
            return parameter - 0.01f * gradient;
        }
    }

    public static TheoryData<int> Lengths => [.. Enumerable.Range(1, 100), .. Enumerable.Range(0, 20).Select(i => 101 + 10 * i), .. Enumerable.Range(16383, 18), 40000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Reductions_OfATensor_AreThoseInDouble_AndTheSameBitsHoweverItLies(int length)
    {
        float[] parameter = Numbers(length, 1), first = Numbers(length, 2), second = Numbers(length, 3);
        float[]? bits = null;
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            foreach (ParameterSet parameters in Layouts(length))
            {
                parameter.CopyTo(parameters["w"].Values);
                var optimizer = new EveryReduction(parameters) { InstructionSet = set };
                optimizer.StepOn(first);
                float[] before = parameters["w"].Values.ToArray();
                optimizer.StepOn(second);

                float[] actual = [.. new[] { "sumSeen", "squaresSeen", "normSeen", "largestSeen" }.Select(name => optimizer.StateOf(name)[length / 2])];
                Close(before.Zip(second, (p, g) => (double)(p + (0.5f * g))), Math.Abs, Enumerable.Sum, actual[0]);
                Close(second.Select(g => (double)g * g), x => x, Enumerable.Sum, actual[1]);
                Assert.Equal(Math.Sqrt(first.Zip(second, (m, g) => (double)(m > 0 ? g + m : g)).Sum(x => x * x)), actual[2], 1e-6 * (actual[2] + 1));
                Assert.Equal(second.Max(g => g > 0 ? g * 2 : -g), actual[3]);

                bits ??= actual;
                Assert.Equal(bits, actual);
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 16, 40)]
    [InlineData(16384, 3, 20000)]
    public void Reductions_OfEverything_CombineTheTensorsInTheOrderOfTheSet(int a, int b, int c)
    {
        float[]? bits = null;
        float[][] gradients = [Numbers(a, 4), Numbers(b, 5), Numbers(c, 6)];
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            foreach (bool wrapped in new[] { false, true })
            {
                var parameters = new ParameterSet();
                int[] lengths = [a, b, c];
                ParameterGroup<float> group = parameters.AddGroup("other");
                for (int i = 0; i < 3; i++)
                {
                    Parameter<float> tensor = wrapped ? parameters.Wrap($"t{i}", new float[lengths[i] + 1].AsMemory(1), new float[lengths[i]])
                        : i == 1 ? group.Add($"t{i}", lengths[i]) : parameters.Add($"t{i}", lengths[i]);
                    Numbers(lengths[i], 7 + i).CopyTo(tensor.Values);
                    gradients[i].CopyTo(tensor.Gradients);
                }

                float[] before = [.. parameters.SelectMany(tensor => tensor.Values.ToArray())], all = [.. gradients.SelectMany(one => one)];
                var optimizer = new EveryReductionOfAll(parameters) { InstructionSet = set };
                optimizer.Step();

                float[] actual = [.. new[] { "sumSeen", "squaresSeen", "normSeen", "largestSeen" }.Select(name => optimizer.GetState(parameters[2], name)[0])];
                foreach (Parameter<float> tensor in parameters)
                {
                    Assert.Equal(actual[0], optimizer.GetState(tensor, "sumSeen")[tensor.Length - 1]);
                }

                Close(all.Select(g => (double)g), Math.Abs, Enumerable.Sum, actual[0]);
                Close(all.Select(g => (double)g * g), x => x, Enumerable.Sum, actual[1]);
                Assert.Equal(Math.Sqrt(before.Sum(p => (double)p * p)), actual[2], 1e-6 * actual[2]);
                Assert.Equal(all.Max(MathF.Abs), actual[3]);
                bits ??= actual;
                Assert.Equal(bits, actual);
            }
        }
    }

    /// <summary>In double 1 + 10¹⁶ − 10¹⁶ is 0, and 10¹⁶ − 10¹⁶ + 1 is 1: so the sum shows the order.</summary>
    [Theory]
    [InlineData(1f, 1e16f, -1e16f, 0f)]
    [InlineData(1e16f, -1e16f, 1f, 1f)]
    [InlineData(-1e16f, 1f, 1e16f, 0f)]
    public void ASum_AddsTheTensorsAndTheirPiecesFromTheFirstToTheLast(float first, float second, float third, float expected)
    {
        float[] gradients = [first, second, third];
        const int Piece = 16384;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            var tensors = new ParameterSet();
            ParameterGroup<float> group = tensors.AddGroup("other");
            Parameter<float>[] three = [tensors.Add("a", Piece), group.Add("b", Piece), tensors.Wrap("c", new float[Piece], new float[Piece])];
            var pieces = new ParameterSet();
            Parameter<float> one = pieces.Add("w", 3 * Piece);
            for (int i = 0; i < 3; i++)
            {
                three[i].Gradients[0] = one.Gradients[i * Piece] = gradients[i];
            }

            foreach (ParameterSet parameters in new[] { tensors, pieces })
            {
                var optimizer = new EveryReductionOfAll(parameters) { MaxDegreeOfParallelism = threads };
                optimizer.Step();
                Assert.Equal(expected, optimizer.GetState(parameters[0], "sumSeen")[0]);
            }
        }
    }

    [Fact]
    public void TheRulesThemselves_AgreeWithTheirMethods()
    {
        Agrees(p => new EveryReduction(p));
        Agrees(p => new EveryReductionOfAll(p));
        Agrees(p => new TrustRatio(p));
        Agrees(p => new ClippedByNorm(p));
        Agrees(p => new InDouble(p));
    }

    [Fact]
    public void Padding_IsNotCounted()
    {
        var parameters = new ParameterSet();
        Parameter<float> w = parameters.Add("w", 3), v = parameters.Add("v", 3);
        w.Gradients.Fill(1);
        v.Gradients.Fill(1);
        var optimizer = new CountsElements(parameters);
        optimizer.Step();
        Assert.Equal(6, w.Values[0]);
    }

    [Optimizer]
    private sealed partial class CountsElements
    {
        [Reduce(Reduction.Sum, ReductionScope.Global)]
        private static float Ones() => 1;

        [UpdateRule]
        private static float Update(float ones) => ones;
    }

    [Optimizer]
    private sealed partial class TrustRatio
    {
        [Hyperparameter] public float LearningRate { get; set; } = 0.5f;

        [Reduce(Reduction.Norm)]
        private static float WeightNorm(float parameter) => parameter;

        [Reduce(Reduction.Norm)]
        private static float GradientNorm(float gradient) => gradient;

        [PerTensor]
        private static void Prepare(double weightNorm, double gradientNorm, double learningRate, long elementCount, out double size, out bool trusts)
        {
            trusts = weightNorm > 0 && gradientNorm > 0 && elementCount > 1;
            size = trusts ? learningRate * weightNorm / gradientNorm : learningRate;
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient, float size, bool trusts) => trusts ? parameter - size * gradient : parameter - gradient;
    }

    [Fact]
    public void ATrustRatio_IsComputedForEachTensor()
    {
        var parameters = new ParameterSet();
        Parameter<float> w = parameters.Add("w", 2), v = parameters.Add("v", 2), single = parameters.Add("single", 1);
        new float[] { 3, 4 }.CopyTo(w.Values);
        new float[] { 0, 2 }.CopyTo(w.Gradients);
        new float[] { 1, 1 }.CopyTo(v.Gradients);
        (single.Values[0], single.Gradients[0]) = (1, 5);
        var optimizer = new TrustRatio(parameters);
        optimizer.Step();
        Assert.Equal([3, 4 - 0.5f * 5 / 2 * 2], w.Values.ToArray());
        Assert.Equal([-1, -1], v.Values.ToArray());
        Assert.Equal(-4, single.Values[0]);
    }

    [Optimizer]
    private sealed partial class ClippedByNorm
    {
        [Hyperparameter] public float MaxNorm { get; set; } = 1;

        [PerStep]
        private static void Count(long step, out double early) => early = step;

        [Reduce(Reduction.Norm, ReductionScope.Global)]
        private static float GlobalNorm(float gradient) => gradient;

        [PerStep]
        private static void Prepare(double globalNorm, double maxNorm, double early, [State] ref double largest, out double factor)
        {
            largest = Math.Max(largest, globalNorm);
            factor = globalNorm > maxNorm ? early * maxNorm / globalNorm : early;
        }

        [PerStep]
        private static void Then(double factor, out double twice) => twice = 2 * factor;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float twice, float globalNorm) => parameter - twice * gradient / 2 + 0 * globalNorm;
    }

    [Fact]
    public void APerStepMethod_CanComeAfterTheReductions()
    {
        ParameterSet parameters = SetOf(0);
        ParameterGroup<float> group = parameters.AddGroup("other");
        Parameter<float> v = group.Add("v", 1);
        var optimizer = new ClippedByNorm(parameters);
        optimizer.For(group).MaxNorm = 10;
        v.Gradients[0] = 4;
        Assert.Equal([-0.6f], optimizer.StepOn(3));
        Assert.Equal(-4, v.Values[0]);
        v.Gradients[0] = 0;
        Assert.Equal([-0.6f - 2 * 0.5f], optimizer.StepOn(0.5f));
    }

    [Fact]
    public void ANormThatIsNotFinite_IsRefused()
    {
        ParameterSet parameters = SetOf(1, 2);
        var optimizer = new ClippedByNorm(parameters);
        Assert.Throws<ArithmeticException>(() => optimizer.StepOn(float.MaxValue, float.MaxValue));
        Assert.Equal([1, 2], parameters["w"].Values.ToArray());
        Assert.Equal(0, optimizer.StepCount);
    }

    [Optimizer]
    private sealed partial class InDouble
    {
        [Reduce(Reduction.Norm)]
        private static double GradientNorm(double gradient) => gradient;

        [Reduce(Reduction.MaxAbs, ReductionScope.Global)]
        private static double Largest(double gradient) => gradient;

        [Reduce(Reduction.Sum)]
        private static double Total(double parameter) => parameter;

        [UpdateRule]
        private static double Update(double parameter, double gradient, double gradientNorm, double largest, double total) =>
            gradientNorm + 1000 * largest + 1e6 * total + 0 * gradient * parameter;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(16385)]
    public void Reductions_InDouble(int length)
    {
        double? bits = null;
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            var parameters = new ParameterSet<double>();
            Parameter<double> w = parameters.Add("w", length);
            for (int i = 0; i < length; i++)
            {
                (w.Gradients[i], w.Values[i]) = (Math.Sin(i + 1), 1);
            }

            double expected = Math.Sqrt(Enumerable.Range(1, length).Sum(i => Math.Sin(i) * Math.Sin(i)))
                + (1000 * Enumerable.Range(1, length).Max(i => Math.Abs(Math.Sin(i)))) + (1e6 * length);
            var optimizer = new InDouble(parameters) { InstructionSet = set };
            optimizer.Step();
            Assert.Equal(expected, w.Values[0], 1e-12 * expected);
            bits ??= w.Values[0];
            Assert.Equal(bits, w.Values[length - 1]);
        }
    }

    [Optimizer]
    private sealed partial class WithNaN
    {
        [Reduce(Reduction.MaxAbs)]
        private static float Largest(float gradient) => gradient;

        [PerTensor]
        private static void Prepare(double largest, out double seen) => seen = double.IsNaN(largest) ? -1 : 1;

        [UpdateRule]
        private static float Update(float seen) => seen;
    }

    [Fact]
    public void TheLargest_IsNaN_IfOneElementIs()
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            for (int position = 0; position < 37; position++)
            {
                var optimizer = new WithNaN(SetOf(new float[37])) { InstructionSet = set, NonFiniteGradients = NonFiniteGradientPolicy.Allow };
                float[] gradient = new float[37];
                gradient[position] = float.NaN;
                Assert.Equal(-1, optimizer.StepOn(gradient)[0]);
            }
        }
    }

    [Optimizer]
    private sealed partial class WithInlined
    {
        private static readonly float Two = 2;

        private static float Twice(float x)
        {
            if (x > 0)
                return Two * x;
            return x * Two;
        }

        [Reduce(Reduction.Sum)]
        private static float Doubled(float gradient, float step) => true ? Twice(gradient) * step : 0;

        [UpdateRule]
        private static float Update(float doubled) => doubled;
    }

    [Fact]
    public void Reductions_CanCallMethods()
    {
        Agrees(p => new WithInlined(p));
        var optimizer = new WithInlined(SetOf(0, 0));
        Assert.Equal([6, 6], optimizer.StepOn(1, 2));
        Assert.Equal([-12, -12], optimizer.StepOn(1, -4));
    }

    /// <summary>One tensor <c>w</c>: alone in the arena, in the arena after others, in its own block, wrapped, and wrapped in unaligned memory.</summary>
    private static IEnumerable<ParameterSet> Layouts(int length)
    {
        var alone = new ParameterSet();
        alone.Add("w", length);
        yield return alone;

        var after = new ParameterSet(length + 200);
        after.Add("before", 5);
        after.AddGroup("other").Add("between", 17);
        after.Add("w", length);
        after.Add("behind", 3);
        yield return after;

        var wrapped = new ParameterSet();
        wrapped.Wrap("w", new float[length], new float[length]);
        yield return wrapped;

        var unaligned = new ParameterSet();
        unaligned.Wrap("w", new float[length + 3].AsMemory(3), new float[length + 5].AsMemory(5));
        yield return unaligned;
    }

    private static float[] Numbers(int length, int seed)
    {
        float[] values = new float[length];
        new RuleInputs<float>(seed).Fill(values, InputRange.Plain);
        return values;
    }

    /// <summary>Equal but for the rounding of the sums, relative to what is summed.</summary>
    private static void Close(IEnumerable<double> terms, Func<double, double> magnitude, Func<IEnumerable<double>, double> sum, float actual)
    {
        double[] all = [.. terms];
        Assert.Equal(sum(all), actual, (1e-13 * all.Sum(magnitude)) + (1e-7 * Math.Abs(actual)));
    }
}
