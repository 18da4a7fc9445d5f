using Microsoft.CodeAnalysis.CodeFixes;
using OptimGen.CodeFixes;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests.CodeFixes;

/// <summary>Each fix: the text before and after it, for one finding and for all of a file; and where nothing is offered.</summary>
public class CodeFixTests
{
    [Theory]
    [InlineData("[Optimizer]\nclass Any;", "[Optimizer]\npartial class Any;")]
    [InlineData("[Optimizer] /* a */ public /* b */ sealed class Any;", "[Optimizer] /* a */ public /* b */ sealed partial class Any;")]
    [InlineData(
        "// outer\ninternal class Outer\r\n{\r\n    /// <summary>θ.</summary>\r\n    [Optimizer]\r\n    class Any;\r\n}",
        "// outer\ninternal partial class Outer\r\n{\r\n    /// <summary>θ.</summary>\r\n    [Optimizer]\r\n    partial class Any;\r\n}")]
    public Task MakePartial(string before, string after) => Verify<MakePartialFix>(before, "Make 'Any' partial", after);

    [Fact]
    public Task MakePartial_All() => VerifyAll<MakePartialFix>(
        "class Outer\n{\n    struct Inner { [Optimizer] class One; }\n    [Optimizer] public class Two;\n}\n[Optimizer] class Three;\n", "Make 'Outer' partial",
        "partial class Outer\n{\n    partial struct Inner { [Optimizer] partial class One; }\n    [Optimizer] public partial class Two;\n}\n[Optimizer] partial class Three;\n");

    [Theory]
    [InlineData("[Ewa(0.9)]\nclass Any;", "[Optimizer, Ewa(0.9)]\npartial class Any;")]
    [InlineData("[Ewa(0.9), RmsNormalize(0.99)]\npublic partial class Any;", "[Optimizer, Ewa(0.9), RmsNormalize(0.99)]\npublic partial class Any;")]
    [InlineData(
        "    // a rule\n    sealed class Any\n    {\n        [UpdateRule] static float Update(float parameter, float gradient) => parameter - gradient;\n    }",
        "    // a rule\n    [Optimizer]\n    sealed partial class Any\n    {\n        [UpdateRule] static float Update(float parameter, float gradient) => parameter - gradient;\n    }")]
    public Task AddOptimizer(string before, string after) => Verify<AddOptimizerFix>(before, "Mark 'Any' [Optimizer]", after);

    [Fact]
    public Task AddOptimizer_All() => VerifyAll<AddOptimizerFix>(
        "[Ewa(0.9), RmsNormalize(0.9)] class Any;\n[HeavyBall(0.9)] partial class Other;\n", "Mark 'Any' [Optimizer]",
        "[Optimizer, Ewa(0.9), RmsNormalize(0.9)] partial class Any;\n[Optimizer, HeavyBall(0.9)] partial class Other;\n");

    [Theory]
    [InlineData("[Ewa(0.9)] static class Any;")]
    [InlineData("[Ewa(0.9)] class Any<T>;")]
    [InlineData("[Ewa(0.9)] class Any : System.EventArgs;")]
    [InlineData("[Ewa(0.9)] abstract class Any;")]
    public async Task AddOptimizer_NotToOtherTypes(string source) => Assert.Empty(await CodeFixTest.TitlesAsync<AddOptimizerFix>(GeneratorTest.Usings + source));

    [Theory]
    [InlineData("[State] float m", "[State] ref float m")]
    [InlineData("[State] /* kept */ float m", "[State] /* kept */ ref float m")]
    [InlineData("[State(InitialValue = 1)]\n        in float m", "[State(InitialValue = 1)]\n        ref float m")]
    public Task AddRef(string before, string after)
    {
        string statements = after.Contains("in float", StringComparison.Ordinal) ? "" : "m += gradient; return parameter - m;";
        return Verify<BindParameterFix>(Rule(before, statements), "Pass 'm' by ref", Rule(after, statements));
    }

    [Fact]
    public Task AddRef_InAScalarMethod() => Verify<BindParameterFix>(
        Rule("float factor", "return parameter - factor * gradient;", "[PerStep] static void Count([State] double n, out double factor) { n++; factor = 1 / n; }"), "Pass 'n' by ref",
        Rule("float factor", "return parameter - factor * gradient;", "[PerStep] static void Count([State] ref double n, out double factor) { n++; factor = 1 / n; }"));

    [Fact]
    public Task AddRef_All() => VerifyAll<BindParameterFix>(
        Rule("[State] float a, [State] float b", "a += gradient; b += a; return parameter - b;"), "Pass 'a' by ref",
        Rule("[State] ref float a, [State] ref float b", "a += gradient; b += a; return parameter - b;"));

