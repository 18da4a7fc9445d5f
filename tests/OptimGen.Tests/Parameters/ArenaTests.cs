using System.Runtime.CompilerServices;

namespace OptimGen.Tests.Parameters;

/// <summary>The layout of parameters in memory.</summary>
public class ArenaTests
{
    [Fact]
    public void EveryParameter_StartsOnACacheLine_ValuesAndGradients()
    {
        var parameters = new ParameterSet();
        for (int length = 1; length <= 300; length++)
        {
            Parameter<float> parameter = parameters.Add($"{length}", length);
            Assert.Equal(0, AddressOf(parameter.Values) % 64);
            Assert.Equal(0, AddressOf(parameter.Gradients) % 64);
            Assert.Equal(length, parameter.Values.Length);
            Assert.Equal(length, parameter.Gradients.Length);
        }
    }

    [Fact]
    public void State_LiesLikeTheParameters()
    {
        var parameters = new ParameterSet();
        parameters.Add("a", 5);
        parameters.Add("b", 70);
        var optimizer = new Kernels.Adam(parameters);
        foreach (Parameter<float> parameter in parameters)
        {
            Assert.Equal(0, AddressOf(optimizer.GetState(parameter, "firstMoment")) % 64);
            Assert.Equal(parameter.Length, optimizer.GetState(parameter, "secondMoment").Length);
        }
    }

