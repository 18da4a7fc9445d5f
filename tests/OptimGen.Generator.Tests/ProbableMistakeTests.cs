using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>What compiles and is probably not meant: where it is said, and the neighbours of which nothing is said.</summary>
public class ProbableMistakeTests
{
    private const string Rate = "[Hyperparameter] public float LearningRate { get; set; } = 0.1f;";

    [Theory]
    [InlineData("velocity = 0.9f * velocity + gradient; return parameter - learningRate * gradient;")]
    [InlineData("velocity = gradient; return parameter - learningRate * velocity;")]
    [InlineData("velocity = gradient; return parameter - learningRate * gradient;")]
    [InlineData("if (gradient > 0) { velocity = 1; } else { velocity = 2; } return parameter - learningRate * velocity * gradient;")]
    [InlineData("float old = velocity; velocity += old; return parameter - learningRate * gradient;")]
    public void OPTG030_StateWithoutEffect(string statements) => Check(
        Rule("[State] ref float velocity, ", statements),
        "OPTG030 at `velocity`: The state 'velocity' of an earlier step never reaches the parameter; read it before it is assigned, use a local in its place, or remove it");

    [Theory]
    [InlineData("velocity = 0.9f * velocity + gradient; return parameter - learningRate * velocity;")]
    [InlineData("float next = parameter - velocity; velocity = learningRate * gradient; return next;")]
    [InlineData("if (gradient > 0) { velocity = 1; } return parameter - learningRate * velocity * gradient;")]
    [InlineData("bool down = velocity > gradient; velocity = gradient; return down ? parameter : parameter - learningRate * gradient;")]
    [InlineData("velocity = Twice(velocity) + gradient; return parameter - Twice(learningRate * velocity); static float Twice(float x) { x += x; return x; }")]
    public void OPTG030_NotForAStateThatIsRead(string statements) => Check(Rule("[State] ref float velocity, ", statements));

    /// <summary>One state may act through another, or through a reduction.</summary>
    [Fact]
    public void OPTG030_NotForAStateOfAnotherState() => Check(
        Rule("[State] ref float a, [State] ref float b, float norm, ", "a += gradient * norm; float old = b; b = a; return parameter - learningRate * old;")
            .Replace(Rate, Rate + " [Reduce(Reduction.Norm)] private static float Norm(float a, float gradient) => a + gradient;", StringComparison.Ordinal));

    [Fact]
    public void OPTG030_TwoStatesOfEachOther() => Check(
        Rule("[State] ref float a, [State] ref float b, ", "float old = b; b = a + gradient; a = old; return parameter - learningRate * gradient;"),
        "OPTG030 at `a`: The state 'a' of an earlier step never reaches the parameter; read it before it is assigned, use a local in its place, or remove it",
        "OPTG030 at `b`: The state 'b' of an earlier step never reaches the parameter; read it before it is assigned, use a local in its place, or remove it");

    [Fact]
    public void OPTG030_ValueOfAStage() => Check(
        Rule("[Ewa(0.9), BiasCorrection] float average, [RmsNormalize(0.9)] float scaled, ", "return parameter - learningRate * scaled;"),
        "OPTG030 at `average`: What the stages of 'average' compute never reaches the parameter; use it, or remove the parameter");

    [Fact]
    public void OPTG030_NotForAStageThatIsReadAsPrevious() => Check(
        Rule("[Ewa(0.9)] float average, [Previous(\"firstMoment\")] float before, ", "return parameter - learningRate * before;"));

    [Fact]
    public void OPTG030_ScalarState()
    {
        string method = " [PerStep] private static void Count(double learningRate, [State] ref double total, out double factor) { total += learningRate; factor = 1 / total; }";
        Check(
            Rule("", "return parameter - learningRate * gradient;").Replace(Rate, Rate + method, StringComparison.Ordinal),
            "OPTG030 at `total`: The state 'total' never reaches the parameter; use what the method computes, or remove it");
        Check(Rule("float factor, ", "return parameter - factor * gradient;").Replace(Rate, Rate + method, StringComparison.Ordinal).Replace("float learningRate)", "float learningRate = 1)", StringComparison.Ordinal));
    }

