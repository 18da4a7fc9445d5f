using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.RowGranularity;

/// <summary>Rules with states of rows against the same rules by hand, to the bit.</summary>
public class RowStateTests
{
    private const int Rows = 3, Steps = 4;

    private static readonly int[] Widths = [.. Enumerable.Range(1, 70), 257];

    public static TheoryData<InstructionSet> Sets => new(InstructionSets.Supported);

    [Theory, MemberData(nameof(Sets))]
    public void EveryWidth_HasTheBitsOfTheRuleByHand(InstructionSet set)
    {
        foreach (int width in Widths)
        {
            (RowwiseAdam optimizer, Parameter<float> table) = Make(new ParameterSet(), Rows, width);
            optimizer.InstructionSet = set;
            float[] parameters = table.Values.ToArray(), first = new float[table.Length], second = new float[Rows];
            for (int step = 1; step <= Steps; step++)
            {
                Data.Gradient(table.Length, step).CopyTo(table.Gradients);
                optimizer.Step();
                RowReferences.Adam(parameters, table.Gradients.ToArray(), first, second, step);
            }

            Bits.AssertEqual(optimizer.States.SecondMoment(table), second, $"{set}, width {width}, second moment");
            Bits.AssertEqual(optimizer.States.FirstMoment(table), first, $"{set}, width {width}, first moment");
            Bits.AssertEqual(table.Values, parameters, $"{set}, width {width}, parameters");
        }
    }

    /// <summary>Two means of which one depends on the other, a flag, the state before the step, a reduction over the tensor and a stage, in double.</summary>
    [Theory, MemberData(nameof(Sets))]
    public void SeveralStatesOfRows_HaveTheBitsOfTheRuleByHand(InstructionSet set)
    {
        foreach (int width in new[] { 1, 2, 7, 8, 15, 16, 17, 33, 70, 257 })
        {
            var parameters = new ParameterSet<double>();
            Parameter<double> table = parameters.Add("table", Rows, width);
            double[] want = [.. Data.Values(table.Length).Select(value => (double)value)], largest = new double[Rows], square = [0.5, 0.5, 0.5], moment = new double[table.Length];
            want.CopyTo(table.Values);
            var optimizer = new TwoMeans(parameters) { InstructionSet = set };
            for (int step = 1; step <= 5; step++)
            {
                double[] gradients = [.. Data.Gradient(table.Length, step).Select(value => value / 3.0)];
                gradients.CopyTo(table.Gradients);
                optimizer.Step();
                RowReferences.TwoMeans(want, gradients, largest, square, moment, step);
                Assert.Equal(square, optimizer.States.Square(table).ToArray());
                Assert.Equal(largest, optimizer.States.Largest(table).ToArray());
                Assert.Equal(moment, optimizer.States.Moment(table).ToArray());
                Assert.Equal(want, table.Values.ToArray());
            }
        }
    }

    /// <summary>The shipped rule, at its defaults and at others, over the shapes of an embedding, a matrix of matrices and a vector.</summary>
    [Fact]
    public void RowwiseAdagrad_IsFbgemms()
    {
        foreach (int[] shape in new int[][] { [5, 32], [4, 3, 5], [7] })
        {
            var parameters = new ParameterSet();
            Parameter<float> table = parameters.Add("table", shape);
            Data.Values(table.Length).CopyTo(table.Values);
            float[] want = table.Values.ToArray(), sums = new float[shape[0]];
            var optimizer = new RowwiseAdagrad(parameters);
            for (int step = 1; step <= 6; step++)
            {
                if (step == 4)
                {
                    (optimizer.LearningRate, optimizer.Epsilon) = (0.5f, 1e-3f);
                }

                Data.Gradient(table.Length, step).CopyTo(table.Gradients);
                optimizer.Step();
                RowReferences.Adagrad(want, table.Gradients.ToArray(), sums, optimizer.LearningRate, optimizer.Epsilon);
            }

            Bits.AssertEqual(optimizer.States.SquareSum(table), sums, "sums");
            Bits.AssertEqual(table.Values, want, "parameters");

            // Against the published formula in double, S ← S + (1/n)Σg².
            double exact = 0;
            int width = table.Length / shape[0];
            for (int step = 1; step <= 6; step++)
            {
                exact += Data.Gradient(table.Length, step).Take(width).Average(gradient => (double)gradient * gradient);
            }

            Assert.Equal(exact, sums[0], exact * 6 * Math.ScaleB(1, -23));
        }
    }

