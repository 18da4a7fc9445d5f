using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Incremental;
using OptimGen.Generator.Model;
using OptimGen.Generator.Parsing;
using OptimGen.Generator.Tests.Harness;
using Xunit.Abstractions;

namespace OptimGen.Generator.Tests;

/// <summary>
/// After any edits of a project, in any order, each declaration is what it is when it is parsed from nothing, and each generated file what a build from nothing
/// gives: whatever was kept before is not stale.
/// </summary>
public sealed class EditTests(ITestOutputHelper output)
{
    private const int EditsOfARun = 400;

    /// <summary>The texts that each file of the project can have. Most change the meaning of another file.</summary>
    private static readonly (string Name, string[] Texts)[] Files =
    [
        ("Stack", [
            "using OptimGen; namespace Contoso; [Optimizer, Ewa(Numbers.Beta)] public sealed partial class Stack;",
            "using OptimGen; namespace Contoso; [Optimizer, Ewa(Numbers.Beta), RmsNormalize(Numbers.Inner.Other)] public sealed partial class Stack;",
            "using OptimGen; namespace Contoso; // A comment.\n[Optimizer] public sealed partial class Stack;",
            "",
        ]),
        ("Rule", [
            Rule("Functions.Soften(gradient)"), Rule("gradient * Numbers.Beta"), Rule("gradient.Bend()"), Rule("Tools.Half(gradient)"), Rule("Half(gradient)", "using static Contoso.Library.Tools;"),
            Rule("F.Soften(gradient)", "using F = Contoso.Functions;"), Rule("Library.Tools.Half(gradient)"), Rule("(gradient + Functions.Make().X)"), Rule("Missing(gradient)"), Rule("Constant"),
        ]),
        ("Aliased", ["namespace Contoso; [Rule] public sealed partial class Aliased;", "namespace Contoso; [Optimizer] public sealed partial class Aliased;", ""]),
        ("Nested", [
            "using OptimGen; namespace Contoso; public partial class Outer { [Optimizer] public sealed partial class Nested; }",
            "using OptimGen; namespace Contoso; public partial class Outer { [Optimizer] public sealed partial class Nested { private const double Own = Beta; [PerStep] private static void Hand(out double x) => x = Own; [UpdateRule] private static float Update(float parameter, float gradient, float x) => parameter - x * gradient; } }",
        ]),
        ("Numbers", [Numbers("0.5", "0.25"), Numbers("0.75", "0.25"), Numbers("1.5", "0.25"), Numbers("0.5", "Functions.Level"), ""]),
        ("Functions", [
            Functions("x / 2", "0.125"), Functions("x / 4", "0.125"), Functions("Deep.Down(x)", "0.375"), Functions("x + Numbers.Beta", "0.125"), "",
        ]),
        ("Deep", ["namespace Contoso; internal static class Deep { internal static float Down(float x) => x; }", "namespace Contoso; internal static class Deep { internal static float Down(float x) => x * x; }", ""]),
        ("Made", ["namespace Contoso; internal struct Made { internal float X; }", "namespace Contoso; internal struct Made { internal const float X = 3; public static implicit operator float(Made one) => 1; }", ""]),
        ("Tools", [
            "namespace Contoso.Library; internal static class Tools { internal static float Half(float x) => x / 2; internal const float Constant = 4; }",
            "namespace Contoso.Library; internal static class Tools { internal static float Half(float x) => x * 0.5f; }",
            "namespace Contoso; internal static class Tools { internal static float Half(float x) => x / 3; }", "",
        ]),
        ("Extensions", ["", "namespace Contoso; internal static class Extensions { internal static float Bend(this float x) => x * x * x; }", "namespace Contoso.Library; internal static class Extensions { internal static float Bend(this float x) => x + x; }"]),
        ("Global", ["", "global using Rule = OptimGen.OptimizerAttribute;", "global using OptimGen;", "global using static Contoso.Library.Tools;"]),
        ("Part", [
            "", "using OptimGen; namespace Contoso; [BiasCorrection] partial class Stack;", "namespace Contoso; partial class Stack { public float LearningRate; }", "namespace Contoso; public partial class Outer { private protected const double Beta = 0.5; }",
            "namespace Contoso; public partial class Outer { private protected const double Beta = 0.25; }", "namespace Contoso; public partial class Outer<T>;", "namespace Contoso; public class Outer;",
        ]),
        ("Hiding", ["", "internal class System;", "namespace Contoso { internal class OptimGen; }", "namespace OptimGen { internal class EwaAttribute : global::System.Attribute; }", "namespace Contoso.MathF { internal class Any; }", "namespace Contoso; internal class MathF { internal static float Sqrt(float x) => x; }"]),
        ("Other", ["namespace Contoso; internal class Other { private int x = 1; }", "namespace Contoso; internal class Other { private int x = 2; void M() { } }", "internal class Numbers { internal const double Beta = 0.0625; }", "}} class {"]),
    ];

    public static TheoryData<int> Runs => [.. Enumerable.Range(0, 4)];

    public static TheoryData<int> RunsWithBuilds => [.. Enumerable.Range(0, 2)];