    [Fact]
    public void OPTG031_StateNeverWritten()
    {
        const string Statements = "return parameter - learningRate * (gradient + kept);";
        Check(
            Rule("[State(InitialValue = 0.5)] ref float kept, ", Statements),
            "OPTG031 at `kept`: The state 'kept' is never written, so it is 0.5 at every step; assign to it, or declare a hyperparameter or a constant in its place");
        Check(Rule("[State(CopyOfParameter = true)] ref float kept, ", Statements));
        Check(Rule("[State] ref float kept, ", "kept = -kept; " + Statements));
        Check(Rule("[State] ref float kept, ", "if (gradient > 0) { kept++; } " + Statements));
    }

    [Fact]
    public void OPTG032_HyperparameterWithoutEffect()
    {
        Check(
            Rule("", "float unused = 2 * learningRate; return parameter - gradient;"),
            "OPTG032 at `LearningRate`: The hyperparameter 'LearningRate' never reaches the parameter; take it as 'learningRate' where it is meant to act, or remove [Hyperparameter]");
        Check(Rule("", "return gradient > 0 ? parameter - learningRate : parameter + learningRate;"));
        Check(Rule("[State] ref float m, ", "m = m + learningRate; return parameter - m * gradient;"));
        Check(Rule("", "return parameter - 0.1f * gradient;").Replace("[Hyperparameter] ", "", StringComparison.Ordinal).Replace(", float learningRate", "", StringComparison.Ordinal));
    }

    [Fact]
    public void OPTG032_NotWhereAMethodTakesIt() => Check(
        Rule("bool large, ", "return large ? parameter - gradient : parameter - 2 * gradient;")
            .Replace(Rate, Rate + " [PerStep] private static void Choose(double learningRate, out bool large) => large = learningRate > 1;", StringComparison.Ordinal));

