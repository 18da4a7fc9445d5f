using System.Runtime.InteropServices;

namespace OptimGen.Tests.Ranks;

/// <summary>
/// A run of a few steps over parameters of many pieces, whose gradients are cut into shards, on one process or on ranks; and everything that it leaves, to be compared to
/// the bit.
/// </summary>
internal sealed class ShardedRun
{
    public const int Steps = 3;

    private const float OwnWeight = 0.75f, AddendWeight = -0.5f;

    private readonly List<byte[]> contents = [];

    public ShardedRun(ParameterSet parameters, Optimizer<float> optimizer, int shardCount)
    {
        (Parameters, Optimizer) = (parameters, optimizer);
        Shards = new GradientShards<float>(optimizer, shardCount);
    }

    public ParameterSet Parameters { get; }

    public Optimizer<float> Optimizer { get; }

    public GradientShards<float> Shards { get; }

    /// <summary>Whether each gradient is the sum of two: over an addend of the set if it has one, or else computed here.</summary>
    public bool AddsTwo { get; init; }

    /// <summary>The results of the steps, and the costs.</summary>
    public List<(StepResult Step, double Cost)> Results { get; } = [];

    /// <summary>A set with tensors of many pieces and of one element, biases, a group and memory of another owner; some of them as asked for.</summary>
    public static ParameterSet MakeParameters(ParameterStorage? storage = null)
    {
        storage ??= new ParameterStorage();
        var parameters = new ParameterSet();
        ParameterGroup<float> group = parameters.AddGroup("slow");
        parameters.Add("a", storage, 40_000);
        parameters.AddBias("a.bias", 10);
        group.Add("b", storage, 300, 150);
        parameters.Add("one", 1);
        parameters.Wrap("wrapped", new float[Division.PieceLength + 5], new float[Division.PieceLength + 5]);
        parameters.AddBias("b.bias", 37);
        parameters.Add("c", storage, Division.PieceLength);
        for (int i = 0; i < parameters.Count; i++)
        {
            var values = new float[parameters[i].Length];
            Fill(values, seed: i, scale: 0.5f);
            parameters[i].SetValues(values);
        }

        return parameters;
    }

    /// <summary>Takes the steps.</summary>
    public ShardedRun Take(int steps = Steps)
    {
        for (int i = 0; i < steps; i++)
        {
            AddShards();
            double cost = Shards.Reduce();
            Results.Add((Shards.Step(), cost));
        }

        return this;
    }

    /// <summary>Adds the gradients of this rank's shards.</summary>
    public void AddShards()
    {
        foreach (int shard in Shards.Own)
        {
            Parameters.ZeroGradients();
            double cost = ComputeGradient(shard);
            Shards.Add(shard, 1.0 / Shards.Count, cost);
        }
    }

    /// <summary>Parameters, states, average and results, in bytes.</summary>
    public byte[][] Contents()
    {
        foreach (Parameter<float> parameter in Parameters)
        {
            contents.Add(MemoryMarshal.AsBytes<float>(ValuesOf(parameter)).ToArray());
            foreach (StateDefinition state in Optimizer.Definition.States)
            {
                contents.Add(MemoryMarshal.AsBytes(Optimizer.GetState(parameter, state.Name)).ToArray());
            }

            if (Optimizer.KeptAverage is { } average)
            {
                contents.Add(MemoryMarshal.AsBytes(average.Of(parameter)).ToArray());
            }
        }

        foreach ((StepResult step, double cost) in Results)
        {
            contents.Add(MemoryMarshal.AsBytes<double>([cost, step.GradientNorm ?? -1, step.WasTaken ? 1 : 0]).ToArray());
        }

        return [.. contents];
    }

    /// <summary>A gradient that depends on the shard, the step and the parameters.</summary>
    private double ComputeGradient(int shard)
    {
        double cost = 0;
        for (int i = 0; i < Parameters.Count; i++)
        {
            float[] gradients = new float[Parameters[i].Length], values = ValuesOf(Parameters[i]);
            Fill(gradients, seed: (1000 * (int)Optimizer.StepCount) + (100 * shard) + i, scale: 0.1f);
            for (int element = 0; element < gradients.Length; element++)
            {
                gradients[element] += 0.3f * values[element];
            }

            cost += Math.Abs(gradients[0]);
            if (AddsTwo)
            {
                Add(gradients, Parameters[i], seed: 50 + shard);
            }

            Parameters[i].SetGradients(gradients);
        }

        return cost;
    }

    private void Add(float[] gradients, Parameter<float> parameter, int seed)
    {
        float[] more = new float[gradients.Length];
        Fill(more, seed, scale: 0.2f);
        if (Parameters.GradientAddends.Count > 0)
        {
            (Parameters.GradientWeight, Parameters.GradientAddends[0].Weight) = (OwnWeight, AddendWeight);
            more.CopyTo(Parameters.GradientAddends[0].Of(parameter));
            return;
        }

        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] = (gradients[i] * OwnWeight) + (more[i] * AddendWeight);
        }
    }

    private static float[] ValuesOf(Parameter<float> parameter)
    {
        var values = new float[parameter.Length];
        parameter.CopyValuesTo(values);
        return values;
    }

    private static void Fill(Span<float> values, int seed, float scale)
    {
        var random = new SplitMix64((ulong)seed + 1);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = scale * ((float)(random.Next() >> 40) / (1 << 23) - 1);
        }
    }
}
