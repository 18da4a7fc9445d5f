using OptimGen.CodeFixes.Refactorings;
using OptimGen.Generator.Tests.Harness;
using OptimGen.RandomRules;

namespace OptimGen.Generator.Tests.Refactorings;

/// <summary>From a method to attributes: only where they compute the same, and with the numbers of the method.</summary>
public class DeclareByAttributesTests
{
    private const string Rate = "[Hyperparameter] public float LearningRate { get; set; } = 0.01f;";

    /// <summary>There and back: the method of a stack is that stack again, and none is taken for another.</summary>
    [Fact]
    public async Task MethodOfAStack_IsTheStack()
    {
        foreach (StageStack stack in StageStack.Pairwise)
        {
            string source = stack.ToRule(0).Source;
            string method = (await RefactoringTest.ApplyAsync<DeclareByMethodRefactoring>(source))!;
            string? attributes = await RefactoringTest.ApplyAsync<DeclareByAttributesRefactoring>(method);
            if (source.Contains("FirstSteps", StringComparison.Ordinal))
            {
                Assert.Null(attributes);
                continue;
            }

            Assert.True(attributes is not null, method);
            Assert.DoesNotContain("{", attributes, StringComparison.Ordinal);
            Assert.Equal(Definition(source), Definition(attributes));
        }
    }

    [Theory]
    [InlineData(
        "[Optimizer(Contract = true, Unroll = 2)]\npartial class Any\n{\n    " + Rate + "\n\n    [UpdateRule]\n    static float Update(float parameter, float gradient, float learningRate) => parameter - gradient * learningRate;\n}\n",
        "[Optimizer(LearningRate = 0.01, Unroll = 2)]\npartial class Any;\n")]
    [InlineData(
        "[Optimizer]\npartial class Any\n{\n    " + Rate + "\n    // mine\n    public int Seed { get; set; }\n    [UpdateRule]\n    static float Update(float parameter, float gradient, float learningRate) => System.MathF.FusedMultiplyAdd(-learningRate, gradient, parameter);\n}\n",
        "[Optimizer(LearningRate = 0.01)]\npartial class Any\n{\n    // mine\n    public int Seed { get; set; }\n}\n")]
    [InlineData(
        "[OptimGen.Optimizer(Contract = true)] partial class Any { " + Rate + " [Hyperparameter] public float Momentum { get; set; } = 0.5f; [UpdateRule] static float Update(float parameter, float gradient, [State] ref float momentumBuffer, float learningRate, float momentum) { momentumBuffer = gradient + momentumBuffer * momentum; return parameter - learningRate * momentumBuffer; } }",
        "[OptimGen.Optimizer(LearningRate = 0.01), OptimGen.HeavyBall(0.5)] partial class Any;")]
    public async Task Text(string before, string after)
    {
        Assert.Equal(GeneratorTest.Usings + after, await RefactoringTest.ApplyAsync<DeclareByAttributesRefactoring>(GeneratorTest.Usings + before));
        GeneratorTest.Run(GeneratorTest.Usings + after);
    }

    /// <summary>Without a fused multiply-add, with another sign or number, in another precision, with a default that is refused, or with a body that cannot be read.</summary>
    [Theory]
    [InlineData("[Optimizer]", Rate, "parameter - learningRate * gradient")]
    [InlineData("[Optimizer(Contract = true)]", Rate, "parameter + learningRate * gradient")]
    [InlineData("[Optimizer(Contract = true)]", Rate, "parameter - 2 * learningRate * gradient")]
    [InlineData("[Optimizer(Contract = true)]", "[Hyperparameter] public float LearningRate { get; set; } = -1;", "parameter - learningRate * gradient")]
    [InlineData("[Optimizer(Contract = true)]", Rate + " [Hyperparameter] public float Unused { get; set; }", "parameter - learningRate * gradient")]
    [InlineData("[Optimizer(Contract = true)]", Rate + " [PerStep] static void Other(long step, out double unused) => unused = step % 2;", "parameter - learningRate * gradient")]
    public async Task IsNotOffered_ForAnotherComputation(string attribute, string members, string value) => Assert.Null(await RefactoringTest.ApplyAsync<DeclareByAttributesRefactoring>(
        $"using OptimGen; {attribute} partial class Any {{ {members} [UpdateRule] static float Update(float parameter, float gradient, float learningRate) => {value}; }}"));

    /// <summary>What a step computes and starts from, with the defaults.</summary>
    private static string Definition(string source)
    {
        (Model.OptimizerSpec spec, Steps.StepProgram program) = Assert.Single(Catalogue.KnownRulesTests.Lower(source));
        return string.Join('\n', spec.Rule.Hyperparameters.Select(one => $"{one.Name} {one.Default}")) + Steps.RuleFingerprint.Text(program);
    }
}
