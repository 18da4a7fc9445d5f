using System.Numerics;
using System.Numerics.Tensors;
using Digits.Data;
using OptimGen;

namespace Digits.Curvature;

/// <summary>
/// A perceptron small enough for its whole Hessian: the means of 4×4 pixels, a few tanh units, softmax and cross-entropy. It is smooth, which a network with
/// ReLUs is not, and has at most 400 parameters. It computes in the element type.
/// </summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class PooledPerceptron<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Pool = 4, PooledSide = DigitSet.Side / Pool;

    /// <summary>The number of inputs.</summary>
    public const int Inputs = PooledSide * PooledSide;

    /// <summary>The number of tanh units.</summary>
    public const int Hidden = 5;

    public const int ParameterCount = (Inputs + 1) * Hidden + (Hidden + 1) * DigitSet.Classes;

    private readonly T[] inputs;
    private readonly int[] labels;
    private readonly Parameter<T> weight1, bias1, weight2, bias2;

    /// <param name="digits">The digits.</param>
    /// <param name="count">How many of them are used: the first ones.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    public PooledPerceptron(DigitSet digits, int count, int seed)
        : this(InputsOf(digits, count), [.. Enumerable.Range(0, count).Select(digits.Label)])
    {
        var random = new Random(seed);
        Initialize(weight1, random);
        Initialize(weight2, random);
    }

    private PooledPerceptron(T[] inputs, int[] labels)
    {
        (this.inputs, this.labels) = (inputs, labels);
        Parameters = new ParameterSet<T>();
        weight1 = Parameters.Add("hidden.weight", Hidden, Inputs);
        bias1 = Parameters.AddBias("hidden.bias", Hidden);
        weight2 = Parameters.Add("output.weight", DigitSet.Classes, Hidden);
        bias2 = Parameters.AddBias("output.bias", DigitSet.Classes);
    }

    public ParameterSet<T> Parameters { get; }

    /// <summary>The number of examples.</summary>
    public int Count => labels.Length;

    /// <summary>The digit that an example shows.</summary>
    public int Label(int example) => labels[example];

    /// <summary>The inputs of an example, in [0, 1].</summary>
    public ReadOnlySpan<T> Input(int example) => inputs.AsSpan(example * Inputs, Inputs);

    /// <summary>The same network at the same point in double precision.</summary>
    public PooledPerceptron<double> ToDouble()
    {
        var wide = new PooledPerceptron<double>([.. inputs.Select(double.CreateTruncating)], labels);
        foreach (Parameter<T> parameter in Parameters)
        {
            TensorPrimitives.ConvertTruncating<T, double>(parameter.Values, wide.Parameters[parameter.Name].Values);
        }

        return wide;
    }

    /// <summary>The mean cross-entropy over the examples of a mini-batch. Its gradient is added to the gradients.</summary>
    public double Cost(ParameterSet<T> parameters, MiniBatch batch)
    {
        T share = T.One / T.CreateTruncating(batch.Count), sum = T.Zero;
        Span<T> hidden = stackalloc T[Hidden], hiddenDelta = stackalloc T[Hidden], delta = stackalloc T[DigitSet.Classes];
        foreach (int example in batch.Examples)
        {
            ReadOnlySpan<T> input = Input(example);
            for (int i = 0; i < Hidden; i++)
            {
                hidden[i] = T.Tanh(bias1.Values[i] + TensorPrimitives.Dot(weight1.Values.Slice(i * Inputs, Inputs), input));
            }

            for (int k = 0; k < delta.Length; k++)
            {
                delta[k] = bias2.Values[k] + TensorPrimitives.Dot<T>(weight2.Values.Slice(k * Hidden, Hidden), hidden);
            }

            sum += CrossEntropy(delta, labels[example]);
            TensorPrimitives.Multiply(delta, share, delta);
            TensorPrimitives.Add(bias2.Gradients, delta, bias2.Gradients);
            hiddenDelta.Clear();
            for (int k = 0; k < delta.Length; k++)
            {
                AddScaled(hidden, delta[k], weight2.Gradients.Slice(k * Hidden, Hidden));
                AddScaled(weight2.Values.Slice(k * Hidden, Hidden), delta[k], hiddenDelta);
            }

            for (int i = 0; i < Hidden; i++)
            {
                T slope = hiddenDelta[i] * (T.One - hidden[i] * hidden[i]);
                bias1.Gradients[i] += slope;
                AddScaled(input, slope, weight1.Gradients.Slice(i * Inputs, Inputs));
            }
        }

        return double.CreateTruncating(sum * share);
    }

    /// <summary>−ln p[label] with p = softmax(z). z is replaced by the gradient, p − onehot(label).</summary>
    private static T CrossEntropy(Span<T> logits, int label)
    {
        T largest = TensorPrimitives.Max<T>(logits), own = logits[label] - largest;
        TensorPrimitives.Subtract(logits, largest, logits);
        TensorPrimitives.Exp<T>(logits, logits);
        T partition = TensorPrimitives.Sum<T>(logits);
        TensorPrimitives.Divide(logits, partition, logits);
        logits[label] -= T.One;
        return T.Log(partition) - own;
    }

    private static void AddScaled(ReadOnlySpan<T> x, T scale, Span<T> sum) => TensorPrimitives.MultiplyAdd(x, scale, sum, sum);

    /// <summary>Uniform on ±√(6/(inputs + outputs)), for layers before a tanh. Glorot and Bengio, 2010.</summary>
    private static void Initialize(Parameter<T> weight, Random random)
    {
        double bound = Math.Sqrt(6.0 / weight.Shape.Sum());
        foreach (ref T element in weight.Values)
        {
            element = T.CreateTruncating(bound * (2 * random.NextDouble() - 1));
        }
    }

    /// <summary>The means of the brightness, in [0, 1], over squares of 4×4 pixels.</summary>
    private static T[] InputsOf(DigitSet digits, int count)
    {
        var pooled = new T[count * Inputs];
        for (int example = 0; example < count; example++)
        {
            ReadOnlySpan<byte> image = digits.Image(example);
            for (int cell = 0; cell < Inputs; cell++)
            {
                int sum = 0, top = cell / PooledSide * Pool, left = cell % PooledSide * Pool;
                for (int pixel = 0; pixel < Pool * Pool; pixel++)
                {
                    sum += image[(top + pixel / Pool) * DigitSet.Side + left + pixel % Pool];
                }

                pooled[example * Inputs + cell] = T.CreateTruncating(sum) / T.CreateTruncating(255 * Pool * Pool);
            }
        }

        return pooled;
    }
}
