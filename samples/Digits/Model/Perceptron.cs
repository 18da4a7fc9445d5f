using System.Numerics.Tensors;
using Digits.Data;
using OptimGen;

namespace Digits.Model;

/// <summary>
/// A multilayer perceptron for digits: dense layers with ReLU between them, softmax and cross-entropy at the end. It adds its layers to
/// a parameter set and computes the gradient of the mean cost there. An optimizer takes the steps.
/// </summary>
internal sealed class Perceptron
{
    /// <summary>
    /// The number of examples that pass through the layers together. Larger batches are split, which keeps the working set small. The number
    /// is fixed, because it determines the order of additions and so the rounding.
    /// </summary>
    private const int PartExamples = 64;

    private readonly DenseLayer[] layers;

    /// <summary>activations[0] holds the input, activations[i + 1] the output of layer i, after its ReLU.</summary>
    private readonly float[][] activations;

    /// <summary>deltas[i] holds the gradient of the cost with respect to activations[i]; the input needs none.</summary>
    private readonly float[][] deltas;

    public Perceptron(ParameterSet<float> parameters, IReadOnlyList<int> sizes, int seed)
    {
        Parameters = parameters;
        layers = [.. Enumerable.Range(1, sizes.Count - 1).Select(i => new DenseLayer(parameters, $"dense{i}", sizes[i - 1], sizes[i]))];
        activations = [.. sizes.Select(size => new float[PartExamples * size])];
        deltas = [[], .. sizes.Skip(1).Select(size => new float[PartExamples * size])];
        var random = new Random(seed);
        foreach (DenseLayer layer in layers)
        {
            layer.Initialize(random);
        }
    }

    public ParameterSet<float> Parameters { get; }

    private int Classes => layers[^1].Outputs;

    /// <summary>
    /// The mean cross-entropy over some examples. Its gradient is added to the gradients of <see cref="Parameters"/>.
    /// </summary>
    public double Cost(DigitSet digits, ReadOnlySpan<int> examples) => Cost(digits, examples, withGradient: true);

    /// <summary>The mean cross-entropy over some examples, to the same bits as <see cref="Cost(DigitSet, ReadOnlySpan{int})"/>, but without its gradient.</summary>
    public double CostAlone(DigitSet digits, ReadOnlySpan<int> examples) => Cost(digits, examples, withGradient: false);

    /// <summary>The predicted digit of each example.</summary>
    public int[] Classify(DigitSet digits)
    {
        int[] all = [.. Enumerable.Range(0, digits.Count)], answers = new int[digits.Count];
        for (int first = 0; first < all.Length; first += PartExamples)
        {
            ReadOnlySpan<int> part = all.AsSpan(first, Math.Min(PartExamples, all.Length - first));
            Forward(digits, part);
            for (int i = 0; i < part.Length; i++)
            {
                answers[first + i] = TensorPrimitives.IndexOfMax(activations[^1].AsSpan(i * Classes, Classes));
            }
        }

        return answers;
    }

    private double Cost(DigitSet digits, ReadOnlySpan<int> examples, bool withGradient)
    {
        double sum = 0;
        for (int first = 0; first < examples.Length; first += PartExamples)
        {
            ReadOnlySpan<int> part = examples.Slice(first, Math.Min(PartExamples, examples.Length - first));
            Forward(digits, part);
            sum += CrossEntropy(digits, part, 1f / examples.Length);
            if (withGradient)
            {
                Backward(part.Length);
            }
        }

        return sum / examples.Length;
    }

    private void Forward(DigitSet digits, ReadOnlySpan<int> examples)
    {
        digits.CopyImages(examples, activations[0]);
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i].Forward(activations[i], activations[i + 1], examples.Length);
            if (i < layers.Length - 1)
            {
                Span<float> output = activations[i + 1].AsSpan(0, examples.Length * layers[i].Outputs);
                TensorPrimitives.Max(output, 0f, output);
            }
        }
    }

    /// <summary>
    /// The summed cost −ln p[label] of the outputs z of the last layer, p = softmax(z). The last delta is set to its gradient, p − onehot(label),
    /// times <paramref name="scale"/>.
    /// </summary>
    private double CrossEntropy(DigitSet digits, ReadOnlySpan<int> examples, float scale)
    {
        double sum = 0;
        for (int i = 0; i < examples.Length; i++)
        {
            int label = digits.Label(examples[i]);
            Span<float> logits = activations[^1].AsSpan(i * Classes, Classes), delta = deltas[^1].AsSpan(i * Classes, Classes);
            // Subtracts the largest logit, which does not change the softmax, so that the exponentials cannot overflow.
            TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), logits);
            TensorPrimitives.Exp(logits, delta);
            float partition = TensorPrimitives.Sum<float>(delta);
            sum += Math.Log(partition) - logits[label];
            TensorPrimitives.Multiply(delta, scale / partition, delta);
            delta[label] -= scale;
        }

        return sum;
    }

    private void Backward(int count)
    {
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            layers[i].AccumulateGradients(activations[i], deltas[i + 1], count);
            if (i > 0)
            {
                layers[i].PropagateBack(deltas[i + 1], deltas[i], count);
                BlockInactive(activations[i], deltas[i], count * layers[i].Inputs);
            }
        }
    }

    /// <summary>The derivative of ReLU: the gradient becomes 0 where the output is 0.</summary>
    private static void BlockInactive(float[] activation, float[] delta, int length)
    {
        for (int i = 0; i < length; i++)
        {
            delta[i] = activation[i] > 0 ? delta[i] : 0;
        }
    }
}
