namespace OptimGen.Tests.RuleLanguage;

/// <summary>A parameter whose value stages compute may have the name of a state of these stages; the method then receives a copy of it.</summary>
[Optimizer]
internal sealed partial class NamedAsState
{
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1;

    [UpdateRule]
    private static float Update(float parameter, [Ewa(0.5)] float firstMoment, float learningRate)
    {
        firstMoment *= 10;
        return parameter - learningRate * firstMoment;
    }
}

public class NamedAsStateTests
{
    [Fact]
    public void Assignment_LeavesTheStateAlone()
    {
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("p", 37);
        var optimizer = new NamedAsState(parameters);
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            optimizer.InstructionSet = set;
            parameter.Values.Clear();
            optimizer.GetState(parameter, "firstMoment").Clear();
            parameter.Gradients.Fill(4);
            optimizer.Step();
            optimizer.Step();
            Assert.All(optimizer.GetState(parameter, "firstMoment").ToArray(), state => Assert.Equal(3, state));
            Assert.All(parameter.Values.ToArray(), value => Assert.Equal(-50, value));
        }
    }
}