    /// <summary>In a row of one element the mean is the element's value, a zero of either sign included.</summary>
    [Fact]
    public void RowsOfOneElement_HaveTheBitsOfAStateOfElements()
    {
        foreach (int[] shape in new int[][] { [83], [83, 1], [83, 1, 1] })
        {
            (ParameterSet rows, ParameterSet elements) = (new ParameterSet(), new ParameterSet());
            Parameter<float> ofRows = rows.Add("p", shape), ofElements = elements.Add("p", shape);
            (RowwiseAdam byRows, ElementAdam byElements) = (new RowwiseAdam(rows), new ElementAdam(elements));
            (byRows.NonFiniteGradients, byElements.NonFiniteGradients) = (NonFiniteGradientPolicy.Allow, NonFiniteGradientPolicy.Allow);
            for (int step = 1; step <= 6; step++)
            {
                float[] gradients = Data.Special(83, step);
                if (step == 3)
                {
                    // Decays to −0 where the gradient is 0.
                    byRows.SetState(ofRows, "secondMoment", [.. Enumerable.Repeat(-0f, 83)]);
                    byElements.SetState(ofElements, "secondMoment", [.. Enumerable.Repeat(-0f, 83)]);
                }

                gradients.CopyTo(ofRows.Gradients);
                gradients.CopyTo(ofElements.Gradients);
                byRows.Step();
                byElements.Step();
                Bits.AssertEqual(byRows.States.SecondMoment(ofRows), byElements.States.SecondMoment(ofElements), $"step {step}, second moment");
                Bits.AssertEqual(ofRows.Values, ofElements.Values, $"step {step}");
            }
        }
    }

    [Fact]
    public void WhatIsTheSameForARow_IsKeptAsItIs()
    {
        var parameters = new ParameterSet();
        Parameter<float> table = parameters.Add("table", 4, 7);
        var optimizer = new CountedRows(parameters);
        for (int step = 1; step <= 3; step++)
        {
            optimizer.StepRows(table, step == 2 ? [1, 3] : [3], new float[step == 2 ? 14 : 7]);
        }

        Assert.Equal([0, 1, 0, 3], optimizer.States.Count(table).ToArray());
    }

    [Fact]
    public void AnyNumberOfThreads_HasTheSameBits()
    {
        foreach (int[] shape in new int[][] { [2001, 33], [3, 40_000], [90_000], [1, 70_000] })
        {
            float[]? values = null, second = null;
            foreach (int threads in new[] { 1, 2, 3 })
            {
                var parameters = new ParameterSet();
                Parameter<float> small = parameters.Add("small", 5, 3), table = parameters.Add("table", shape);
                Data.Values(table.Length).CopyTo(table.Values);
                var optimizer = new RowwiseAdam(parameters) { MaxDegreeOfParallelism = threads, MaxGradientNorm = 1 };
                for (int step = 1; step <= 2; step++)
                {
                    Data.Gradient(table.Length, step).CopyTo(table.Gradients);
                    small.Gradients.Fill(step);
                    optimizer.Step();
                }

                float[] got = [.. small.Values, .. table.Values], kept = [.. optimizer.States.SecondMoment(small), .. optimizer.States.SecondMoment(table)];
                Bits.AssertEqual(got, values ??= got, $"{threads} threads, [{string.Join(", ", shape)}]");
                Bits.AssertEqual(kept, second ??= kept, $"{threads} threads, [{string.Join(", ", shape)}], second moment");
            }
        }
    }

