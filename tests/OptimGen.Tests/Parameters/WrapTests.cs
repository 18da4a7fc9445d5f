using System.Buffers;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Parameters;

/// <summary>Memory that someone else owns.</summary>
public class WrapTests
{
    [Fact]
    public void Step_ReadsAndWritesInPlace()
    {
        float[] values = [1, 2, 3, 4], gradients = [9, 1, 1, 9];
        var parameters = new ParameterSet();
        parameters.Wrap("middle", values.AsMemory(1, 2), gradients.AsMemory(1, 2));
        new Kernels.DescentWithRate(parameters).Step();
        Assert.Equal([1, 1.5f, 2.5f, 4], values);
        Assert.Equal([9, 1, 1, 9], gradients);
    }

    /// <summary>What a tensor library gives out: memory that is no array.</summary>
    [Theory]
    [InlineData(1), InlineData(3)]
    public void MemoryThatIsNoArray_IsSteppedLikeAnArray(int threads)
    {
        const int Length = 70_001;
        Optimizer<float> Stepped(Func<float[], Memory<float>> memoryOf)
        {
            var parameters = new ParameterSet();
            parameters.Wrap("w", memoryOf(Data.Values(Length)), memoryOf(Data.Gradient(Length, 1)));
            var optimizer = new OptimGen.Lamb(parameters) { GradientScale = 0.5, ZeroGradientsAfterStep = true, MaxDegreeOfParallelism = threads };
            optimizer.AverageParameters(0.9);
            optimizer.Step();
            return optimizer;
        }

        Optimizer<float> array = Stepped(values => values);
        Optimizer<float> foreign = Stepped(values => new ForeignMemory(values).Memory);
        Snapshot.Of(array).AssertSame(foreign, $"{threads} threads");
    }

    [Fact]
    public void MemoryThatHasBeenDisposedOf_FailsTheStepAndNoOther()
    {
        var parameters = new ParameterSet();
        var values = new ForeignMemory(new float[200_000]);
        parameters.Wrap("w", values.Memory, new float[200_000]);
        var broken = new Descent(parameters) { MaxDegreeOfParallelism = 4, NonFiniteGradients = NonFiniteGradientPolicy.Allow };
        var others = new ParameterSet();
        others.Add("w", 200_000);
        var sound = new Descent(others) { MaxDegreeOfParallelism = 4 };
        ((IDisposable)values).Dispose();
        for (int repeat = 0; repeat < 20; repeat++)
        {
            Assert.Throws<ObjectDisposedException>(() => broken.Step());
            Assert.True(sound.Step().WasTaken);
        }

        Assert.Equal(0, broken.StepCount);
    }

    [Fact]
    public void Shape_IsOneDimension_UnlessGiven()
    {
        var parameters = new ParameterSet();
        Assert.Equal([6], parameters.Wrap("flat", new float[6], new float[6]).Shape);
        Parameter<float> matrix = parameters.Wrap("matrix", new float[6], new float[6], 2, 3);
        Assert.Equal([2, 3], matrix.Shape);
        Assert.Equal("matrix[2, 3]", matrix.ToString());
    }

    [Fact]
    public void Bias_IsABias()
    {
        var parameters = new ParameterSet();
        Assert.Equal(ParameterRole.Weight, parameters.Wrap("w", new float[1], new float[1]).Role);
        Assert.Equal(ParameterRole.Bias, parameters.WrapBias("b", new float[1], new float[1]).Role);
        ParameterGroup<float> group = parameters.AddGroup("group");
        Parameter<float> inGroup = group.WrapBias("c", new float[1], new float[1]);
        Assert.Equal((ParameterRole.Bias, group), (inGroup.Role, inGroup.Group));
    }

    [Fact]
    public void NoValues_IsRefused() => AssertRefused(
        "Parameter 'w' has no values.", "values", parameters => parameters.Wrap("w", Memory<float>.Empty, Memory<float>.Empty));