    [Fact]
    public async Task AddRef_NotToAnotherType() =>
        Assert.Empty(await CodeFixTest.TitlesAsync<BindParameterFix>(Rule("[State] double m", "return parameter - gradient;")));

    [Theory]
    [InlineData("float m", "[State] ref float m")]
    [InlineData("ref float m", "[State] ref float m")]
    public Task KeepAsState(string before, string after) => Verify<BindParameterFix>(
        Rule(before, "m += gradient; return parameter - m;"), "Keep 'm' as a state", Rule(after, "m += gradient; return parameter - m;"));

    [Fact]
    public Task DeclareHyperparameter() => Verify<BindParameterFix>(
        Rule("float eta", "return parameter - eta * gradient;"), "Declare the hyperparameter 'Eta'",
        Rule("float eta", "return parameter - eta * gradient;").Replace("    [UpdateRule]", "    [Hyperparameter] public float Eta { get; set; }\n\n    [UpdateRule]", StringComparison.Ordinal));

    [Fact]
    public Task DeclareHyperparameter_BehindTheLast_All() => VerifyAll<BindParameterFix>(
        Rule("float eta, float norm, float zeta, float a", "return parameter - a * eta * norm * zeta * gradient;", Declared + "\n\n    [Reduce(Reduction.Norm)] static float Norm(float gradient, float eta) => eta * gradient;"),
        "Declare the hyperparameter 'Eta'",
        Rule("float eta, float norm, float zeta, float a", "return parameter - a * eta * norm * zeta * gradient;",
            Declared + "\n\n    [Hyperparameter] public float Eta { get; set; }\n\n    [Hyperparameter] public float Zeta { get; set; }\n\n    [Reduce(Reduction.Norm)] static float Norm(float gradient, float eta) => eta * gradient;"));

    [Fact]
    public Task DeclareHyperparameter_WithoutUsing() => CodeFixTest.VerifyCodeFixAsync<BindParameterFix>(
        "[OptimGen.Optimizer] partial class Any\n{\n    [OptimGen.UpdateRule] static double Update(double parameter, double gradient, double eta) => parameter - eta * gradient;\n}",
        "Declare the hyperparameter 'Eta'",
        "[OptimGen.Optimizer] partial class Any\n{\n    [OptimGen.Hyperparameter] public double Eta { get; set; }\n\n    [OptimGen.UpdateRule] static double Update(double parameter, double gradient, double eta) => parameter - eta * gradient;\n}");

    [Fact]
    public Task MarkProperty() => Verify<BindParameterFix>(
        Rule("float eta", "return parameter - eta * gradient;", "/// <summary>η.</summary>\n    public float Eta { get; set; } = 1;"), "Mark 'Eta' [Hyperparameter]",
        Rule("float eta", "return parameter - eta * gradient;", "/// <summary>η.</summary>\n    [Hyperparameter] public float Eta { get; set; } = 1;"));

    [Theory]
    [InlineData("learningrate", "learningRate")]
    [InlineData("learnigRate", "learningRate")]
    [InlineData("leraningRate", "learningRate")]
    [InlineData("lr", "learningRate")]
    [InlineData("rate", "learningRate")]
    public Task Rename(string name, string meant)
    {
        const string Property = "[Hyperparameter] public float LearningRate { get; set; } = 1;";
        return Verify<BindParameterFix>(
            Rule($"float {name} /* η */", $"float x = {name}; return parameter - {name} * gradient * x;", Property), $"Rename '{name}' to '{meant}'",
            Rule($"float {meant} /* η */", $"float x = {meant}; return parameter - {meant} * gradient * x;", Property));
    }

    [Fact]
    public Task Rename_All() => VerifyAll<BindParameterFix>(
        "[Optimizer] partial class Any { [UpdateRule] static float Update(float paramter, float gradeint) => paramter - gradeint; }", "Rename 'paramter' to 'parameter'",
        "[Optimizer] partial class Any { [UpdateRule] static float Update(float parameter, float gradient) => parameter - gradient; }");