    [Theory]
    [MemberData(nameof(Runs))]
    public void AnyEdits_GiveWhatParsingAgainGives(int run)
    {
        int seed = (DateTime.UtcNow.DayOfYear * 10) + run;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        var test = new GeneratorTest();
        int[] chosen = new int[Files.Length];
        SyntaxTree[] trees = [.. Files.Select((file, i) => Parse(test, i, 0))];
        CSharpCompilation empty = test.Compile();
        var kept = new ParsedDeclarations();
        int changes = 0, reused = 0;
        Dictionary<string, OptimizerSpec?> before = [];
        for (int edit = 0; edit < EditsOfARun; edit++)
        {
            int file = random.Next(Files.Length);
            chosen[file] = random.Next(Files[file].Texts.Length);
            trees[file] = Parse(test, file, chosen[file]);
            CSharpCompilation compilation = empty.AddSyntaxTrees(trees);
            Dictionary<string, OptimizerSpec?> actual = [];
            foreach (ClassDeclarationSyntax declaration in trees.SelectMany(tree => tree.GetRoot().DescendantNodes()).OfType<ClassDeclarationSyntax>())
            {
                INamedTypeSymbol type = compilation.GetSemanticModel(declaration.SyntaxTree).GetDeclaredSymbol(declaration)!;
                if (!KnownAttributes.Has(type, KnownAttributes.Optimizer))
                {
                    continue;
                }

                OptimizerSpec? spec = kept.Parse(declaration, type, compilation, CancellationToken.None);
                OptimizerSpec? expected = OptimizerParser.Parse(type, compilation, new DiagnosticSink(report: null), CancellationToken.None);
                Assert.True(
                    Equals(expected, spec),
                    $"{type} is stale after edit {edit}, of {Files[file].Name}, of seed {seed}: {string.Join(", ", Files.Select((one, i) => $"{one.Name} {chosen[i]}"))}");
                string name = $"{type} {declaration.SyntaxTree.FilePath}";
                changes += !Equals(spec, before.GetValueOrDefault(name)) ? 1 : 0;
                reused += spec is not null && ReferenceEquals(spec, before.GetValueOrDefault(name)) ? 1 : 0;
                actual[name] = spec;
            }

            before = actual;
        }

        // Edits that change nothing would show nothing, nor would it if nothing were kept.
        Assert.True(changes > EditsOfARun / 10 && reused > EditsOfARun / 4, $"{changes} changes, {reused} reused");
        output.WriteLine($"{changes} changes, {reused} reused");
    }

    /// <summary>The driver that a host keeps from edit to edit. An empty text is no file here, so that files come and go.</summary>
    [Theory]
    [MemberData(nameof(RunsWithBuilds))]
    public void AnyEdits_GiveTheFilesOfABuildFromNothing(int run)
    {
        int seed = (DateTime.UtcNow.DayOfYear * 10) + run;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        var test = new GeneratorTest();
        int[] chosen = new int[Files.Length];
        SyntaxTree[] trees = [.. Files.Select((file, i) => Parse(test, i, 0))];
        CSharpCompilation empty = test.Compile();
        GeneratorDriver kept = test.Driver(tracksSteps: false);
        Dictionary<string, string> before = [];
        int changes = 0;
        for (int edit = 0; edit < EditsOfARun; edit++)
        {
            int file = random.Next(Files.Length);
            chosen[file] = random.Next(Files[file].Texts.Length);
            trees[file] = Parse(test, file, chosen[file]);
            CSharpCompilation compilation = empty.AddSyntaxTrees(trees.Where(tree => tree.Length > 0));
            kept = kept.RunGenerators(compilation);
            Dictionary<string, string> actual = TextsOf(kept), expected = TextsOf(test.Driver(tracksSteps: false).RunGenerators(compilation));
            string[] stale = [.. expected.Keys.Union(actual.Keys).Where(name => expected.GetValueOrDefault(name) != actual.GetValueOrDefault(name))];
            Assert.True(
                stale.Length == 0,
                $"{string.Join(", ", stale)} is stale after edit {edit}, of {Files[file].Name}, of seed {seed}: {string.Join(", ", Files.Select((one, i) => $"{one.Name} {chosen[i]}"))}");
            changes += expected.Count != before.Count || expected.Except(before).Any() ? 1 : 0;
            before = expected;
        }

        // Edits that change nothing would show nothing.
        Assert.True(changes > EditsOfARun / 20, $"{changes} changes");
    }

    private static Dictionary<string, string> TextsOf(GeneratorDriver driver)
    {
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return result.GeneratedSources.ToDictionary(one => one.HintName, one => one.SourceText.ToString(), StringComparer.Ordinal);
    }

    private static SyntaxTree Parse(GeneratorTest test, int file, int text) =>
        test.Compile(Files[file].Texts[text]).SyntaxTrees[0].WithFilePath($"{Files[file].Name}.cs");

    private static string Rule(string expression, string usings = "") => $$"""
        using OptimGen; {{usings}}
        namespace Contoso;
        [Optimizer]
        public sealed partial class Rule
        {
            [UpdateRule] private static float Update(float parameter, float gradient) => parameter - System.MathF.Sqrt(2) * {{expression}};
        }
        """;

    private static string Numbers(string beta, string other) =>
        $$"""namespace Contoso; internal static class Numbers { internal const float Beta = {{beta}}f; internal static class Inner { internal const double Other = {{other}}; } }""";

    private static string Functions(string body, string level) =>
        $$"""namespace Contoso; internal static class Functions { internal const double Level = {{level}}; internal static float Soften(float x) => {{body}}; internal static Made Make() => default; }""";
}