    [Fact]
    public void NewParameter_IsZero_AndSoIsItsGradient()
    {
        Parameter<float> parameter = new ParameterSet().Add("w", 3, 5);
        Assert.All(parameter.Values.ToArray(), value => Assert.Equal(0, value));
        Assert.All(parameter.Gradients.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Memory_NeverMoves_WhenMoreIsAdded()
    {
        var parameters = new ParameterSet();
        Parameter<float> first = parameters.Add("first", 10);
        Span<float> values = first.Values, gradients = first.Gradients;
        for (int i = 0; i < 200; i++)
        {
            parameters.Add($"{i}", 1000);
        }

        GC.Collect();
        values.Fill(3);
        gradients.Fill(4);
        Assert.True(parameters.Blocks.Count > 1);
        Assert.True(Unsafe.AreSame(ref values[0], ref first.Values[0]));
        Assert.Equal([3f, 4f], [first.Values[9], first.Gradients[9]]);
    }

    [Fact]
    public void Parameters_DoNotOverlap()
    {
        var parameters = new ParameterSet(100);
        foreach (int length in new[] { 1, 16, 17, 5000, 3, 40 })
        {
            parameters.Add($"{length}", length);
        }

        int mark = 0;
        foreach (Parameter<float> parameter in parameters)
        {
            parameter.Values.Fill(++mark);
            parameter.Gradients.Fill(-mark);
        }

        mark = 0;
        foreach (Parameter<float> parameter in parameters)
        {
            mark++;
            Assert.All(parameter.Values.ToArray(), value => Assert.Equal(mark, value));
            Assert.All(parameter.Gradients.ToArray(), value => Assert.Equal(-mark, value));
        }
    }

    [Fact]
    public void Capacity_GivesOneBlockAndOneKernelCall()
    {
        // Each of these lengths is padded to whole cache lines of 16 floats.
        int[] lengths = [784 * 128, 128, 128 * 64, 64, 640, 10];
        var parameters = new ParameterSet(lengths.Sum(length => (length + 15) / 16 * 16));
        for (int i = 0; i < lengths.Length; i++)
        {
            parameters.Add($"{i}", lengths[i]);
        }

        Assert.Single(parameters.Blocks);
        ParameterRun<float> run = Assert.Single(ParameterRun<float>.Of(parameters));
        Assert.Equal((0, 0, 0), (run.Block, run.Group, run.Offset));
        Assert.Equal(parameters.Blocks[0].Used, run.Length);
        Assert.Equal(parameters.Blocks[0].Values.Length, run.Length);
    }

    [Fact]
    public void WithoutCapacity_ManySmallParametersAreOneRun()
    {
        var parameters = new ParameterSet();
        for (int i = 0; i < 100; i++)
        {
            parameters.Add($"{i}", 33);
        }

        Assert.Equal(2, ParameterRun<float>.Of(parameters).Length);
        Assert.Equal(2, parameters.Blocks.Count);
    }

    [Fact]
    public void Runs_CoverEveryParameterOnce_InTheGroupOfEach()
    {
        var parameters = new ParameterSet();
        ParameterGroup<float> other = parameters.AddGroup("other");
        var random = new Random(2);
        for (int i = 0; i < 200; i++)
        {
            ParameterGroup<float> group = random.Next(3) == 0 ? other : parameters.Groups[0];
            int length = random.Next(1, 200);
            _ = random.Next(4) == 0 ? group.Wrap($"{i}", new float[length], new float[length]) : group.Add($"{i}", length);
        }

        ParameterRun<float>[] runs = ParameterRun<float>.Of(parameters);
        foreach (Parameter<float> parameter in parameters)
        {
            ParameterRun<float> run = Assert.Single(runs, run =>
                run.Block == parameter.Block.Index && run.Offset <= parameter.Offset && parameter.Offset + parameter.Length <= run.Offset + run.Length);
            Assert.Equal(parameter.Group.Index, run.Group);
        }

        Assert.Equal(parameters.Blocks.Sum(block => block.Used), runs.Sum(run => run.Length));
        foreach (IGrouping<int, ParameterRun<float>> block in runs.GroupBy(run => run.Block))
        {
            int end = 0;
            foreach (ParameterRun<float> run in block)
            {
                Assert.Equal(end, run.Offset);
                end += run.Length;
            }
        }
    }

    [Fact]
    public void AlternatingGroups_AreARunEach()
    {
        var parameters = new ParameterSet(200);
        ParameterGroup<float> biases = parameters.AddGroup("biases");
        parameters.Add("w1", 40);
        biases.AddBias("b1", 4);
        parameters.Add("w2", 40);
        biases.AddBias("b2", 4);
        Assert.Equal([0, 1, 0, 1], ParameterRun<float>.Of(parameters).Select(run => run.Group));
        Assert.Equal([0, 48, 64, 112], ParameterRun<float>.Of(parameters).Select(run => run.Offset));
        Assert.Equal([48, 16, 48, 16], ParameterRun<float>.Of(parameters).Select(run => run.Length));
    }

    public static TheoryData<string> Rules => Kernels.RuleCases.All;

    [Theory, MemberData(nameof(Rules))]
    public void Padding_StaysZero(string rule)
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            var parameters = new ParameterSet();
            foreach (int length in new[] { 1, 5, 15, 17, 31, 33, 100 })
            {
                parameters.Add($"{length}", length);
            }

            Optimizer<float> optimizer = Kernels.RuleCases.Create(rule, parameters, set);
            for (int step = 1; step <= 4; step++)
            {
                foreach (Parameter<float> parameter in parameters)
                {
                    Kernels.Data.Gradient(parameter.Length, step).CopyTo(parameter.Gradients);
                }

                optimizer.Step();
            }

            ParameterBlock<float> block = Assert.Single(parameters.Blocks);
            foreach (Parameter<float> parameter in parameters)
            {
                // Neighbouring parameters in the block start whole cache lines apart.
                for (int i = parameter.Offset + parameter.Length; i % 16 != 0; i++)
                {
                    Assert.Equal(0, block.Values.Span[i]);
                    Assert.Equal(0, block.Gradients.Span[i]);
                }
            }
        }
    }

    /// <summary>The address, as the distance from a null reference, which needs no unsafe context.</summary>
    private static nint AddressOf(Span<float> span) =>
        Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref Unsafe.As<float, byte>(ref span[0]));
}