    [Fact]
    public void OPTG033_GradientIgnored()
    {
        Check(
            Rule("", "return parameter - learningRate * parameter;"),
            "OPTG033 at `Update`: What 'Update' returns does not depend on the gradient, at this step or a later one; take a parameter 'gradient' and use it");
        Check(Rule("[State] ref float last, ", "float next = parameter - learningRate * last; last = gradient; return next;"));
        Check(Rule("float norm, ", "return parameter - learningRate * norm;")
            .Replace(Rate, Rate + " [Reduce(Reduction.Norm)] private static float Norm(float gradient) => gradient;", StringComparison.Ordinal));
        Check(Rule("[Ewa(0.9)] float average, ", "return parameter - learningRate * average;").Replace("float gradient, ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("float next = parameter - learningRate * gradient; return parameter;")]
    [InlineData("float next = parameter; return next;")]
    [InlineData("if (gradient > 0) { return parameter; } else { return parameter; }")]
    [InlineData("m = gradient; float next = parameter; return gradient > 0 ? next : parameter;")]
    public void OPTG034_ParameterUnchanged(string statements) => Check(
        Rule("[State] ref float m, ", statements), "OPTG034 at `Update`: 'Update' returns the parameter as it was, so a step changes nothing; return the new value");

    [Fact]
    public void OPTG034_NotWhereOneWayChangesIt() => Check(Rule("", "return gradient > 0 ? parameter : parameter - learningRate;"));

    [Theory]
    [InlineData("[RmsNormalize(0.9, Epsilon = 0)]", "0", "Epsilon of [RmsNormalize] is 0")]
    [InlineData("[RmsNormalize(0.9, Epsilon = 1e-46, EpsilonPlacement = EpsilonPlacement.InsideRoot)]", "1e-46", "Epsilon of [RmsNormalize] is 1e-46, 0 as a float")]
    [InlineData("[AdagradNormalize(Epsilon = 1e-60)]", "1e-60", "Epsilon of [AdagradNormalize] is 1e-60, 0 as a float")]
    [InlineData("[InfinityNormalize(0.9, Epsilon = 0f)]", "0f", "Epsilon of [InfinityNormalize] is 0")]
    public void OPTG035_EpsilonOfAStage(string stage, string place, string finding)
    {
        string message = $"OPTG035 at `{place}`: {finding}, so it keeps no denominator from 0; write a larger number, such as 1e-8";
        Check($"[Optimizer] {stage} internal sealed partial class Any;", message);
        Check(Rule(stage + " float scaled, ", "return parameter - learningRate * scaled;"), message);
    }

    [Theory]
    [InlineData("[RmsNormalize(0.9, Epsilon = 1e-38)]")]
    [InlineData("[RmsNormalize(0.9)]")]
    [InlineData("[RmsNormalize(0.9, Epsilon = 1e-45)]")]
    public void OPTG035_NotForAnEpsilonThatAFloatHas(string stage) => Check($"[Optimizer] {stage} internal sealed partial class Any;");

    [Fact]
    public void OPTG035_DoubleHoldsMore() => Check("[Optimizer(ElementType = typeof(double)), RmsNormalize(0.9, Epsilon = 1e-60)] internal sealed partial class Any;");

    [Theory]
    [InlineData("gradient / (System.MathF.Abs(gradient) + epsilon)")]
    [InlineData("gradient / System.MathF.Sqrt(gradient * gradient + epsilon)")]
    [InlineData("gradient / (2 * System.MathF.Sqrt(epsilon + gradient * gradient))")]
    [InlineData("gradient / System.Math.Max(epsilon, System.Math.Abs(gradient))")]
    [InlineData("gradient / Root(gradient * gradient + epsilon)")]
    public void OPTG035_EpsilonOfAMethod(string direction)
    {
        string source = Rule("float epsilon, ", $"return parameter - learningRate * ({direction});").Replace(
            Rate, Rate + " [Hyperparameter] public float Epsilon { get; set; } = 0; private static float Root(float x) { float y = System.MathF.Sqrt(x); return y; }", StringComparison.Ordinal);
        Check(source, "OPTG035 at `Epsilon`: 'Epsilon' is 0, so it keeps no denominator from 0; write a larger number, such as 1e-8");
        Check(source.Replace(" = 0;", " = 1e-8f;", StringComparison.Ordinal));
        // Without an initial value it is meant to be set.
        Check(source.Replace(" = 0;", "", StringComparison.Ordinal));
    }

    /// <summary>Here a 0 is no danger: the sum has another part that guards it, or the hyperparameter is no guard.</summary>
    [Theory]
    [InlineData("gradient / (1 + epsilon)")]
    [InlineData("gradient / (System.MathF.Sqrt(gradient * gradient + epsilon) + 1e-8f)")]
    [InlineData("gradient + epsilon")]
    [InlineData("System.MathF.Sqrt(System.Math.Abs(gradient) + epsilon)")]
    public void OPTG035_NotForOtherPlaces(string direction) => Check(Rule("float epsilon, ", $"return parameter - learningRate * ({direction});").Replace(
        Rate, Rate + " [Hyperparameter] public float Epsilon { get; set; } = 0;", StringComparison.Ordinal));

    /// <summary>The way back from the denominator doubles at each square; a search of every way would not end.</summary>
    [Fact]
    public void OPTG035_NotForADenominatorOfManySquares()
    {
        string squares = string.Concat(Enumerable.Range(1, 80).Select(i => $"float x{i} = x{i - 1} * x{i - 1}; "));
        Check(
            Rule("float epsilon, ", $"float x0 = gradient * gradient; {squares}return parameter - learningRate * gradient / x80 - epsilon;").Replace(
                Rate, Rate + " [Hyperparameter] public float Epsilon { get; set; } = 0;", StringComparison.Ordinal));
    }

    [Fact]
    public void OPTG035_LiteralThatUnderflows() => Check(
        Rule("", "return parameter - learningRate * gradient / (System.Math.Abs(gradient) + 1e-50f + 0.0f + 0e5f);"),
        "OPTG035 at `1e-50f`: '1e-50f' is 0 as a float, so it keeps no denominator from 0; write a larger number, such as 1e-8");

    [Theory]
    [InlineData("1f", "1", "m = beta * m + (1 - beta) * gradient;")]
    [InlineData("0.99999999f", "1", "m += (1 - beta) * (gradient - m);")]
    [InlineData("1", "1", "float news = 1 - beta; m = beta * m + news * gradient * gradient;")]
    public void OPTG036_WeightIsOne(string initial, string value, string statement)
    {
        string source = Rule("[State] ref float m, float beta, ", statement + " return parameter - learningRate * m;").Replace(
            Rate, $"{Rate} [Hyperparameter] public float Beta {{ get; set; }} = {initial};", StringComparison.Ordinal);
        Check(source, $"OPTG036 at `Beta`: 'Beta' is {value}, so 1 − Beta is 0 and the state 'm' takes in nothing new; write a number below 1");
        Check(source.Replace($"= {initial};", "= 0.99f;", StringComparison.Ordinal));
    }

    [Fact]
    public void OPTG036_NotForAFactorOfTheStep() => Check(Rule("[State] ref float m, ", "m = 0.9f * m + gradient; return parameter * (1 - learningRate) - m;").Replace("0.1f", "1", StringComparison.Ordinal));

    [Theory]
    [InlineData("1 / 2 * gradient", "1 / 2")]
    [InlineData("(3 / 2 + 1) * gradient", "3 / 2")]
    [InlineData("-(1 / 3) * gradient", "1 / 3")]
    public void OPTG037_IntegerDivision(string value, string division) => Check(
        Rule("", $"return parameter - learningRate * gradient - {value};"),
        $"OPTG037 at `{division}`: '{division}' divides whole numbers and drops the fraction before it becomes a float; make one operand a float");

    [Theory]
    [InlineData("1f / 2 * gradient")]
    [InlineData("1024 / 8 * gradient")]
    [InlineData("(float)(1 / 2) * gradient")]
    public void OPTG037_NotForOthers(string value) => Check(Rule("", $"return parameter - learningRate * gradient - {value};"));

    [Theory]
    [InlineData("scale = step / 100;", "step / 100")]
    [InlineData("scale = (double)(step / 100);", null)]
    [InlineData("long period = step / 100; scale = period;", null)]
    [InlineData("scale = step / 100.0;", null)]
    public void OPTG037_InAScalarMethod(string statement, string? division) => Check(
        Rule("float scale, ", "return parameter - learningRate * scale * gradient;")
            .Replace(Rate, $"{Rate} [PerStep] private static void Prepare(long step, out double scale) {{ {statement} }}", StringComparison.Ordinal),
        division is null ? [] : [$"OPTG037 at `{division}`: '{division}' divides whole numbers and drops the fraction before it becomes a double; make one operand a double"]);

    [Fact]
    public void OPTG037_InAnAttributeAndAnInitializer()
    {
        Check(
            "[Optimizer, Ewa(9 / 10)] internal sealed partial class Any;",
            "OPTG037 at `9 / 10`: '9 / 10' divides whole numbers and drops the fraction before it becomes a double; make one operand a double");
        Check(
            Rule("", "return parameter - learningRate * gradient;").Replace("0.1f", "1 / 10", StringComparison.Ordinal),
            "OPTG037 at `1 / 10`: '1 / 10' divides whole numbers and drops the fraction before it becomes a float; make one operand a float");
    }

    [Fact]
    public void OPTG038_FloatInDouble() => Check(
        Rule("", "return parameter - learningRate * gradient * 0.3f * 0.5f;").Replace("float ", "double ", StringComparison.Ordinal),
        "OPTG038 at `0.1f`: '0.1f' is 0.10000000149011612 as a double; write it without f",
        "OPTG038 at `0.3f`: '0.3f' is 0.30000001192092896 as a double; write it without f");

    [Fact]
    public void OPTG038_NotInAFloat() => Check(
        Rule("float scale, ", "return parameter - learningRate * gradient * scale;").Replace("float ", "double ", StringComparison.Ordinal).Replace("0.1f", "1", StringComparison.Ordinal)
            .Replace("[UpdateRule]", "[PerStep] private static void Prepare(long step, out float scale) { scale = 0.3f; } [UpdateRule]", StringComparison.Ordinal));

    /// <summary>The optimizers of the other tests are meant as they are.</summary>
    [Theory]
    [MemberData(nameof(Optimizers.Names), MemberType = typeof(Optimizers))]
    public void NothingIsSaidOfRulesThatAreMeant(string name) => new GeneratorTest { ChecksRules = true }.Run([Optimizers.Source(name)]);

    [Fact]
    public void Pragma_Silences() => Check(
        "#pragma warning disable OPTG034, OPTG035\n" + Rule("", "return parameter;") + "[Optimizer, RmsNormalize(0.9, Epsilon = 0)] internal sealed partial class Other;\n#pragma warning restore OPTG034\n"
            + Rule("", "return parameter;").Replace("class Any", "class Third", StringComparison.Ordinal),
        "OPTG034 at `Update`: 'Update' returns the parameter as it was, so a step changes nothing; return the new value");

    /// <summary>A line of .editorconfig turns a warning off, or into an error, or a suggestion into a warning.</summary>
    [Theory]
    [InlineData("OPTG034", "none", null)]
    [InlineData("OPTG034", "suggestion", DiagnosticSeverity.Info)]
    [InlineData("OPTG034", "warning", DiagnosticSeverity.Warning)]
    [InlineData("OPTG034", "error", DiagnosticSeverity.Error)]
    [InlineData("OPTG030", "none", DiagnosticSeverity.Warning)]
    public void EditorConfig_Decides(string id, string severity, DiagnosticSeverity? want)
    {
        AnalyzerConfigSet set = AnalyzerConfigSet.Create(
            ImmutableArray.Create(AnalyzerConfig.Parse($"root = true\n[*.cs]\ndotnet_diagnostic.{id}.severity = {severity}\n", "/project/.editorconfig")));
        CSharpCompilation project = new GeneratorTest { ChecksRules = true }.Compile(GeneratorTest.Usings + Rule("", "return parameter;"));
        var files = new FileSeverities(set.GetOptionsForSourcePath("/project/User0.cs").TreeOptions);
        project = project.WithOptions(project.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Default).WithSyntaxTreeOptionsProvider(files));
        new GeneratorTest().Driver().RunGeneratorsAndUpdateCompilation(project, out Compilation output, out _);

        Assert.Equal(want is null ? [] : [want.Value], GeneratorTest.Diagnose(output).Where(one => one.Id == "OPTG034").Select(one => one.Severity));
    }

    private static string Rule(string parameters, string statements) => $$"""
        [Optimizer]
        internal sealed partial class Any
        {
            {{Rate}}

            [UpdateRule]
            private static float Update(float parameter, float gradient, {{parameters}}float learningRate)
            {
                {{statements}}
            }
        }
        """ + "\n";

    private static void Check(string source, params string[] diagnostics) =>
        new GeneratorTest { ChecksRules = true }.Run(["#pragma warning disable CS0219, CS0168\n" + GeneratorTest.Usings + source], diagnostics);

    private sealed class FileSeverities(ImmutableDictionary<string, ReportDiagnostic> severities) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            severities.TryGetValue(diagnosticId, out severity);

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = default;
            return false;
        }
    }
}