    [Fact]
    public void LengthsThatDiffer_AreRefused() => AssertRefused(
        "Parameter 'w' has 3 values but 4 gradients; the lengths must be equal.",
        "gradients",
        parameters => parameters.Wrap("w", new float[3], new float[4]));

    [Theory]
    [InlineData(new[] { 2, 2 }, "Parameter 'w' has 6 values, which do not fill the shape [2, 2].")]
    [InlineData(new[] { 6, 0 }, "Parameter 'w' has the shape [6, 0]; each size must be 1 or more")]
    [InlineData(new[] { -2, -3 }, "Parameter 'w' has the shape [-2, -3]; each size must be 1 or more")]
    [InlineData(new[] { 65536, 65536 }, "Parameter 'w' has the shape [65536, 65536]; each size must be 1 or more, and their product")]
    public void ShapeThatDoesNotFit_IsRefused(int[] shape, string message) =>
        AssertRefused(message, "shape", parameters => parameters.Wrap("w", new float[6], new float[6], shape));

    [Fact]
    public void ValuesThatAreTheGradients_AreRefused()
    {
        float[] memory = new float[20];
        const string message = "The values and the gradient of parameter 'w' overlap in memory.";
        AssertRefused(message, "gradients", parameters => parameters.Wrap("w", memory, memory));
        AssertRefused(message, "gradients", parameters => parameters.Wrap("w", memory.AsMemory(0, 10), memory.AsMemory(9, 10)));
    }

    [Fact]
    public void NeighboursInOneArray_AreAllowed()
    {
        float[] memory = new float[40];
        var parameters = new ParameterSet();
        parameters.Wrap("a", memory.AsMemory(0, 10), memory.AsMemory(10, 10));
        parameters.Wrap("b", memory.AsMemory(20, 10), memory.AsMemory(30, 10));
        Assert.Equal(2, parameters.Count);
    }

    [Fact]
    public void MemoryOfAnotherParameter_IsRefused()
    {
        float[] memory = new float[40], other = new float[40];
        (int Values, int Gradients, string Argument)[] cases = [(9, 20, "values"), (20, 10, "gradients"), (19, 30, "values"), (30, 0, "gradients")];
        foreach ((int values, int gradients, string argument) in cases)
        {
            var parameters = new ParameterSet();
            parameters.Wrap("first", memory.AsMemory(0, 10), memory.AsMemory(10, 10));
            var refusal = Assert.Throws<ArgumentException>(
                () => parameters.Wrap("second", memory.AsMemory(values, 10), memory.AsMemory(gradients, 10)));
            Assert.StartsWith($"The {argument} of parameter 'second' overlap memory that another parameter uses.", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(argument, refusal.ParamName);
            Assert.Single(parameters);

            // The name is still free, and nothing of what was refused is kept.
            parameters.Wrap("second", other.AsMemory(0, 10), other.AsMemory(10, 10));
        }
    }

    [Fact]
    public void MemoryOfTheArena_IsRefused()
    {
        // The public surface gives out spans of the arena, no memory; the check covers it all the same.
        var parameters = new ParameterSet(64);
        parameters.Add("first", 10);
        Assert.StartsWith(
            "The values of parameter 'w' overlap memory",
            Assert.Throws<ArgumentException>(() => parameters.Wrap("w", parameters.Blocks[0].Values[..5], new float[5])).Message,
            StringComparison.Ordinal);
    }

    private static void AssertRefused(string message, string argument, Action<ParameterSet> attempt)
    {
        var parameters = new ParameterSet();
        var refusal = Assert.Throws<ArgumentException>(() => attempt(parameters));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(argument, refusal.ParamName);
        Assert.Empty(parameters);
        parameters.Wrap("w", new float[1], new float[1]);
    }

    private sealed class ForeignMemory(float[] memory) : MemoryManager<float>
    {
        private bool isDisposed;

        public override Span<float> GetSpan()
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return memory;
        }

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing) => isDisposed = true;
    }
}
