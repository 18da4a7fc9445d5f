using Digits.Data;
using Digits.Model;
using OptimGen;

namespace Samples.Tests;

public sealed class PerceptronTests
{
    private static readonly int[] Sizes = [DigitSet.PixelsPerImage, 20, 15, 10];

    // More than pass through the layers together, and no multiple of it.
    private static readonly int[] Examples = [.. Enumerable.Range(3, 75)];

    [Fact]
    public void Cost_is_that_of_double_precision()
    {
        DigitSet digits = StrokeDigits.Draw(100, seed: 1);
        var parameters = new ParameterSet();
        var model = new Perceptron(parameters, Sizes, seed: 2);

        Assert.Equal(DoublePerceptron.Cost(parameters, Sizes, digits, Examples), model.Cost(digits, Examples), 5);
    }

    [Fact]
    public void Gradient_is_that_of_finite_differences_in_double_precision()
    {
        DigitSet digits = StrokeDigits.Draw(100, seed: 1);
        var parameters = new ParameterSet();
        var model = new Perceptron(parameters, Sizes, seed: 2);
        model.Cost(digits, Examples);
        var random = new Random(4);

        foreach (Parameter<float> parameter in parameters)
        {
            for (int trial = 0; trial < 25; trial++)
            {
                int element = random.Next(parameter.Length);
                double expected = DoublePerceptron.Slope(parameters, Sizes, digits, Examples, parameter, element);
                double error = Math.Abs(expected - parameter.Gradients[element]);
                Assert.True(error < 1e-6 + (1e-4 * Math.Abs(expected)), $"{parameter} [{element}]: {parameter.Gradients[element]} for {expected}");
            }
        }
    }

    [Fact]
    public void Cost_alone_has_the_same_bits_and_leaves_the_gradients()
    {
        DigitSet digits = StrokeDigits.Draw(100, seed: 1);
        var parameters = new ParameterSet();
        var model = new Perceptron(parameters, Sizes, seed: 2);

        Assert.Equal(model.Cost(digits, Examples), model.CostAlone(digits, Examples));
        float[] before = parameters["dense1.weight"].Gradients.ToArray();
        model.CostAlone(digits, Examples);

        Assert.Equal(before, parameters["dense1.weight"].Gradients.ToArray());
    }

    [Fact]
    public void Gradients_are_added_to_what_is_there()
    {
        DigitSet digits = StrokeDigits.Draw(20, seed: 1);
        var parameters = new ParameterSet();
        var model = new Perceptron(parameters, Sizes, seed: 2);
        int[] examples = [0, 1, 2];

        model.Cost(digits, examples);
        float[] once = parameters["dense3.weight"].Gradients.ToArray();
        model.Cost(digits, examples);

        Assert.All(once.Index(), one => Assert.Equal(2 * one.Item, parameters["dense3.weight"].Gradients[one.Index], 1e-6f));
    }

    [Fact]
    public void Layers_that_are_shared_between_cores_give_the_same_bits_each_time()
    {
        DigitSet digits = StrokeDigits.Draw(100, seed: 1);
        int[] sizes = [DigitSet.PixelsPerImage, 128, 64, 10];

        float[][] runs = [.. Enumerable.Range(0, 5).Select(_ =>
        {
            var parameters = new ParameterSet();
            new Perceptron(parameters, sizes, seed: 2).Cost(digits, Examples);
            return parameters.SelectMany(parameter => parameter.Gradients.ToArray()).ToArray();
        })];

        Assert.All(runs, run => Assert.Equal(runs[0], run));
    }

    [Fact]
    public void The_seed_decides_the_initial_weights()
    {
        float[] Weights(int seed)
        {
            var parameters = new ParameterSet();
            _ = new Perceptron(parameters, Sizes, seed);
            return parameters["dense1.weight"].Values.ToArray();
        }

        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));
        // He: the variance is 2/inputs.
        Assert.Equal(2.0 / DigitSet.PixelsPerImage, Weights(1).Average(weight => (double)weight * weight), 0.0001);
    }
}
