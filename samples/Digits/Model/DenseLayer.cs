using System.Numerics.Tensors;
using OptimGen;

namespace Digits.Model;

/// <summary>A fully connected layer, y = Wx + b, over batches whose examples lie one after another.</summary>
/// <remarks>
/// Each pass is a loop over tiles of <see cref="TileExamples"/> examples, which stay in the first-level cache during the loop over the
/// rows of W. The work of a large layer is split over the processor's cores by rows of W. Each row is computed by one core in
/// a fixed order, so the result has the same bits for any number of cores.
/// </remarks>
internal sealed class DenseLayer
{
    /// <summary>Eight examples of 784 floats are 25 KB: they fit into a first-level cache together with one row of W.</summary>
    private const int TileExamples = 8;

    private const int RowsPerPart = 16;

    /// <summary>Multiply-adds below which handing work to another core costs more than it saves.</summary>
    private const int WorthSharing = 1 << 20;

    private readonly Parameter<float> weight;
    private readonly Parameter<float> bias;

    public DenseLayer(ParameterSet<float> parameters, string name, int inputs, int outputs)
    {
        (Inputs, Outputs) = (inputs, outputs);
        weight = parameters.Add($"{name}.weight", outputs, inputs);
        bias = parameters.AddBias($"{name}.bias", outputs);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>He initialization, for layers before a ReLU: weights of variance 2/inputs, biases 0. He et al., 2015.</summary>
    public void Initialize(Random random)
    {
        double deviation = Math.Sqrt(2.0 / Inputs);
        foreach (ref float element in weight.Values)
        {
            element = (float)(deviation * Normal(random));
        }

        bias.Values.Clear();
    }

    /// <summary>output[e, o] = W[o]·input[e] + b[o]</summary>
    public void Forward(float[] input, float[] output, int count) => ForEachPart(count, (firstRow, endRow) =>
    {
        ReadOnlySpan<float> weights = weight.Values, biases = bias.Values;
        for (int tile = 0; tile < count; tile += TileExamples)
        {
            int tileEnd = Math.Min(tile + TileExamples, count);
            for (int row = firstRow; row < endRow; row++)
            {
                ReadOnlySpan<float> weightRow = weights.Slice(row * Inputs, Inputs);
                for (int example = tile; example < tileEnd; example++)
                {
                    float product = TensorPrimitives.Dot(weightRow, input.AsSpan(example * Inputs, Inputs));
                    output[(example * Outputs) + row] = product + biases[row];
                }
            }
        }
    });

    /// <summary>Adds to the gradients: ∂W[o] += Σ delta[e, o]·input[e], and ∂b += Σ delta[e].</summary>
    /// <param name="input">The input that <see cref="Forward"/> was called with.</param>
    /// <param name="delta">The gradient of the cost with respect to the layer's output.</param>
    /// <param name="count">The number of examples.</param>
    public void AccumulateGradients(float[] input, float[] delta, int count)
    {
        Span<float> biasGradient = bias.Gradients;
        for (int example = 0; example < count; example++)
        {
            TensorPrimitives.Add(biasGradient, delta.AsSpan(example * Outputs, Outputs), biasGradient);
        }

        ForEachPart(count, (firstRow, endRow) =>
        {
            Span<float> gradients = weight.Gradients;
            for (int tile = 0; tile < count; tile += TileExamples)
            {
                int tileEnd = Math.Min(tile + TileExamples, count);
                for (int row = firstRow; row < endRow; row++)
                {
                    Span<float> gradientRow = gradients.Slice(row * Inputs, Inputs);
                    for (int example = tile; example < tileEnd; example++)
                    {
                        AddScaled(input.AsSpan(example * Inputs, Inputs), delta[(example * Outputs) + row], gradientRow);
                    }
                }
            }
        });
    }

    /// <summary>inputDelta[e] = Σ delta[e, o]·W[o]: the gradient of the cost with respect to the layer's input.</summary>
    public void PropagateBack(float[] delta, float[] inputDelta, int count)
    {
        ReadOnlySpan<float> weights = weight.Values;
        for (int example = 0; example < count; example++)
        {
            Span<float> sum = inputDelta.AsSpan(example * Inputs, Inputs);
            sum.Clear();
            for (int row = 0; row < Outputs; row++)
            {
                AddScaled(weights.Slice(row * Inputs, Inputs), delta[(example * Outputs) + row], sum);
            }
        }
    }

    /// <summary>sum += scale·x. Skipped for a scale of zero, which a ReLU gives for about half of the elements.</summary>
    private static void AddScaled(ReadOnlySpan<float> x, float scale, Span<float> sum)
    {
        if (scale != 0)
        {
            TensorPrimitives.FusedMultiplyAdd(x, scale, sum, sum);
        }
    }

    /// <summary>Calls <paramref name="body"/> with the first row and the end of each part, on several cores if the work is large enough.</summary>
    private void ForEachPart(int count, Action<int, int> body)
    {
        if ((long)count * Inputs * Outputs < WorthSharing)
        {
            body(0, Outputs);
            return;
        }

        int parts = (Outputs + RowsPerPart - 1) / RowsPerPart;
        Parallel.For(0, parts, part => body(part * RowsPerPart, Math.Min((part + 1) * RowsPerPart, Outputs)));
    }

    /// <summary>A normally distributed number of mean 0 and variance 1, by the method of Box and Muller.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
