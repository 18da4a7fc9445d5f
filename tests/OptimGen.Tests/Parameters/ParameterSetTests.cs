using System.Runtime.InteropServices;

namespace OptimGen.Tests.Parameters;

public class ParameterSetTests
{
    [Fact]
    public void Parameters_AreFoundByNameAndByPosition()
    {
        var parameters = new ParameterSet();
        Parameter<float> weight = parameters.Add("dense1.weight", 128, 784);
        Parameter<float> bias = parameters.AddBias("dense1.bias", 128);
        Assert.Same(weight, parameters["dense1.weight"]);
        Assert.Same(bias, parameters[1]);
        Assert.Equal([weight, bias], parameters.ToArray());
        Assert.Equal(2, parameters.Count);
        Assert.Equal((128 * 784) + 128, parameters.ElementCount);
        Assert.Equal("dense1.weight[128, 784]", weight.ToString());
        Assert.Equal((ParameterRole.Weight, ParameterRole.Bias), (weight.Role, bias.Role));
        Assert.Equal("default", weight.Group.Name);
    }

    [Fact]
    public void UnknownName_IsRefusedWithTheNames()
    {
        var parameters = new ParameterSet();
        parameters.Add("a", 1);
        parameters.Add("b", 1);
        Assert.Equal("The set has no parameter 'A'. It has: a, b.", Assert.Throws<KeyNotFoundException>(() => parameters["A"]).Message);
    }

    [Fact]
    public void NameThatIsTaken_IsRefused()
    {
        var parameters = new ParameterSet();
        ParameterGroup<float> group = parameters.AddGroup("group");
        parameters.Add("w", 1);
        Action[] attempts =
        [
            () => parameters.Add("w", 2), () => parameters.AddBias("w", 2), () => group.Add("w", 2), () => parameters.Wrap("w", new float[1], new float[1]),
        ];
        foreach (Action attempt in attempts)
        {
            var refusal = Assert.Throws<ArgumentException>(attempt);
            Assert.StartsWith("The set already has a parameter 'w'.", refusal.Message, StringComparison.Ordinal);
            Assert.Equal("name", refusal.ParamName);
        }

        Assert.StartsWith(
            "The set already has a group 'group'.", Assert.Throws<ArgumentException>(() => parameters.AddGroup("group")).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The set already has a group 'default'.", Assert.Throws<ArgumentException>(() => parameters.AddGroup("default")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void NameThatIsEmpty_IsRefused(string name)
    {
        var parameters = new ParameterSet();
        Assert.Throws<ArgumentException>(() => parameters.Add(name, 1));
        Assert.Throws<ArgumentException>(() => parameters.AddGroup(name));
        Assert.Throws<ArgumentNullException>(() => parameters.Add(null!, 1));
    }

    [Theory]
    [InlineData(new int[0], "Parameter 'w' has no shape; give the size of each dimension.")]
    [InlineData(new[] { 0 }, "Parameter 'w' has the shape [0]; each size must be 1 or more")]
    [InlineData(new[] { 3, -1 }, "Parameter 'w' has the shape [3, -1]; each size must be 1 or more")]
    [InlineData(new[] { -3, -1 }, "Parameter 'w' has the shape [-3, -1]; each size must be 1 or more")]
    [InlineData(new[] { 65536, 65536 }, "Parameter 'w' has the shape [65536, 65536]; each size must be 1 or more, and their product at most 2147483552.")]
    [InlineData(new[] { int.MaxValue, int.MaxValue, int.MaxValue }, "Parameter 'w' has the shape [2147483647, 2147483647, 2147483647];")]
    public void Shape_ThatIsNone_IsRefused(int[] shape, string message)
    {
        var parameters = new ParameterSet();
        var refusal = Assert.Throws<ArgumentException>(() => parameters.Add("w", shape));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("shape", refusal.ParamName);
        Assert.Empty(parameters);
        parameters.Add("w", 1);
    }

    [Fact]
    public void Shape_IsACopy()
    {
        int[] shape = [2, 3];
        Parameter<float> parameter = new ParameterSet().Add("w", shape);
        shape[0] = 7;
        Assert.Equal([2, 3], parameter.Shape);
        Assert.Equal(6, parameter.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 94)]
    public void Capacity_OutOfRange_IsRefused(int capacity) =>
        Assert.Equal("capacity", Assert.Throws<ArgumentOutOfRangeException>(() => new ParameterSet(capacity)).ParamName);

    [Fact]
    public void ElementType_OtherThanFloatAndDouble_IsRefusedByName()
    {
        Assert.Equal(
            "A parameter set cannot have elements of type System.Half; the types are float and double.",
            Assert.Throws<NotSupportedException>(() => new ParameterSet<Half>()).Message);
        Assert.Contains("Half", Assert.Throws<NotSupportedException>(() => new ParameterSet<Half>(64)).Message, StringComparison.Ordinal);
        Assert.Contains("NFloat", Assert.Throws<NotSupportedException>(() => new ParameterSet<NFloat>()).Message, StringComparison.Ordinal);
        Assert.Empty(new ParameterSet<double>());
    }

    [Fact]
    public void Optimizer_SealsTheSet()
    {
        var parameters = new ParameterSet();
        ParameterGroup<float> group = parameters.AddGroup("group");
        parameters.Add("w", 3);
        Assert.False(parameters.IsSealed);
        _ = new Kernels.Adam(parameters);
        Assert.True(parameters.IsSealed);
        Action[] attempts =
        [
            () => parameters.Add("x", 1), () => parameters.AddBias("x", 1), () => group.Add("x", 1), () => parameters.AddGroup("another"),
            () => parameters.Wrap("x", new float[1], new float[1]), () => group.WrapBias("x", new float[1], new float[1]),
        ];
        foreach (Action attempt in attempts)
        {
            Assert.StartsWith(
                "An optimizer or a gradient addend has been made for this set, so its layout is final.",
                Assert.Throws<InvalidOperationException>(attempt).Message,
                StringComparison.Ordinal);
        }

        Assert.Single(parameters);

        // A second optimizer may share the set.
        _ = new Kernels.Descent(parameters);
    }

    [Fact]
    public void ZeroGradients_LeavesTheValues()
    {
        var parameters = new ParameterSet();
        float[] wrappedGradient = [1, 2, 3];
        parameters.Add("a", 20).Gradients.Fill(5);
        parameters["a"].Values.Fill(6);
        parameters.Wrap("b", new float[] { 7, 8 }, wrappedGradient.AsMemory(0, 2));
        new Kernels.Adam(parameters).ZeroGradients();
        Assert.All(parameters["a"].Gradients.ToArray(), value => Assert.Equal(0, value));
        Assert.All(parameters["a"].Values.ToArray(), value => Assert.Equal(6, value));
        Assert.Equal([0, 0, 3], wrappedGradient);
        Assert.Equal([7, 8], parameters["b"].Values.ToArray());
    }

    [Fact]
    public void Groups_AreInTheirOrder()
    {
        var parameters = new ParameterSet();
        ParameterGroup<float> biases = parameters.AddGroup("biases");
        Parameter<float> bias = biases.AddBias("b", 2);
        Assert.Equal(["default", "biases"], parameters.Groups.Select(group => group.Name));
        Assert.Equal((1, "biases"), (biases.Index, biases.ToString()));
        Assert.Same(biases, bias.Group);
    }
}
