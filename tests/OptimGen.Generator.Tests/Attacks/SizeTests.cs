using System.Text;
using Microsoft.CodeAnalysis;
using OptimGen.Generator.Steps;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests.Attacks;

/// <summary>Generated code grows with its rule, and no faster; what is too deep or too long is refused.</summary>
public class SizeTests
{
    /// <summary>A function whose text has an operand several times must not repeat what it is applied to.</summary>
    [Theory]
    [InlineData("System.Math.Clamp(F(§), -3f, 3f)")]
    [InlineData("System.MathF.Sign(F(§))")]
    [InlineData("System.MathF.Abs(F(§)) * F(§)")]
    [InlineData("(F(§) > 0 ? F(§) : -F(§))")]
    public void NestedFunctions_GrowByTheSameAmountEachTime(string function)
    {
        bool doubles = function.Count(character => character == '§') > 1;
        int[] sizes = [.. Enumerable.Range(1, 8).Select(depth => Size(RuleOf(string.Concat(Enumerable.Range(1, depth).Select(i =>
            $"float x{i} = {function.Replace("§", $"x{i - 1}", StringComparison.Ordinal)};\n")), $"x{depth}")))];
        int[] growth = [.. sizes.Skip(1).Zip(sizes).Select(pair => pair.First - pair.Second)];
        Assert.All(growth.Skip(2), one => Assert.InRange(one, 0, growth[1] * 3 / 2));
        if (doubles)
        {
            return;
        }

        int nested = Size(RuleOf("", Enumerable.Range(0, 8).Aggregate("gradient", (inner, _) => function.Replace("§", inner, StringComparison.Ordinal))));
        Assert.InRange(nested, 0, sizes[^1] * 3 / 2);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(1500)]
    public void LongRules_GiveAnInstructionOrTwoAStatement(int statements)
    {
        string source = RuleOf(string.Concat(Enumerable.Range(1, statements - 1).Select(i => $"float x{i} = x{i - 1} * 0.5f + gradient;\n")), $"x{statements - 1}");
        GeneratorRun run = GeneratorTest.Run(source);
        StepProgram program = ProgramOf(run);

        Assert.InRange(program.Updates.Single().Instructions.Count(), statements, (2 * statements) + 10);
        Assert.InRange(program.Values.Count, statements, (4 * statements) + 30);
        // For each instruction set a kernel that is the rule alone, and one with what surrounds it; the first may be unrolled, which a long one is not.
        Assert.Equal(1, program.Updates.Single().Unroll);
        Assert.InRange(run.Files.Values.Single().Split('\n').Length, 8 * statements, (11 * statements) + 1000);
    }

    /// <summary>Branches that do not return are selected between, one after the other.</summary>
    [Fact]
    public void ManyBranches_GrowByTheSameAmountEachTime()
    {
        int few = Branches(100), many = Branches(200);
        Assert.InRange(many - few, 0, few * 5 / 4);

        static int Branches(int count) => Size(RuleOf(string.Concat(Enumerable.Range(1, count).Select(i =>
            $"if (x0 > {i}) {{ x0 -= gradient; }} else {{ x0 += {i}; }}\n")), "x0"));
    }

    [Fact]
    public void ExpressionsThatAreTooDeep_AreRefused()
    {
        string sum = string.Join(" + ", Enumerable.Repeat("gradient", 300));
        string part = string.Join(" + ", Enumerable.Repeat("gradient", 102));
        const string Advice = "it stands 200 operations deep in an expression; give parts of it names, as locals";
        GeneratorTest.Run(
            RuleOf("", sum),
            $"OPTG020 at `{part}`: '{part[..57]}…' cannot be part of a kernel: {Advice}",
            $"OPTG020 at `gradient`: 'gradient' cannot be part of a kernel: {Advice}");
        GeneratorTest.Run(RuleOf("", string.Join(" + ", Enumerable.Repeat("gradient", 150))));
    }

    /// <summary>No expression that the compiler can read is too deep to be refused.</summary>
    [Theory]
    [InlineData("+ gradient", 3000)]
    [InlineData("+ 1.0", 3000)]
    [InlineData("- System.Math.Sqrt(gradient)", 3000)]
    [InlineData("* unknown", 2000)]
    public void ExpressionsOfAnyDepth_DoNotEndTheCompiler(string part, int times)
    {
        var test = new GeneratorTest();
        Microsoft.CodeAnalysis.CSharp.CSharpCompilation compilation = test.Compile(RuleOf("", "gradient " + string.Join(' ', Enumerable.Repeat(part, times))));
        Assert.Null(test.Driver().RunGenerators(compilation).GetRunResult().Results.Single().Exception);
        Assert.All(GeneratorTest.Diagnose(compilation), one => Assert.NotEqual("AD0001", one.Id));
    }

    private static string RuleOf(string statements, string result) => GeneratorTest.Usings + $$"""
        [Optimizer]
        internal sealed partial class Any
        {
            private static float F(float x) => x * x + 0.5f * x;

            [UpdateRule]
            private static float Update(float parameter, float gradient)
            {
                float x0 = gradient;
                {{statements}}
                return parameter - 0.01f * x0 * ({{result}});
            }
        }
        """;

    private static int Size(string source)
    {
        string file = GeneratorTest.Run(source).Files.Values.Single();
        return file.Length - file.IndexOf("namespace OptimGen.Generated", StringComparison.Ordinal);
    }

    private static StepProgram ProgramOf(GeneratorRun run)
    {
        object lowered = run.Driver.GetRunResult().Results.Single().TrackedSteps[OptimizerGenerator.LowerStep].Single().Outputs.Single().Value;
        return (((Model.OptimizerSpec, StepProgram Program, string))lowered).Program;
    }
}