    /// <summary>Scaling, clipping, zeroing and averaging have the bits of a plain step with gradients that were adjusted before it.</summary>
    [Theory]
    [InlineData(0.3, 0.7f), InlineData(1e-30, null), InlineData(1, 0.25f), InlineData(1e-42, null)]
    public void WhatSurroundsTheRule_IsInBothPasses(double scale, float? limit)
    {
        foreach (int width in new[] { 5, 16, 50 })
        {
            (RowwiseAdam inPhase, Parameter<float> table) = Make(new ParameterSet(), Rows, width);
            (RowwiseAdam plain, Parameter<float> adjusted) = Make(new ParameterSet(), Rows, width);
            (inPhase.GradientScale, inPhase.MaxGradientValue, inPhase.ZeroGradientsAfterStep) = (scale, limit, true);
            ParameterAverage<float> average = inPhase.AverageParameters(0.75);
            float[] averages = table.Values.ToArray();
            for (int step = 1; step <= Steps; step++)
            {
                float[] gradients = [.. Data.Gradient(table.Length, step).Select(gradient => gradient * (scale < 1e-20 ? 1e25f : 1))];
                gradients.CopyTo(table.Gradients);
                float bound = limit ?? float.PositiveInfinity;
                // 1e-42 is subnormal as a float: the step multiplies by a normal number and a power of two.
                int exponent = scale < 1e-38 ? Math.ILogB(scale) + 1 : 0;
                float factor = (float)Math.ScaleB(scale, -exponent);
                float[] scaled = [.. gradients.Select(gradient => MathF.Min(MathF.Max(MathF.ScaleB(gradient * factor, exponent), -bound), bound))];
                scaled.CopyTo(adjusted.Gradients);
                inPhase.Step();
                plain.Step();
                for (int i = 0; i < averages.Length; i++)
                {
                    averages[i] += 0.25f * (table.Values[i] - averages[i]);
                }

                Assert.All(table.Gradients.ToArray(), gradient => Assert.Equal(0, gradient));
                Bits.AssertEqual(inPhase.States.SecondMoment(table), plain.States.SecondMoment(adjusted), $"width {width}, second moment");
                Bits.AssertEqual(table.Values, adjusted.Values, $"width {width}");
                Bits.AssertEqual(average.Of(table), averages, $"width {width}, average");
            }
        }
    }

    [Fact]
    public void ARefusedStep_ChangesNothing()
    {
        foreach (NonFiniteGradientPolicy policy in new[] { NonFiniteGradientPolicy.Throw, NonFiniteGradientPolicy.SkipStep, NonFiniteGradientPolicy.StepFinitePieces })
        {
            (RowwiseAdam optimizer, Parameter<float> table) = Make(new ParameterSet(), Rows, 9);
            optimizer.NonFiniteGradients = policy;
            Data.Gradient(table.Length, 1).CopyTo(table.Gradients);
            optimizer.Step();
            float[] values = table.Values.ToArray(), first = optimizer.States.FirstMoment(table).ToArray(), second = optimizer.States.SecondMoment(table).ToArray();
            table.Gradients[26] = float.NaN;
            if (policy == NonFiniteGradientPolicy.SkipStep)
            {
                Assert.False(optimizer.Step().WasTaken);
            }
            else
            {
                Assert.Contains("'table'", Assert.Throws<NonFiniteGradientException>(() => optimizer.Step()).Message, StringComparison.Ordinal);
            }

            Assert.Equal(1, optimizer.StepCount);
            Bits.AssertEqual(table.Values, values, "values");
            Bits.AssertEqual(optimizer.States.FirstMoment(table), first, "first moment");
            Bits.AssertEqual(optimizer.States.SecondMoment(table), second, "second moment");
        }
    }

    [Fact]
    public void ItsMemory_IsOneNumberForEachRow()
    {
        (RowwiseAdam optimizer, Parameter<float> table) = Make(new ParameterSet(), 100, 64);
        Assert.Equal(100, optimizer.GetState(table, "secondMoment").Length);
        Assert.Equal((6400 + 100) * sizeof(float), optimizer.StateBytes);
        Assert.Equal(StateGranularity.Row, optimizer.Definition.States[1].Granularity);
        optimizer.SetState(table, "secondMoment", [.. Enumerable.Repeat(2f, 100)]);
        Assert.Equal(2, optimizer.States.SecondMoment(table)[99]);
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => optimizer.SetState(table, "secondMoment", new float[6400]));
        Assert.Contains("6400 values; 'table' has 100 rows", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("values", refusal.ParamName);
    }

    private static (RowwiseAdam Optimizer, Parameter<float> Table) Make(ParameterSet parameters, int rows, int width)
    {
        Parameter<float> table = parameters.Add("table", rows, width);
        Data.Values(table.Length).CopyTo(table.Values);
        return (new RowwiseAdam(parameters), table);
    }
}