    [Theory]
    [InlineData("float eta", "return parameter - eta * gradient;")]
    [InlineData("float gradeint", "float gradient2 = gradeint; return parameter - gradient * gradient2;")]
    [InlineData("float learnigRate", "float learningRate = learnigRate; return parameter - gradient * learningRate;")]
    public async Task Rename_NotToANameThatIsFarOrTaken(string parameters, string statements)
    {
        string[] titles = await CodeFixTest.TitlesAsync<BindParameterFix>(Rule(parameters, statements, "[Hyperparameter] public float LearningRate { get; set; } = 1;"));
        Assert.DoesNotContain(titles, title => title.StartsWith("Rename", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gradient * Math.Sqrt(2)", "Write MathF.Sqrt", "gradient * MathF.Sqrt(2)")]
    [InlineData("(float)Math.Sqrt(gradient * gradient) /* | */ * 2", "Write MathF.Sqrt", "MathF.Sqrt(gradient * gradient) /* | */ * 2")]
    [InlineData("gradient * System.Math.PI", "Write MathF.PI", "gradient * System.MathF.PI")]
    [InlineData("gradient * (float)double.Sqrt(2)", "Write float.Sqrt", "gradient * float.Sqrt(2)")]
    [InlineData("gradient * (float)Math.Exp(gradient)", "Write RuleMath.Exp", "gradient * RuleMath.Exp(gradient)")]
    [InlineData("MathF.Tanh(gradient)", "Write RuleMath.Tanh", "RuleMath.Tanh(gradient)")]
    [InlineData("0.25 * gradient", "Write 0.25f", "0.25f * gradient")]
    [InlineData("1e-3d * gradient", "Write 1e-3f", "1e-3f * gradient")]
    public Task Precision(string before, string title, string after)
    {
        // A sum of float and double is not a float to C# either.
        static string InFloat(string value) => "using System;\n" + Rule("", $"float g = (float)(parameter - {value}); return g;");
        return CodeFixTest.VerifyCodeFixAsync<PrecisionFix>(InFloat(before), title, InFloat(after));
    }

    [Fact]
    public Task Precision_All() => VerifyAll<PrecisionFix>(
        "[Optimizer] partial class Any { [UpdateRule] static float Update(float parameter, float gradient) => (float)(parameter - 0.1 * (0.5 * gradient)); }", "Write 0.1f",
        "[Optimizer] partial class Any { [UpdateRule] static float Update(float parameter, float gradient) => (float)(parameter - 0.1f * (0.5f * gradient)); }");

    [Fact]
    public Task Precision_OfDouble() => VerifyAll<PrecisionFix>(
        "[Optimizer] partial class Any { [UpdateRule] static double Update(double parameter, double gradient) => parameter - 0.1f * gradient - 3.3e0f; }", "Write 0.1",
        "[Optimizer] partial class Any { [UpdateRule] static double Update(double parameter, double gradient) => parameter - 0.1 * gradient - 3.3e0; }");

    [Theory]
    [InlineData("Ewa(0.9), HeavyBall(0.8)", "Remove [HeavyBall]", "Ewa(0.9)")]
    [InlineData("Ewa(0.9), HeavyBall(0.8)", "Remove [Ewa]", "HeavyBall(0.8)")]
    [InlineData("HeavyBall(0.8), BiasCorrection", "Remove [BiasCorrection]", "HeavyBall(0.8)")]
    [InlineData("Ewa(0.9), RmsNormalize(0.9), SignUpdate", "Remove [RmsNormalize]", "Ewa(0.9), SignUpdate")]
    [InlineData("Ewa(0.9), RmsNormalize(0.9), SignUpdate", "Remove [SignUpdate]", "Ewa(0.9), RmsNormalize(0.9)")]
    [InlineData("Ewa(0.9), TrackAverage, WeightDecay(0.1)", "Remove [WeightDecay]", "Ewa(0.9), TrackAverage")]
    [InlineData("Ewa(0.9, Nesterov = true), TrackAverage", "Remove Nesterov", "Ewa(0.9), TrackAverage")]
    [InlineData("RmsNormalize(0.9, Centered = true, AmsGrad = true)", "Remove Centered", "RmsNormalize(0.9, AmsGrad = true)")]
    [InlineData("InfinityNormalize(0.9, EpsilonPlacement = EpsilonPlacement.InsideRoot)", "Remove EpsilonPlacement", "InfinityNormalize(0.9)")]
    public Task RemoveStage(string before, string title, string after) => Verify<RemoveStageFix>(
        $"/// <summary>A rule.</summary>\n[Optimizer, {before}] // stages\npartial class Any;", title, $"/// <summary>A rule.</summary>\n[Optimizer, {after}] // stages\npartial class Any;");

    [Fact]
    public Task RemoveStage_InAListOfItsOwn() => Verify<RemoveStageFix>(
        "// first\n[HeavyBall(0.9)]\n[Optimizer]\n[Ewa(0.9)]\npartial class Any;", "Remove [HeavyBall]", "// first\n[Optimizer]\n[Ewa(0.9)]\npartial class Any;");

    [Fact]
    public Task RemoveStage_BesideAMethod_All() => VerifyAll<RemoveStageFix>(
        "/// <summary>A rule.</summary>\n[Ewa(0.9)]\n[Optimizer, SignUpdate]\npartial class Any\n{\n    [UpdateRule] static float Update(float parameter, float gradient) => parameter - gradient;\n}", "Remove [Ewa]",
        "/// <summary>A rule.</summary>\n[Optimizer]\npartial class Any\n{\n    [UpdateRule] static float Update(float parameter, float gradient) => parameter - gradient;\n}");

    /// <summary>A list of which nothing is left goes too.</summary>
    [Fact]
    public Task RemoveStage_EveryOneOfAList_All() => VerifyAll<RemoveStageFix>(
        Rule("[ClipByValue(1), WeightDecay(0.1)] float eta", "return parameter - gradient - eta;", Declared.Replace("A {", "Eta {", StringComparison.Ordinal))
            .Replace("[Optimizer]", "// rule\n[Optimizer]\n[Ewa(0.9), SignUpdate]", StringComparison.Ordinal), "Remove [Ewa]",
        Rule("float eta", "return parameter - gradient - eta;", Declared.Replace("A {", "Eta {", StringComparison.Ordinal))
            .Replace("[Optimizer]", "// rule\n[Optimizer]", StringComparison.Ordinal));

    /// <summary>Every page of a diagnostic that can be fixed shows a mistake for which something is offered.</summary>
    [Fact]
    public async Task EveryFixableMistakeOfAPage_HasAFix()
    {
        Assert.Contains("Make 'Momentum' partial", await CodeFixTest.TitlesAsync<MakePartialFix>(Wrong("OPTG001")));
        Assert.Contains("Mark 'Momentum' [Optimizer]", await CodeFixTest.TitlesAsync<AddOptimizerFix>(Wrong("OPTG004")));
        Assert.Contains("Write 0.999", await CodeFixTest.TitlesAsync<MoveIntoBoundsFix>(Wrong("OPTG005")));
        Assert.Contains("Write RuleMath.Tanh", await CodeFixTest.TitlesAsync<PrecisionFix>(Wrong("OPTG020")));
        Assert.Contains("Write MathF.Sqrt", await CodeFixTest.TitlesAsync<PrecisionFix>(Wrong("OPTG021")));
        Assert.Contains("Rename 'rate' to 'learningRate'", await CodeFixTest.TitlesAsync<BindParameterFix>(Wrong("OPTG023")));
        Assert.Contains("Write 0.1", await CodeFixTest.TitlesAsync<PrecisionFix>(Wrong("OPTG038")));
        foreach (string id in new RemoveStageFix().FixableDiagnosticIds)
        {
            Assert.All(await CodeFixTest.TitlesAsync<RemoveStageFix>(Wrong(id)), title => Assert.StartsWith("Remove ", title, StringComparison.Ordinal));
            Assert.NotEmpty(await CodeFixTest.TitlesAsync<RemoveStageFix>(Wrong(id)));
        }
    }

    private static string Wrong(string id) => GeneratorTest.Usings + DiagnosticPageTests.Block(id, "Wrong");

    [Theory]
    [InlineData("[Optimizer, Ewa(1.5)] partial class Any;", "Write 0.999", "[Optimizer, Ewa(0.999)] partial class Any;")]
    [InlineData("[Optimizer, Ewa(1f)] partial class Any;", "Write 0.999f", "[Optimizer, Ewa(0.999f)] partial class Any;")]
    [InlineData("[Optimizer, Ewa(/* β */ -0.5)] partial class Any;", "Write 0", "[Optimizer, Ewa(/* β */ 0)] partial class Any;")]
    [InlineData("[Optimizer(LearningRate = -1)] partial class Any;", "Write 0", "[Optimizer(LearningRate = 0)] partial class Any;")]
    [InlineData("[Optimizer, ClipByValue(0)] partial class Any;", "Write 1", "[Optimizer, ClipByValue(1)] partial class Any;")]
    [InlineData("[Optimizer, Ewa(0.9), BiasCorrection(FirstSteps = 0)] partial class Any;", "Write 1", "[Optimizer, Ewa(0.9), BiasCorrection(FirstSteps = 1)] partial class Any;")]
    public Task MoveIntoBounds(string before, string title, string after) => Verify<MoveIntoBoundsFix>(before, title, after);

    [Theory]
    [InlineData("Min = 0, Max = 0.5", "2f", "0.5f")]
    [InlineData("Min = 0, MinIsExclusive = true", "-2f", "1f")]
    [InlineData("Max = 3", "1 + 4", "3")]
    [InlineData("Min = 0.25, Max = 3", "0", "0.25f")]
    public Task MoveIntoBounds_OfAProperty(string bounds, string before, string after) => Verify<MoveIntoBoundsFix>(
        Bounded(bounds, before), $"Write {after}", Bounded(bounds, after));

    [Fact]
    public Task MoveIntoBounds_All() => VerifyAll<MoveIntoBoundsFix>(
        "[Optimizer, Ewa(2), RmsNormalize(3, Epsilon = 1e-7)] partial class Any;", "Write 0.999", "[Optimizer, Ewa(0.999), RmsNormalize(0.999, Epsilon = 1e-7)] partial class Any;");

    [Theory]
    [InlineData("[Optimizer, Ewa(double.NaN)] partial class Any;")]
    [InlineData("[Optimizer(ElementType = typeof(int))] partial class Any;")]
    public async Task MoveIntoBounds_NotWithoutABound(string source) => Assert.Empty(await CodeFixTest.TitlesAsync<MoveIntoBoundsFix>(GeneratorTest.Usings + source));

    [Theory]
    [InlineData("float", "1 / 2 * gradient", "1f / 2 * gradient")]
    [InlineData("double", "gradient * (1 / 2)", "gradient * (1.0 / 2)")]
    public Task DivideAsElement(string type, string before, string after) => Verify<DivisionFix>(Division(type, before), $"Divide as {type}", Division(type, after));

    [Fact]
    public Task DivideAsElement_All() => VerifyAll<DivisionFix>(
        Division("float", "1 / 2 * gradient - gradient * (3 / 4)"), "Divide as float", Division("float", "1f / 2 * gradient - gradient * (3f / 4)"));

    [Fact]
    public Task DivideAsElement_ByACast() => Verify<DivisionFix>(
        Rule("float factor", "return parameter - factor * gradient;", "[PerStep] static void Count(long step, out double factor) => factor = (step + 1) / 7;"), "Divide as double",
        Rule("float factor", "return parameter - factor * gradient;", "[PerStep] static void Count(long step, out double factor) => factor = (double)(step + 1) / 7;"));

    private static string Division(string type, string value) =>
        $"[Optimizer] partial class Any {{ [UpdateRule] static {type} Update({type} parameter, {type} gradient) => parameter - gradient - {value}; }}";

    [Fact]
    public void EveryFix_IsOfADiagnosticThatExists()
    {
        CodeFixProvider[] fixes =
        [
            .. typeof(OptimizerFixProvider).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(CodeFixProvider))).Select(type => (CodeFixProvider)Activator.CreateInstance(type)!),
        ];
        Assert.Equal(8, fixes.Length);
        Assert.Empty(fixes.SelectMany(fix => fix.FixableDiagnosticIds).Except(Descriptors.All.Select(one => one.Id)));
        Assert.All(fixes, fix => Assert.NotNull(fix.GetFixAllProvider()));
        Assert.All(fixes, fix => Assert.Equal(fix.GetType().Name, ((ExportCodeFixProviderAttribute)Attribute.GetCustomAttribute(fix.GetType(), typeof(ExportCodeFixProviderAttribute))!).Name));
    }

    private const string Declared = "[Hyperparameter] public float A { get; set; } = 1;";

    private static string Bounded(string bounds, string value) => Rule(
        "float eta", "return parameter - eta * gradient;", $"[Hyperparameter({bounds})] public float Eta {{ get; set; }} = {value}; // η");

    private static string Rule(string parameters, string statements, string members = "") => $$"""
        using OptimGen;
        [Optimizer]
        partial class Any
        {
            {{(members.Length > 0 ? members + "\n\n    " : "")}}[UpdateRule]
            static float Update(float parameter, float gradient{{(parameters.Length > 0 ? ", " + parameters : "")}})
            {
                {{statements}}
            }
        }
        """;

    private static string WithUsings(string source) => source.StartsWith(GeneratorTest.Usings, StringComparison.Ordinal) ? source : GeneratorTest.Usings + source;

    private static Task Verify<TFix>(string before, string title, string after)
        where TFix : CodeFixProvider, new() => CodeFixTest.VerifyCodeFixAsync<TFix>(WithUsings(before), title, WithUsings(after));

    private static Task VerifyAll<TFix>(string before, string title, string after)
        where TFix : CodeFixProvider, new() => CodeFixTest.VerifyFixAllAsync<TFix>(WithUsings(before), title, WithUsings(after));
}
