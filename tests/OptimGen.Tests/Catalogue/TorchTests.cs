using OptimGen.Tests.Golden;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>The shipped optimizers, with torch's hyperparameters, against the trajectories of torch.optim, on every instruction set.</summary>
public class TorchTests
{
    private static readonly Dictionary<string, Func<ParameterSet, Optimizer<float>>> Makers = new()
    {
        ["sgd"] = parameters => new OptimGen.Sgd(parameters) { LearningRate = 0.1f },
        ["heavy_ball"] = parameters => new OptimGen.HeavyBall(parameters) { LearningRate = 0.05f, Momentum = 0.9f },
        ["nesterov"] = parameters => new OptimGen.Nesterov(parameters) { LearningRate = 0.05f, Momentum = 0.9f },
        ["adam"] = parameters => WithRate(AdamPreset.Torch(parameters), 0.01f),
        ["adamw"] = parameters => WithDecay(AdamWPreset.Torch(parameters), 0.01f, 0.05f),
        ["rmsprop"] = parameters => WithRate(RmsPropPreset.Torch(parameters), 0.01f),
        ["adagrad"] = parameters => WithRate(AdagradPreset.Torch(parameters), 0.1f),
    };

    public static TheoryData<string, InstructionSet> OnEverySet => EverySet.Of(Makers.Keys);

    /// <summary>
    /// The error against torch in double precision, over all elements and steps, is like that of torch in single precision: at most 1.5 times its
    /// largest and its root mean square error, absolute and relative.
    /// </summary>
    [Theory, MemberData(nameof(OnEverySet))]
    public void Trajectory_IsAsNearToDoublePrecisionAsTorchs(string name, InstructionSet set)
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

    /// <summary>The references of the catalogue agree with torch in double precision to the last digits.</summary>
    [Theory]
    [InlineData("sgd", "Sgd")]
    [InlineData("heavy_ball", "HeavyBall")]
    [InlineData("nesterov", "Nesterov")]
    [InlineData("adam", "Adam")]
    [InlineData("adamw", "AdamW")]
    [InlineData("rmsprop", "RmsProp")]
    [InlineData("adagrad", "Adagrad")]
    public void Reference_IsTorchInDoublePrecision(string name, string optimizer)
    {
        GoldenTrajectory exact = GoldenTrajectory.Read(name, "float64");
        CatalogueEntry entry = CatalogueEntries.Of(optimizer);
        var hyperparameters = entry.Hyperparameters.ToDictionary(one => one.Name, one => one.Default);
        foreach ((string key, System.Text.Json.JsonElement value) in exact.Hyper.Where(one => one.Key != "nesterov"))
        {
            hyperparameters[key == "lr" ? "LearningRate" : key == "momentum" ? "Momentum" : "WeightDecay"] = value.GetDouble();
        }

        Reference reference = entry.Reference(hyperparameters, exact.P0);
        for (int step = 0; step < exact.Steps; step++)
        {
            reference.Step(exact.Grads[step]);
            for (int i = 0; i < exact.P0.Length; i++)
            {
                double want = exact.Params[step][i];
                Assert.Equal(want, reference.Parameters[i].Value, 1e-13 * Math.Max(1, Math.Max(Math.Abs(want), Math.Abs(exact.P0[i]))));
            }
        }
    }

    private static T WithRate<T>(T optimizer, float rate)
        where T : Optimizer<float>
    {
        optimizer.SetHyperparameter("LearningRate", rate);
        return optimizer;
    }

    private static OptimGen.AdamW WithDecay(OptimGen.AdamW optimizer, float rate, float decay)
    {
        optimizer.LearningRate = rate;
        optimizer.WeightDecay = decay;
        return optimizer;
    }

    /// <summary>The parameters after each step.</summary>
    private static float[][] Run(string name, GoldenTrajectory golden, InstructionSet set)
    {
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("p", golden.N);
        Optimizer<float> optimizer = Makers[name](parameters);
        optimizer.InstructionSet = set;
        Columns.Copy(golden.P0, parameter.Values);
        var after = new float[golden.Steps][];
        for (int step = 0; step < golden.Steps; step++)
        {
            Columns.Copy(golden.Grads[step], parameter.Gradients);
            optimizer.Step();
            after[step] = parameter.Values.ToArray();
        }

        return after;
    }
}
