using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Parsing;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>
/// A declaration with an error still gets its base class, constructor, properties, groups and states, so that the one diagnostic is the generator's, and
/// none of the compiler's that merely follows from it. (Where the compiler has errors of declarations, it does not even run analyzers.)
/// </summary>
public class SkeletonTests
{
    private const string Use = """

        static class Use
        {
            static void Step(ParameterSet<float> set, ParameterGroup<float> group, Parameter<float> w)
            {
                var optimizer = new Rule(set) { LearningRate = 0.1f };
                optimizer.For(group).LearningRate = 0.2f;
                optimizer.For(group).LearningRateScale = 2;
                optimizer.Step();
            }
        }
        """;

    [Fact]
    public void AStage_WithAValueOutOfRange() => GeneratorTest.Run(
        GeneratorTest.Usings + "[Optimizer, Ewa(1.5)] internal partial class Rule : Optimizer<float>;" + Use.Replace(
            "optimizer.Step();", "optimizer.Step(); optimizer.Beta1 = 0; optimizer.For(group).Beta1 = null; optimizer.States.FirstMoment(w)[0] = 1;", StringComparison.Ordinal),
        "OPTG005 at `1.5`: β of [Ewa] is 1.5; it must be in [0, 1)");

    [Fact]
    public void TwoStages_WithAHyperparameterOfOneName() => GeneratorTest.Run(
        GeneratorTest.Usings + "[Optimizer, RmsNormalize(0.9), InfinityNormalize(0.9)] internal partial class Rule;" + Use.Replace(
            "optimizer.Step();", "optimizer.Step(); optimizer.Beta2 = 0;", StringComparison.Ordinal),
        "OPTG010 at `InfinityNormalize(0.9)`: [RmsNormalize] and [InfinityNormalize] are both the rule's second moment; keep one of them");

    [Fact]
    public void AMethod_WithSomethingThatNoKernelHas()
    {
        const string Rule = """
            [Optimizer] internal partial class Rule
            {
                [Hyperparameter] public float LearningRate { get; set; } = 1;

                [UpdateRule] private static float Update(float parameter, float gradient, [State] ref float speed, float learningRate)
                {
                    speed = gradient;
                    return parameter - learningRate * float.Parse("1");
                }
            }
            """;
        GeneratorTest.Run(
            GeneratorTest.Usings + Rule + Use.Replace("optimizer.Step();", "optimizer.Step(); optimizer.States.Speed(w)[0] = 1;", StringComparison.Ordinal),
            "OPTG020 at `float.Parse(\"1\")`: 'float.Parse(\"1\")' cannot be part of a kernel: the functions that have the same bits everywhere are Sqrt, Abs, Min, Max, Sign, CopySign, FusedMultiplyAdd, Clamp, and those of RuleMath");
    }

    /// <summary>The generated constructor is there, so what is said is what is wrong.</summary>
    [Fact]
    public void AMethod_ThatMakesAnOptimizer() => GeneratorTest.Run(
        GeneratorTest.Usings + """
            [Optimizer] internal partial class Rule
            {
                [Hyperparameter] public float LearningRate { get; set; } = 1;

                [UpdateRule] private static float Update(float parameter, float gradient) => parameter - new Rule(null!).LearningRate * gradient;
            }
            """,
        "OPTG020 at `new Rule(null!).LearningRate`: 'new Rule(null!).LearningRate' cannot be part of a kernel: a rule is static; take the hyperparameter as a parameter named 'learningRate'");

    [Fact]
    public void AMethod_ThatCannotBeARule() => GeneratorTest.Run(
        GeneratorTest.Usings + """
            [Optimizer] internal partial class Rule
            {
                [Hyperparameter] public float LearningRate { get; set; } = 1;

                [UpdateRule] private float Update(float parameter, float gradient, float learningRate) => parameter - learningRate * gradient;
            }
            """ + Use,
        "OPTG022 at `Update`: The method 'Update' must be static to be the optimizer's [UpdateRule]; it takes hyperparameters as parameters, by their names in camelCase");

    [Fact]
    public void AConstructorOfTheUsers_IsNotWrittenASecondTime() => GeneratorTest.Run(
        GeneratorTest.Usings + """
            [Optimizer, Ewa(0.9)] internal partial class Rule
            {
                public Rule(ParameterSet<float> parameters)
                    : base(parameters, null!)
                {
                }
            }
            """ + Use,
        "OPTG003 at `Rule`: 'Rule' declares 'Rule(ParameterSet<float>)', a member that the generator adds; remove or rename it");

    /// <summary>
    /// The analyzer parses the class with its generated members. The compiler would hide what it said of them; a build with another severity would not.
    /// </summary>
    [Theory, MemberData(nameof(Optimizers.Names), MemberType = typeof(Optimizers))]
    public void OfGeneratedMembers_NothingIsSaid(string name)
    {
        Compilation output = GeneratorTest.Run(Optimizers.Source(name)).Output;
        var said = new List<Diagnostic>();
        foreach (INamedTypeSymbol type in output.GetSymbolsWithName(_ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>()
            .Where(type => type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == nameof(OptimizerAttribute))))
        {
            Assert.NotNull(OptimizerParser.Parse(type, output, new DiagnosticSink(said.Add), CancellationToken.None));
        }

        Assert.Empty(said);
    }

    [Fact]
    public void MembersOfTheUsers_AreNotWrittenASecondTime() => GeneratorTest.Run(
        GeneratorTest.Usings + """
            [Optimizer, Ewa(0.9)] internal partial class Rule
            {
                public int States = 1;

                public float Beta1 { get; set; }
            }
            """ + Use,
        "OPTG003 at `States`: 'Rule' declares 'States', a member that the generator adds; remove or rename it",
        "OPTG003 at `Beta1`: 'Rule' declares 'Beta1', a member that the generator adds; remove or rename it");
}
