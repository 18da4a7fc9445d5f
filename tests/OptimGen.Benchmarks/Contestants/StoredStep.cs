namespace OptimGen.Benchmarks.Contestants;

/// <summary>A step whose states are kept in some form, over parameters that contestants share, or over parameters and gradients of its own in bfloat16.</summary>
internal sealed class StoredStep : IContestant
{
    private readonly Optimizer<float> optimizer;

    public StoredStep(string name, Func<ParameterSet, OptimizerOptions, Optimizer<float>> create, Memory<float> values, Memory<float> gradients, Storage storage, Setting setting)
    {
        var parameters = new ParameterSet();
        parameters.Wrap("parameter", values, gradients);
        optimizer = create(parameters, new OptimizerOptions { StateStorage = storage });
        Name = name;
        Set(setting);
    }

    public StoredStep(string name, int length, Storage storage, Setting setting)
    {
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("parameter", ParameterStorage.BFloat16, length);
        parameter.BFloat16Values.Fill(BFloat16.FromSingle(0.25f));
        parameter.BFloat16Gradients.Fill(BFloat16.FromSingle(0.01f));
        optimizer = new Adam(parameters, new OptimizerOptions { StateStorage = storage });
        Name = name;
        Set(setting);
    }

    public string Name { get; }

    /// <summary>The bytes of the states.</summary>
    public long StateBytes => optimizer.StateBytes;

    public void Step() => optimizer.Step();

    private void Set(Setting setting)
    {
        optimizer.InstructionSet = setting.InstructionSet;
        optimizer.MaxDegreeOfParallelism = setting.Threads;
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
    }
}
