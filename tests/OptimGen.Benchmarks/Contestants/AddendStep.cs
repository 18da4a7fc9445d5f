using System.Numerics.Tensors;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>Adam over a set with gradient addends.</summary>
internal sealed class AddendStep : IContestant
{
    private readonly Adam optimizer;

    public AddendStep(float[][] gradients, NonFiniteGradientPolicy policy, Setting setting)
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("parameter", gradients[0].Length);
        gradients[0].CopyTo(weights.Gradients);
        foreach (float[] more in gradients.Skip(1))
        {
            more.CopyTo(parameters.AddGradients().Of(weights));
        }

        optimizer = new Adam(parameters) { InstructionSet = setting.InstructionSet, MaxDegreeOfParallelism = setting.Threads, NonFiniteGradients = policy };
    }

    public string Name => "addends";

    public void Step() => optimizer.Step();
}

/// <summary>Adam over a gradient that has been added up before: by an addition for each gradient, or by one pass over all of them.</summary>
internal sealed class AddedStep : IContestant
{
    private const int Tile = 4096;

    private readonly float[][] gradients;
    private readonly bool inOnePass;
    private readonly int threads;
    private readonly Memory<float> sum;
    private readonly Adam optimizer;

    public AddedStep(string name, float[][] gradients, bool inOnePass, NonFiniteGradientPolicy policy, Setting setting)
    {
        (Name, this.gradients, this.inOnePass, threads) = (name, gradients, inOnePass, setting.Threads);
        var parameters = new ParameterSet();
        sum = GC.AllocateArray<float>(gradients[0].Length, pinned: true);
        parameters.Wrap("parameter", GC.AllocateArray<float>(sum.Length, pinned: true), sum);
        optimizer = new Adam(parameters) { InstructionSet = setting.InstructionSet, MaxDegreeOfParallelism = setting.Threads, NonFiniteGradients = policy };
    }

    public string Name { get; }

    public void Step()
    {
        if (inOnePass)
        {
            ForEachPart((start, end) =>
            {
                for (; start < end; start += Tile)
                {
                    int length = Math.Min(Tile, end - start);
                    AddAll(start, length);
                }
            });
        }
        else
        {
            ForEachPart((start, end) => TensorPrimitives.Add(gradients[0].AsSpan(start, end - start), gradients[1].AsSpan(start, end - start), sum.Span[start..end]));
            for (int i = 2; i < gradients.Length; i++)
            {
                float[] more = gradients[i];
                ForEachPart((start, end) => TensorPrimitives.Add(sum.Span[start..end], more.AsSpan(start, end - start), sum.Span[start..end]));
            }
        }

        optimizer.Step();
    }

    /// <summary>A few thousand elements at a time, so that the sum is in the first-level cache until it is complete.</summary>
    private void AddAll(int start, int length)
    {
        Span<float> part = sum.Span.Slice(start, length);
        TensorPrimitives.Add(gradients[0].AsSpan(start, length), gradients[1].AsSpan(start, length), part);
        for (int i = 2; i < gradients.Length; i++)
        {
            TensorPrimitives.Add(part, gradients[i].AsSpan(start, length), part);
        }
    }

    private void ForEachPart(Action<int, int> body)
    {
        if (threads == 1)
        {
            body(0, sum.Length);
            return;
        }

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
            body((int)((long)sum.Length * part / threads), (int)((long)sum.Length * (part + 1) / threads)));
    }
}
