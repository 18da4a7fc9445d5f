using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Golden;

/// <summary>Rules that are stacks of attributes, against the trajectories of torch.optim, on every instruction set.</summary>
public class GoldenTests
{
    private static readonly Dictionary<string, Func<ParameterSet, Optimizer<float>>> Makers = new()
    {
        ["sgd"] = parameters => new Sgd(parameters),
        ["heavy_ball"] = parameters => new HeavyBallDescent(parameters),
        ["nesterov"] = parameters => new NesterovDescent(parameters),
        ["adam"] = parameters => new Adam(parameters),
        ["adamw"] = parameters => new AdamW(parameters),
        ["rmsprop"] = parameters => new RmsProp(parameters),
        ["adagrad"] = parameters => new Adagrad(parameters),
    };

    public static TheoryData<string, InstructionSet> OnEverySet => EverySet.Of(Makers.Keys);

    /// <summary>
    /// The tolerance is 4 units in the last place or 1e-6, relative to the largest value that the element has had so far. Where a parameter passes
    /// through zero, its value is mostly the rounding error of earlier steps, and two orders of operations, such as torch's and fused multiply-adds,
    /// do not agree relative to that value. These cases must be rare: 99% agree to 4 units or 1e-6 relative to the value itself.
    /// </summary>
    [Theory, MemberData(nameof(OnEverySet))]
    public void Parameters_AreThoseOfTorchInSinglePrecision(string name, InstructionSet set)
    {
        GoldenTrajectory torch = GoldenTrajectory.Read(name, "float32");
        float[][] ours = Run(name, torch, set);
        double[] largest = [.. torch.P0.Select(Math.Abs)];
        var remainders = new List<string>();
        for (int step = 0; step < torch.Steps; step++)
        {
            for (int i = 0; i < torch.N; i++)
            {
                double want = torch.Params[step][i];
                largest[i] = Math.Max(largest[i], Math.Abs(want));
                string where = FormattableString.Invariant($"{name}, {set}, step {step + 1}, element {i}: got {ours[step][i]:R}, torch has {(float)want:R}");
                Assert.True(IsNear(ours[step][i], want, largest[i]), where);
                if (!IsNear(ours[step][i], want, Math.Abs(want)))
                {
                    remainders.Add(where);
                }
            }
        }

        Assert.True(remainders.Count <= 0.01 * torch.Steps * torch.N, string.Join('\n', remainders));
    }

    /// <summary>Largest and root mean square error, absolute and relative, over all elements and steps: at most 1.5 times torch's own.</summary>
    [Theory, MemberData(nameof(OnEverySet))]
    public void Parameters_AreAsNearToDoublePrecisionAsTorch(string name, InstructionSet set)
    {
        GoldenTrajectory torch = GoldenTrajectory.Read(name, "float32");
        GoldenTrajectory exact = GoldenTrajectory.Read(name, "float64");
        ErrorNorms ours = ErrorNorms.Of(Run(name, torch, set), exact.Params);
        ErrorNorms theirs = ErrorNorms.Of([.. torch.Params.Select(step => step.Select(value => (float)value).ToArray())], exact.Params);
        string numbers = $"{name}, {set}:\nours    {ours}\ntorch's {theirs}";
        Assert.True(ours.Largest <= 1.5 * theirs.Largest, numbers);
        Assert.True(ours.RootMeanSquare <= 1.5 * theirs.RootMeanSquare, numbers);
        Assert.True(ours.LargestRelative <= 1.5 * theirs.LargestRelative, numbers);
        Assert.True(ours.RootMeanSquareRelative <= 1.5 * theirs.RootMeanSquareRelative, numbers);
    }

    /// <summary>The declarations of GoldenOptimizers.cs say what the files were computed with.</summary>
    [Theory, MemberData(nameof(OnEverySet))]
    public void Hyperparameters_AreThoseOfTheFile(string name, InstructionSet set)
    {
        GoldenTrajectory single = GoldenTrajectory.Read(name, "float32"), exact = GoldenTrajectory.Read(name, "float64");
        Assert.Equal(single.P0, exact.P0);
        Assert.Equal(single.Grads, exact.Grads);
        Optimizer<float> optimizer = Make(name, single.N, set);
        var names = new Dictionary<string, string> { ["lr"] = "LearningRate", ["momentum"] = "Momentum", ["weight_decay"] = "WeightDecay" };
        foreach ((string key, System.Text.Json.JsonElement value) in single.Hyper.Where(one => one.Key != "nesterov"))
        {
            Assert.Equal(value.GetDouble(), optimizer.GetHyperparameter(names[key]));
        }

        Assert.Equal(single.Hyper.ContainsKey("nesterov"), optimizer.Definition.Equations.Any(equation => equation.StartsWith("n =", StringComparison.Ordinal)));
    }

    private static bool IsNear(float got, double want, double scale)
    {
        double unit = MathF.BitIncrement((float)scale) - (float)scale;
        return Math.Abs(got - want) <= Math.Max(4 * unit, 1e-6 * scale);
    }

    private static Optimizer<float> Make(string name, int length, InstructionSet set)
    {
        var parameters = new ParameterSet();
        parameters.Add("p", length);
        Optimizer<float> optimizer = Makers[name](parameters);
        optimizer.InstructionSet = set;
        return optimizer;
    }

    /// <summary>The parameters after each step.</summary>
    private static float[][] Run(string name, GoldenTrajectory golden, InstructionSet set)
    {
        Optimizer<float> optimizer = Make(name, golden.N, set);
        Parameter<float> parameter = optimizer.Parameters[0];
        Narrow(golden.P0, parameter.Values);
        var after = new float[golden.Steps][];
        for (int step = 0; step < golden.Steps; step++)
        {
            Narrow(golden.Grads[step], parameter.Gradients);
            optimizer.Step();
            after[step] = parameter.Values.ToArray();
        }

        return after;
    }

    private static void Narrow(double[] from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = (float)from[i];
        }
    }
}
