using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>A step over tensors as a small network has them, or over one that is as long as all of them.</summary>
internal sealed class ManyTensors : IContestant
{
    /// <summary>100 matrices of 32×32, and 100 vectors of 32.</summary>
    private static readonly int[][] Shapes = [.. Enumerable.Range(0, 200).Select(index => index % 2 == 0 ? new[] { 32, 32 } : new[] { 32 })];

    private readonly Optimizer<float> optimizer;

    private ManyTensors(string name, Rule rule, ParameterSet parameters, Setting setting, bool checkFinite)
    {
        Name = name;
        foreach (Parameter<float> parameter in parameters)
        {
            parameter.Values.Fill(1);
            parameter.Gradients.Fill(0.5f);
        }

        optimizer = rule.Create(parameters);
        optimizer.InstructionSet = setting.InstructionSet;
        optimizer.MaxDegreeOfParallelism = setting.Threads;
        optimizer.NonFiniteGradients = checkFinite ? NonFiniteGradientPolicy.Throw : NonFiniteGradientPolicy.Allow;
    }

    /// <summary>The number of elements of all tensors.</summary>
    public static int Length { get; } = Shapes.Sum(shape => shape.Aggregate((rows, columns) => rows * columns));

    public string Name { get; }

    public static ManyTensors One(Rule rule, Setting setting, bool checkFinite)
    {
        var parameters = new ParameterSet(Length);
        parameters.Add("all", Length);
        return new ManyTensors("one tensor", rule, parameters, setting, checkFinite);
    }

    public static ManyTensors InArena(Rule rule, Setting setting, bool checkFinite)
    {
        var parameters = new ParameterSet(Length);
        for (int i = 0; i < Shapes.Length; i++)
        {
            parameters.Add($"tensor{i}", Shapes[i]);
        }

        return new ManyTensors("200 in the arena", rule, parameters, setting, checkFinite);
    }

    public static ManyTensors Wrapped(Rule rule, Setting setting, bool checkFinite)
    {
        var parameters = new ParameterSet();
        for (int i = 0; i < Shapes.Length; i++)
        {
            int length = Shapes[i].Aggregate((rows, columns) => rows * columns);
            parameters.Wrap($"tensor{i}", new float[length], new float[length], Shapes[i]);
        }

        return new ManyTensors("200 wrapped", rule, parameters, setting, checkFinite);
    }

    public void Step() => optimizer.Step();
}
