namespace OptimGen.Benchmarks.Contestants;

/// <summary>A step whose states are kept in some form, over parameters that contestants share.</summary>
internal sealed class StoredStep : IContestant
{
    private readonly Optimizer<float> optimizer;

    public StoredStep(string name, Func<ParameterSet, OptimizerOptions, Optimizer<float>> create, Memory<float> values, Memory<float> gradients, Storage storage, Setting setting)
    {
        var parameters = new ParameterSet();
        parameters.Wrap("parameter", values, gradients);
        optimizer = create(parameters, new OptimizerOptions { StateStorage = storage });
        optimizer.InstructionSet = setting.InstructionSet;
        optimizer.MaxDegreeOfParallelism = setting.Threads;
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        Name = name;
    }

    public string Name { get; }

    /// <summary>The bytes of the states.</summary>
    public long StateBytes => optimizer.StateBytes;

    public void Step() => optimizer.Step();
}
