using System.Buffers;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Parameters;

/// <summary>Parameters in memory of another owner.</summary>
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

    /// <summary>Memory that is not an array, such as that of a tensor library.</summary>
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
        values.IsDisposed = true;
        for (int repeat = 0; repeat < 20; repeat++)
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => broken.Step());
            Assert.StartsWith(
                "The memory of the values of parameter 'w' cannot be used any more; it was wrapped, and its owner says: Cannot access a disposed object.",
                refusal.Message, StringComparison.Ordinal);
            Assert.IsType<ObjectDisposedException>(refusal.InnerException);
            Assert.True(sound.Step().WasTaken);
        }

        Assert.Equal(0, broken.StepCount);
    }

    /// <summary>Parameters that lie before those whose memory fails are not stepped either.</summary>
    [Theory]
    [InlineData(NonFiniteGradientPolicy.Allow, 1, "values"), InlineData(NonFiniteGradientPolicy.Allow, 3, "gradients")]
    [InlineData(NonFiniteGradientPolicy.Throw, 3, "values"), InlineData(NonFiniteGradientPolicy.Throw, 1, "gradients")]
    public void AStepOverMemoryThatHasBeenDisposedOf_StoresNothing(NonFiniteGradientPolicy policy, int threads, string disposed)
    {
        const int Length = 100_000;
        var parameters = new ParameterSet();
        ForeignMemory values = new(new float[Length]), gradients = new(new float[Length]);
        parameters.Add("first", Length).Gradients.Fill(1);
        parameters.Wrap("second", values.Memory, gradients.Memory);
        var optimizer = new OptimGen.Adam(parameters) { NonFiniteGradients = policy, MaxDegreeOfParallelism = threads, ZeroGradientsAfterStep = true };
        optimizer.Step();
        parameters[0].Gradients.Fill(1);
        float[] before = parameters[0].Values.ToArray(), moments = optimizer.GetState(parameters[0], "firstMoment").ToArray();

        ForeignMemory failing = disposed == "values" ? values : gradients;
        failing.IsDisposed = true;
        Assert.Contains(
            $"memory of the {disposed} of parameter 'second'", Assert.Throws<InvalidOperationException>(() => optimizer.Step()).Message, StringComparison.Ordinal);
        Assert.Equal(before, parameters[0].Values.ToArray());
        Assert.Equal(moments, optimizer.GetState(parameters[0], "firstMoment").ToArray());
        Assert.All(parameters[0].Gradients.ToArray(), gradient => Assert.Equal(1, gradient));
        Assert.Equal(1, optimizer.StepCount);

        failing.IsDisposed = false;
        Assert.True(optimizer.Step().WasTaken);
    }

    [Fact]
    public void ZeroGradients_IsAllOrNothing()
    {
        var parameters = new ParameterSet();
        var gradients = new ForeignMemory([1, 2]);
        parameters.Add("first", 3).Gradients.Fill(5);
        parameters.Wrap("second", new float[2], gradients.Memory);
        var optimizer = new Descent(parameters);
        gradients.IsDisposed = true;
        foreach (Action attempt in (Action[])[parameters.ZeroGradients, optimizer.ZeroGradients])
        {
            Assert.Contains(
                "memory of the gradients of parameter 'second'", Assert.Throws<InvalidOperationException>(attempt).Message, StringComparison.Ordinal);
            Assert.Equal([5f, 5, 5], parameters[0].Gradients.ToArray());
        }

        gradients.IsDisposed = false;
        parameters.ZeroGradients();
        Assert.Equal([0f, 0, 0, 0, 0], [.. parameters[0].Gradients, .. parameters[1].Gradients]);
    }

    /// <summary>If memory fails, neither the swap to the average nor the swap back is done in part, and the swap back can be repeated.</summary>
    [Theory]
    [InlineData(false), InlineData(true)]
    public void AnEvaluation_IsAllOrNothing(bool derived)
    {
        var parameters = new ParameterSet();
        var values = new ForeignMemory([1, 2]);
        parameters.Add("first", 3).Gradients.Fill(5);
        parameters.Wrap("second", values.Memory, new float[] { 3, 4 });
        var optimizer = new Asgd(parameters) { LearningRate = 1, T0 = 0 };
        ParameterAverage<float> average = optimizer.AverageParameters(0.9);
        for (int step = 0; step < 4; step++)
        {
            optimizer.Step();
        }

        Func<EvaluatedAverages> evaluate = derived ? optimizer.EvaluateAverages : average.Evaluate;
        float[] trained = parameters[0].Values.ToArray();
        values.IsDisposed = true;
        Assert.Throws<InvalidOperationException>(evaluate);
        Assert.Equal(trained, parameters[0].Values.ToArray());

        values.IsDisposed = false;
        EvaluatedAverages evaluated = evaluate();
        float[] averages = parameters[0].Values.ToArray();
        Assert.NotEqual(trained, averages);
        values.IsDisposed = true;
        Assert.Throws<InvalidOperationException>(evaluated.Dispose);
        Assert.Equal(averages, parameters[0].Values.ToArray());

        values.IsDisposed = false;
        Assert.Contains("at an average of it", Assert.Throws<InvalidOperationException>(() => optimizer.Step()).Message, StringComparison.Ordinal);
        evaluated.Dispose();
        Assert.Equal(trained, parameters[0].Values.ToArray());
        Assert.True(optimizer.Step().WasTaken);
    }

    [Fact]
    public void MemoryThatCannotBeUsed_IsRefusedByName()
    {
        var disposed = new ForeignMemory(new float[3]);
        Memory<float> memory = disposed.Memory;
        disposed.IsDisposed = true;
        AssertRefused(
            "The memory of the values of parameter 'w' cannot be used; its owner says: Cannot access a disposed object.", "values",
            parameters => parameters.Wrap("w", memory, new float[3]));
        AssertRefused(
            "The memory of the gradients of parameter 'w' cannot be used; its owner says: Cannot access a disposed object.", "gradients",
            parameters => parameters.Wrap("w", new float[3], memory));

        // An owner whose memory is shorter than it says.
        disposed.IsDisposed = false;
        memory = disposed.Memory;
        disposed.Array = new float[2];
        AssertRefused("The memory of the values of parameter 'w' cannot be used", "values", parameters => parameters.Wrap("w", memory, new float[3]));
    }

    [Fact]
    public void MemoryOfAnEarlierParameterThatFails_IsSaidByItsName()
    {
        var parameters = new ParameterSet();
        var disposed = new ForeignMemory(new float[3]);
        parameters.Wrap("earlier", disposed.Memory, new float[3]);
        disposed.IsDisposed = true;
        Assert.Contains(
            "parameter 'earlier'", Assert.Throws<InvalidOperationException>(() => parameters.Wrap("later", new float[3], new float[3])).Message,
            StringComparison.Ordinal);
        disposed.IsDisposed = false;
        parameters.Wrap("later", new float[3], new float[3]);
        Assert.Equal(2, parameters.Count);
    }

    /// <summary>A manager may be backed by an array. Also then it can replace the array or be disposed of, so the array must not be cached.</summary>
    [Fact]
    public void AManagerThatHasAnArray_IsAskedAtEveryStep()
    {
        var parameters = new ParameterSet();
        var values = new ForeignMemory([1, 2, 3]) { SaysArray = true };
        parameters.Wrap("w", values.Memory, new float[] { 1, 1, 1 });
        var optimizer = new Kernels.DescentWithRate(parameters);
        optimizer.Step();
        Assert.Equal([0.5f, 1.5f, 2.5f], values.Array);

        float[] former = values.Array;
        values.Array = [7, 8, 9];
        optimizer.Step();
        Assert.Equal([6.5f, 7.5f, 8.5f], values.Array);
        Assert.Equal([0.5f, 1.5f, 2.5f], former);

        values.IsDisposed = true;
        Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        Assert.Equal([6.5f, 7.5f, 8.5f], values.Array);
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
    [InlineData(new[] { 2, 3, int.MaxValue, int.MaxValue, int.MaxValue }, "Parameter 'w' has the shape [2, 3, 2147483647, ")]
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

            // The refused call has kept nothing: the name can be used again.
            parameters.Wrap("second", other.AsMemory(0, 10), other.AsMemory(10, 10));
        }
    }

    [Fact]
    public void MemoryOfTheArena_IsRefused()
    {
        // The public API exposes the arena as spans only, so this memory comes from internals; the check covers it too.
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
        public float[] Array { get; set; } = memory;

        public bool IsDisposed { get; set; }

        public bool SaysArray { get; init; }

        public override Memory<float> Memory => CreateMemory(Array.Length);

        public override Span<float> GetSpan()
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return Array;
        }

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override bool TryGetArray(out ArraySegment<float> segment)
        {
            segment = SaysArray ? new ArraySegment<float>(Array) : default;
            return SaysArray;
        }

        protected override void Dispose(bool disposing) => IsDisposed = true;
    }
}
