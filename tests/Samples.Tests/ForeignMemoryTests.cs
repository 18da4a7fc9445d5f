using System.Runtime.InteropServices;
using ForeignMemory;

namespace Samples.Tests;

public class ForeignMemoryTests
{
    [Fact]
    public void It_learns_where_the_library_has_its_numbers()
    {
        using var weights = new ForeignTensor(20);
        using var gradients = new ForeignTensor(20);
        weights.Memory.Span.Fill(1f / 20);

        double[] costs = FineTuning.Run(weights, gradients, steps: 500);

        Assert.InRange(costs[^1], 0, costs[0] / 100);
        var inPlace = new float[20];
        Marshal.Copy(weights.Pointer, inPlace, 0, inPlace.Length);
        Assert.All(inPlace, weight => Assert.NotEqual(1f / 20, weight));
        Assert.All(gradients.Memory.ToArray(), gradient => Assert.Equal(0, gradient));
    }
}
