using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using OptimGen.Generator.Catalogue;
using OptimGen.Generator.Emit;
using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests.Catalogue;

/// <summary>The table of the rules of the literature, made from the runtime's catalogue; and what a rule may look like to be found in it.</summary>
public partial class KnownRulesTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(SourcePath())!, "..", "..", ".."));

    /// <summary>Forms that the catalogue has with a stage more, each with the class whose reference is its own.</summary>
    private static readonly (string Declaration, string Name, string Reference)[] PlainerForms =
    [
        ("[Optimizer]", "gradient descent", "Sgd"),
        ("[Optimizer, HeavyBall(0.9)]", "gradient descent with heavy-ball momentum", "HeavyBall"),
        ("[Optimizer, HeavyBall(0.9, Nesterov = true)]", "gradient descent with Nesterov momentum", "Nesterov"),
        ("[Optimizer, Ewa(0.9)]", "gradient descent with momentum", "Momentum"),
        ("[Optimizer, SignUpdate]", "signSGD", "Signum"),
        ("[Optimizer, Ewa(0.9, Nesterov = true), RmsNormalize(0.999), BiasCorrection]", "NAdam without a schedule of its momentum", "NAdam"),
        ("[Optimizer, WeightDecay(0.01), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]", "Adam with coupled weight decay", "Adam"),
    ];

    [Fact]
    public void Table_IsMadeFromTheCatalogue()
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Dictionary<string, string> references = Files().ToDictionary(file => file.Name, file => file.Reference, StringComparer.Ordinal);
        string source = string.Concat(Files().Select(file => file.Source));
        foreach ((OptimizerSpec spec, StepProgram program) in Lower(source))
        {
            Add(spec, program, $"{spec.Type.Name}: {references[spec.Type.Name]}");
        }

        foreach ((string declaration, string name, string reference) in PlainerForms)
        {
            (OptimizerSpec spec, StepProgram program) = Assert.Single(Lower($"using OptimGen; {declaration} partial class Any;"));
            Add(spec, program, $"{name}: {references[reference]}");
        }

        Assert.InRange(rows.Count, 20, 60);
        string want = string.Concat(rows.OrderBy(row => row.Value, StringComparer.Ordinal).Select(row => $"        [\"{row.Key}\"] = {Text.Quote(row.Value)},\n"));
        string table = File.ReadAllText(Path.Combine(Root, "generator/Catalogue/KnownRules.cs")).ReplaceLineEndings("\n");
        Assert.True(table.Contains($"new()\n    {{\n{want}    }};", StringComparison.Ordinal), $"generator/Catalogue/KnownRules.cs does not have the table that the catalogue gives. Put this there:\n\n{want}\n");

        void Add(OptimizerSpec spec, StepProgram program, string name)
        {
            if (RuleShape.Of(spec.Rule, program, RuleShape.Comparison.Mathematics) is { } shape)
            {
                Assert.True(rows.TryAdd(shape.Hash, name), $"{name} has the shape of {rows.GetValueOrDefault(shape.Hash)}.");
            }
        }
    }

    [Theory]
    [InlineData("[Optimizer(LearningRate = 3), Ewa(0.5), RmsNormalize(0.2), BiasCorrection] partial class Mine;", "Adam: Kingma and Ba, 2015,")]
    [InlineData("[Optimizer(ElementType = typeof(double)), Ewa(0.5), RmsNormalize(0.2), BiasCorrection] partial class Mine;", "Adam: Kingma and Ba, 2015,")]
    [InlineData("[Optimizer] partial class Mine { [Hyperparameter] public float Eta { get; set; } [UpdateRule] static float Update(float parameter, float gradient, float eta) => parameter - gradient * eta; }", "gradient descent:")]
    [InlineData("[Optimizer(Contract = true)] partial class Mine { [Hyperparameter] public double Eta { get; set; } [UpdateRule] static double Update(double parameter, double gradient, double eta) => -eta * gradient + parameter; }", "gradient descent:")]
    [InlineData("[Optimizer] partial class Mine { [Hyperparameter] public float Mu { get; set; } [Hyperparameter] public float Eta { get; set; } [UpdateRule] static float Update(float parameter, float gradient, [State] ref float velocity, float eta, float mu) { velocity = gradient + velocity * mu; return parameter - eta * velocity; } }", "gradient descent with heavy-ball momentum:")]
    [InlineData("[Optimizer] partial class Mine { [Hyperparameter] public float Rho { get; set; } [Hyperparameter] public float Eps { get; set; } [Hyperparameter] public float Eta { get; set; } [UpdateRule] static float Update(float parameter, float gradient, [State] ref float s, float eta, float rho, float eps) { s = (1 - rho) * (gradient * gradient) + rho * s; float d = gradient / (MathF.Sqrt(s) + eps); return parameter - eta * d; } }", "RmsProp:")]
    public void Rule_IsFound_WhateverItsNamesAndOrder(string source, string name) => Assert.StartsWith(name, NameOf(source), StringComparison.Ordinal);

    [Theory]
    [InlineData("[Optimizer(Contract = true)] partial class Mine { [Hyperparameter] public float Eta { get; set; } [UpdateRule] static float Update(float parameter, float gradient, float eta) => parameter + eta * gradient; }")]
    [InlineData("[Optimizer] partial class Mine { [Hyperparameter] public float Mu { get; set; } [Hyperparameter] public float Eta { get; set; } [UpdateRule] static float Update(float parameter, float gradient, [State] ref float velocity, float eta, float mu) { velocity = gradient + velocity * mu; return parameter - mu * velocity; } }")]
    [InlineData("[Optimizer] partial class Mine { [Hyperparameter] public float Mu { get; set; } [Hyperparameter] public float Eta { get; set; } [UpdateRule] static float Update(float parameter, float gradient, [State(InitialValue = 1)] ref float velocity, float eta, float mu) { velocity = gradient + velocity * mu; return parameter - eta * velocity; } }")]
    [InlineData("[Optimizer] partial class Mine { [Hyperparameter] public float Eta { get; set; } [PerStep] static void Halve(double eta, out double half) => half = eta / 2; [UpdateRule] static float Update(float parameter, float gradient, float half) => parameter - gradient * half; }")]
    [InlineData("[Optimizer, Ewa(0.9), RmsNormalize(0.999), BiasCorrection(FirstSteps = 7)] partial class Mine;")]
    public void AnotherRule_IsNot(string source) => Assert.Null(NameOf(source));

    /// <summary>Sums and products that share operands stay as small as the program, however often they are doubled.</summary>
    [Theory]
    [InlineData("x += x; x *= x;")]
    [InlineData("x = -(x + x);")]
    [InlineData("x = 1 / (x * x);")]
    [InlineData("x = (x - 1 / x) * (x + x);")]
    public void Shape_OfRepeatedStatements_StaysSmall(string statement)
    {
        foreach (int count in new[] { 8, 40, 900 })
        {
            string statements = string.Concat(Enumerable.Repeat(statement, count));
            Assert.Null(NameOf($"[Optimizer] partial class Mine {{ [UpdateRule] static float Update(float parameter, float gradient) {{ float x = gradient; {statements} return parameter - x; }} }}"));
        }
    }

    /// <summary>The user's summary and the generated remarks are one comment; neither hides the other, and the compiler has nothing to say.</summary>
    [Fact]
    public void Documentation_HasTheUsersSummary_AndTheGeneratedRemarks()
    {
        GeneratorRun run = GeneratorTest.Run("using OptimGen; /// <summary>Mine.</summary>\n[Optimizer, Ewa(0.9), RmsNormalize(0.999), BiasCorrection] public partial class Mine;");
        string shown = run.Output.GetTypeByMetadataName("Mine")!.GetDocumentationCommentXml()!;
        Assert.Single(Regex.Matches(shown, "<summary>Mine.</summary>"));
        Assert.Single(Regex.Matches(shown, "<remarks>"));
        Assert.Contains("It keeps the state firstMoment, secondMoment: 8 bytes for each element.", shown, StringComparison.Ordinal);
        Assert.Contains("A step reads 4 streams and writes 3, 28 bytes for each element, with 10 operations.", shown, StringComparison.Ordinal);
        Assert.Contains("Up to rounding it is Adam:\n    Kingma and Ba, 2015, ", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Everything", "A step reads 4 streams and writes 3, 56 bytes for each element, with 12 to 13 operations, after 2 reductions.")]
    [InlineData("Flags", "A step reads 2 streams and writes 1, 12 bytes for each element, with 2 operations.")]
    [InlineData("GradientDescent", "A step reads 2 streams and writes 1, 12 bytes for each element, with 1 operation.")]
    public void Costs_AreThoseOfTheKernels(string name, string costs) =>
        Assert.Contains(costs, GeneratorTest.Run(Optimizers.Source(name)).File($"{name}.g.cs"), StringComparison.Ordinal);

    private static string? NameOf(string source)
    {
        (OptimizerSpec spec, StepProgram program) = Assert.Single(Lower("using System; using OptimGen; " + source));
        return KnownRules.NameOf(spec.Rule, program);
    }

    internal static (OptimizerSpec Spec, StepProgram Program)[] Lower(string source)
    {
        var test = new GeneratorTest();
        GeneratorRunResult result = test.Driver().RunGenerators(test.Compile(source)).GetRunResult().Results.Single();
        return
        [
            .. result.TrackedSteps[OptimizerGenerator.LowerStep].SelectMany(step => step.Outputs)
                .Select(output => ((OptimizerSpec, StepProgram, string))output.Value).Select(one => (one.Item1, one.Item2)),
        ];
    }

    /// <summary>The files of the catalogue that declare an optimizer, in a namespace of their own.</summary>
    private static IEnumerable<(string Name, string Reference, string Source)> Files()
    {
        foreach (string path in Directory.GetFiles(Path.Combine(Root, "runtime/Catalogue"), "*.cs").Order(StringComparer.Ordinal))
        {
            string text = File.ReadAllText(path).ReplaceLineEndings("\n");
            if (text.Contains("\n[Optimizer", StringComparison.Ordinal))
            {
                string reference = Regex.Replace(Reference().Match(text).Groups[1].Value, @"\s*\n/// ", " ");
                string body = text[(text.IndexOf("namespace OptimGen;", StringComparison.Ordinal) + "namespace OptimGen;".Length)..];
                yield return (Path.GetFileNameWithoutExtension(path), reference, $"namespace Shipped\n{{\nusing System; using OptimGen; using OptimGen.CompilerServices;\n{body}\n}}\n");
            }
        }
    }

    private static string SourcePath([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"<b>Reference\.</b> (.*?)</para>", RegexOptions.Singleline)]
    private static partial Regex Reference();
}
