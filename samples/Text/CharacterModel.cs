using System.Numerics.Tensors;
using OptimGen;

namespace Text;

/// <summary>
/// A long short-term memory over characters (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000), and a softmax over the next one.
/// Each window starts from a state of zero. It computes in single precision, in whichever form its parameters are kept: their values are copied out before
/// a mini-batch, and its gradients copied in after it.
/// </summary>
internal sealed class CharacterModel
{
    private const int Gates = 4;

    /// <summary>The characters of the alphabet, up to a whole vector of sixteen.</summary>
    private const int Outputs = 32;

    private readonly CharacterText text;
    private readonly int hidden;
    private readonly int gateWidth;
    private readonly Tensor input, recurrent, bias, output, outputBias;
    private readonly Tensor[] tensors;
    private readonly float[] recurrentTranspose, outputTranspose;
    private Workspace work = new(0, 0, 0);

    public CharacterModel(CharacterText text, ParameterSet<float> parameters, int hidden, ParameterStorage storage, int seed)
    {
        (this.text, this.hidden, gateWidth) = (text, hidden, Gates * hidden);
        input = new Tensor(parameters.Add("input", storage, Outputs, gateWidth));
        recurrent = new Tensor(parameters.Add("recurrent", storage, hidden, gateWidth));
        bias = new Tensor(parameters.AddBias("bias", storage, gateWidth));
        output = new Tensor(parameters.Add("output", storage, hidden, Outputs));
        outputBias = new Tensor(parameters.AddBias("outputBias", storage, Outputs));
        tensors = [input, recurrent, bias, output, outputBias];
        recurrentTranspose = new float[recurrent.Values.Length];
        outputTranspose = new float[output.Values.Length];
        Initialize(new Random(seed));
    }

    /// <summary>The mean cost of a character over some windows, in nats; its gradient is left in the parameters' gradients.</summary>
    public double Cost(ReadOnlySpan<int> windows)
    {
        double cost = Forward(windows);
        Backward(windows);
        foreach (Tensor tensor in tensors)
        {
            tensor.Parameter.SetGradients(tensor.Gradients);
        }

        return cost;
    }

    /// <summary>The mean cost of a character over some windows, in nats, without its gradient.</summary>
    public double CostAlone(ReadOnlySpan<int> windows) => Forward(windows);

    private void Initialize(Random random)
    {
        foreach (Tensor tensor in new[] { input, recurrent, output })
        {
            float range = 1 / MathF.Sqrt(hidden);
            foreach (ref float value in tensor.Values.AsSpan())
            {
                value = range * (2 * random.NextSingle() - 1);
            }
        }

        // A forget gate that is open at first lets gradients through (Jozefowicz et al., 2015).
        bias.Values.AsSpan(hidden, hidden).Fill(1);
        foreach (Tensor tensor in tensors)
        {
            tensor.Parameter.SetValues(tensor.Values);
        }
    }

    private double Forward(ReadOnlySpan<int> windows)
    {
        foreach (Tensor tensor in tensors)
        {
            tensor.Parameter.CopyValuesTo(tensor.Values);
        }

        // Rows are computed four at a time; those beyond the batch repeat its first window, with a weight of zero.
        int batch = (windows.Length + 3) / 4 * 4;
        if (work.Batch != batch)
        {
            work = new Workspace(text.Window, batch, hidden);
        }

        double cost = 0;
        for (int t = 0; t < text.Window; t++)
        {
            float[] gates = work.Gates[t];
            for (int row = 0; row < batch; row++)
            {
                ReadOnlySpan<float> ofCharacter = input.Values.AsSpan(text[WindowOf(windows, row), t] * gateWidth, gateWidth);
                TensorPrimitives.Add(ofCharacter, bias.Values, gates.AsSpan(row * gateWidth, gateWidth));
            }

            MatrixProduct.Add(work.Hidden[t], isTransposed: false, recurrent.Values, gates, batch, hidden, gateWidth);
            for (int row = 0; row < batch; row++)
            {
                Advance(gates.AsSpan(row * gateWidth, gateWidth), work.Cells[t], work.Cells[t + 1], work.CellTangents[t], work.Hidden[t + 1], row * hidden);
            }

            float[] logits = work.Logits[t];
            for (int row = 0; row < batch; row++)
            {
                outputBias.Values.CopyTo(logits.AsSpan(row * Outputs, Outputs));
            }

            MatrixProduct.Add(work.Hidden[t + 1], isTransposed: false, output.Values, logits, batch, hidden, Outputs);
            cost += CrossEntropy(logits, windows, t);
        }

        return cost / ((double)windows.Length * text.Window);
    }

    /// <summary>i, f, o = σ(·), g = tanh(·); c ← f⊙c + i⊙g; h = o⊙tanh(c).</summary>
    private void Advance(Span<float> gates, float[] before, float[] after, float[] tangents, float[] state, int at)
    {
        Span<float> i = gates[..hidden], f = gates.Slice(hidden, hidden), g = gates.Slice(2 * hidden, hidden), o = gates.Slice(3 * hidden, hidden);
        TensorPrimitives.Sigmoid<float>(i, i);
        TensorPrimitives.Sigmoid<float>(f, f);
        TensorPrimitives.Tanh<float>(g, g);
        TensorPrimitives.Sigmoid<float>(o, o);
        Span<float> cell = after.AsSpan(at, hidden), tangent = tangents.AsSpan(at, hidden);
        TensorPrimitives.Multiply<float>(i, g, cell);
        TensorPrimitives.FusedMultiplyAdd<float>(f, before.AsSpan(at, hidden), cell, cell);
        TensorPrimitives.Tanh<float>(cell, tangent);
        TensorPrimitives.Multiply<float>(o, tangent, state.AsSpan(at, hidden));
    }

    /// <summary>−Σ ln p[next] of the logits z, p = softmax(z), which are replaced by the gradient p − onehot(next) of the mean.</summary>
    private double CrossEntropy(float[] logits, ReadOnlySpan<int> windows, int t)
    {
        double sum = 0;
        float scale = 1f / (windows.Length * text.Window);
        for (int row = 0; row < logits.Length / Outputs; row++)
        {
            Span<float> z = logits.AsSpan(row * Outputs, Outputs);
            if (row >= windows.Length)
            {
                z.Clear();
                continue;
            }

            int next = text[windows[row], t + 1];
            // Subtracts the largest logit, which does not change the softmax, so that the exponentials cannot overflow.
            TensorPrimitives.Subtract(z, TensorPrimitives.Max<float>(z), z);
            float logit = z[next];
            TensorPrimitives.Exp<float>(z, z);
            float partition = TensorPrimitives.Sum<float>(z);
            sum += Math.Log(partition) - logit;
            TensorPrimitives.Multiply(z, scale / partition, z);
            z[next] -= scale;
        }

        return sum;
    }

    private void Backward(ReadOnlySpan<int> windows)
    {
        int batch = work.Batch;
        MatrixProduct.Transpose(recurrent.Values, recurrentTranspose, hidden, gateWidth);
        MatrixProduct.Transpose(output.Values, outputTranspose, hidden, Outputs);
        foreach (Tensor tensor in tensors)
        {
            tensor.Gradients.AsSpan().Clear();
        }

        float[] stateDelta = new float[batch * hidden], cellDelta = new float[batch * hidden];
        for (int t = text.Window - 1; t >= 0; t--)
        {
            float[] logitDelta = work.Logits[t], gates = work.Gates[t];
            MatrixProduct.Add(work.Hidden[t + 1], isTransposed: true, logitDelta, output.Gradients, hidden, batch, Outputs);
            MatrixProduct.Add(logitDelta, isTransposed: false, outputTranspose, stateDelta, batch, Outputs, hidden);
            for (int row = 0; row < batch; row++)
            {
                TensorPrimitives.Add(outputBias.Gradients, logitDelta.AsSpan(row * Outputs, Outputs), outputBias.Gradients);
                Reverse(gates.AsSpan(row * gateWidth, gateWidth), work.Cells[t], work.CellTangents[t], stateDelta, cellDelta, row * hidden);
                ReadOnlySpan<float> delta = gates.AsSpan(row * gateWidth, gateWidth);
                TensorPrimitives.Add(bias.Gradients, delta, bias.Gradients);
                Span<float> ofCharacter = input.Gradients.AsSpan(text[WindowOf(windows, row), t] * gateWidth, gateWidth);
                TensorPrimitives.Add(ofCharacter, delta, ofCharacter);
            }

            MatrixProduct.Add(work.Hidden[t], isTransposed: true, gates, recurrent.Gradients, hidden, batch, gateWidth);
            Array.Clear(stateDelta);
            MatrixProduct.Add(gates, isTransposed: false, recurrentTranspose, stateDelta, batch, gateWidth, hidden);
        }
    }

    /// <summary>Replaces the gates of one row by their deltas, and the delta of the cell after the step by that before it.</summary>
    private void Reverse(Span<float> gates, float[] before, float[] tangents, float[] stateDelta, float[] cellDelta, int at)
    {
        for (int k = 0; k < hidden; k++)
        {
            float i = gates[k], f = gates[hidden + k], g = gates[(2 * hidden) + k], o = gates[(3 * hidden) + k];
            float tangent = tangents[at + k], delta = stateDelta[at + k];
            float ofCell = cellDelta[at + k] + (delta * o * (1 - (tangent * tangent)));
            gates[k] = ofCell * g * i * (1 - i);
            gates[hidden + k] = ofCell * before[at + k] * f * (1 - f);
            gates[(2 * hidden) + k] = ofCell * i * (1 - (g * g));
            gates[(3 * hidden) + k] = delta * tangent * o * (1 - o);
            cellDelta[at + k] = ofCell * f;
        }
    }

    private static int WindowOf(ReadOnlySpan<int> windows, int row) => windows[row < windows.Length ? row : 0];

    /// <summary>A parameter with its values and its gradient in single precision.</summary>
    private sealed class Tensor(Parameter<float> parameter)
    {
        public Parameter<float> Parameter { get; } = parameter;

        public float[] Values { get; } = new float[parameter.Length];

        public float[] Gradients { get; } = new float[parameter.Length];
    }

    /// <summary>What a mini-batch computes, for each character of its windows. The states before the first character are zero.</summary>
    private sealed class Workspace(int length, int batch, int hidden)
    {
        public int Batch { get; } = batch;

        public float[][] Hidden { get; } = Of(length + 1, batch * hidden);

        public float[][] Cells { get; } = Of(length + 1, batch * hidden);

        public float[][] CellTangents { get; } = Of(length, batch * hidden);

        public float[][] Gates { get; } = Of(length, batch * hidden * CharacterModel.Gates);

        public float[][] Logits { get; } = Of(length, batch * Outputs);

        private static float[][] Of(int count, int size) => [.. Enumerable.Range(0, count).Select(_ => new float[size])];
    }
}
