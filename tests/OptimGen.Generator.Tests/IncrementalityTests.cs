using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>
/// What an edit makes the generator do again, named after the edit. That the same project costs nothing a second time, every test of this
/// assembly checks (<see cref="GeneratorTest"/>).
/// </summary>
public class IncrementalityTests
{
    private const string Source = """
        using OptimGen;

        namespace Contoso;

        [Optimizer, Ewa(0.9f)]
        internal sealed partial class First;

        [Optimizer, HeavyBall(0.5f)]
        internal sealed partial class Second;

        """;

    [Fact]
    public void AddedComment_DoesNotModifyOutput() =>
        RequireUnmodified(Source.Replace("[Optimizer, Ewa", "// A comment.\n[/* inside */ Optimizer, Ewa", StringComparison.Ordinal));

    [Fact]
    public void AddedWhiteSpace_DoesNotModifyOutput() => RequireUnmodified(Source.Replace("\n", "\n\n", StringComparison.Ordinal));

    [Fact]
    public void AddedUnrelatedType_DoesNotModifyOutput() => RequireUnmodified(Source + "internal sealed class Unrelated { public int X = 1; }\n");

    [Fact]
    public void AddedUnrelatedAttribute_DoesNotModifyOutput() =>
        RequireUnmodified(Source.Replace("[Optimizer, Ewa", "[System.Serializable, Optimizer, Ewa", StringComparison.Ordinal));

    [Fact]
    public void AddedMethodInTheOptimizer_DoesNotModifyOutput() =>
        RequireUnmodified(Source.Replace("class First;", "class First { public override string ToString() => \"First\"; }", StringComparison.Ordinal));

    [Fact]
    public void ReorderedAttributes_DoNotModifyOutput() =>
        RequireUnmodified(Source.Replace("[Optimizer, Ewa(0.9f)]", "[Ewa(0.9f), Optimizer]", StringComparison.Ordinal));

    [Fact]
    public void SameValueWrittenOtherwise_DoesNotModifyOutput() =>
        RequireUnmodified(Source.Replace("Ewa(0.9f)", "Ewa(beta: 0.9, Nesterov = false)", StringComparison.Ordinal));

    [Fact]
    public void AddedFile_DoesNotModifyOutput()
    {
        (GeneratorDriver driver, CSharpCompilation compilation) = Start(Source);
        driver = driver.RunGenerators(compilation.AddSyntaxTrees(new GeneratorTest().Compile("class Other;").SyntaxTrees));
        RequireCachedOutputs(driver);
    }

    [Fact]
    public void ChangedReference_DoesNotModifyOutput()
    {
        (GeneratorDriver driver, CSharpCompilation compilation) = Start(Source);
        driver = driver.RunGenerators(compilation.AddReferences(MetadataReference.CreateFromFile(typeof(FactAttribute).Assembly.Location)));
        RequireCachedOutputs(driver);
    }

    [Fact]
    public void ChangedBeta_ModifiesOnlyThatOptimizer()
    {
        GeneratorDriver driver = Edit(Source, Source.Replace("0.9f", "0.8f", StringComparison.Ordinal));

        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], Incrementality.Reasons(driver, OptimizerGenerator.LowerStep));
    }

    /// <summary>The default is in the property's comment and in the definition, not in any kernel.</summary>
    [Fact]
    public void ChangedBeta_ChangesTwoLinesOfOneFile()
    {
        IReadOnlyDictionary<string, string> before = GeneratorTest.Run(Source).Files;
        IReadOnlyDictionary<string, string> after = GeneratorTest.Run(Source.Replace("0.9f", "0.8f", StringComparison.Ordinal)).Files;
        string changed = Assert.Single(before.Keys, file => before[file] != after[file]);
        Assert.Equal("Contoso.First.g.cs", changed);
        Assert.Equal(2, before[changed].Split('\n').Zip(after[changed].Split('\n')).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public void AddedOptimizer_LeavesTheOthersCached()
    {
        GeneratorDriver driver = Edit(Source, Source + "[Optimizer] internal sealed partial class Third;\n");
        Assert.Equal(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached, IncrementalStepRunReason.New],
            Incrementality.Reasons(driver, OptimizerGenerator.LowerStep));
    }

    [Fact]
    public void RemovedOptimizer_RemovesItsFiles()
    {
        GeneratorDriver driver = Edit(Source, Source[..Source.IndexOf("[Optimizer, HeavyBall", StringComparison.Ordinal)]);
        Assert.Contains("First", Assert.Single(driver.GetRunResult().GeneratedTrees).FilePath, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorAndBack_GivesTheSameFiles()
    {
        (GeneratorDriver driver, CSharpCompilation compilation) = Start(Source);
        string[] before = Texts(driver);
        driver = driver.RunGenerators(With(compilation, Source.Replace("0.9f", "1.9f", StringComparison.Ordinal)));
        Assert.Single(Texts(driver), text => text.Contains("Avx2Kernels", StringComparison.Ordinal));

        driver = driver.RunGenerators(With(compilation, Source));
        Assert.Equal(before, Texts(driver));
    }

    /// <summary>The order in which the attributes are written never matters.</summary>
    [Fact]
    public void ReorderedAttributes_GiveTheSameFiles()
    {
        string[] attributes = ["Optimizer", "Ewa(0.9)", "RmsNormalize(0.999)", "BiasCorrection", "DecoupledWeightDecay(0.01)", "ClipByValue(1)"];
        string Declare(IEnumerable<string> order) =>
            GeneratorTest.Usings + string.Concat(order.Select(attribute => $"[{attribute}]\n")) + "internal sealed partial class Any;";
        IReadOnlyDictionary<string, string> expected = GeneratorTest.Run(Declare(attributes)).Files;

        Assert.Equal(expected, GeneratorTest.Run(Declare(attributes.Reverse())).Files);
        Assert.Equal(expected, GeneratorTest.Run(Declare(attributes.Skip(3).Concat(attributes.Take(3)))).Files);
    }

    [Fact]
    public void AttributesOnSeveralParts_GiveTheSameFiles()
    {
        IReadOnlyDictionary<string, string> expected = GeneratorTest.Run(Optimizers.Source("Adam")).Files;
        IReadOnlyDictionary<string, string> actual = new GeneratorTest().Run(
        [
            "using OptimGen; [RmsNormalize(0.999f, Epsilon = 1e-8f)] public partial class Adam;",
            "using OptimGen; [BiasCorrection, Optimizer] public sealed partial class Adam;",
            "using OptimGen; [Ewa(0.9f)] partial class Adam;",
        ]).Files;
        Assert.Equal(expected, actual);
    }

    private static void RequireUnmodified(string edited)
    {
        GeneratorTest.Run(edited);
        RequireCachedOutputs(Edit(Source, edited));
    }

    private static void RequireCachedOutputs(GeneratorDriver driver)
    {
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached], Incrementality.Reasons(driver, OptimizerGenerator.LowerStep));
        Assert.All(
            driver.GetRunResult().Results.Single().TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    private static GeneratorDriver Edit(string before, string after)
    {
        Assert.NotEqual(before, after);
        (GeneratorDriver driver, CSharpCompilation compilation) = Start(before);
        return driver.RunGenerators(With(compilation, after));
    }

    private static (GeneratorDriver Driver, CSharpCompilation Compilation) Start(string source)
    {
        var test = new GeneratorTest();
        CSharpCompilation compilation = test.Compile(source);
        return (test.Driver().RunGenerators(compilation), compilation);
    }

    private static CSharpCompilation With(CSharpCompilation compilation, string source) =>
        compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], new GeneratorTest().Compile(source).SyntaxTrees[0]);

    private static string[] Texts(GeneratorDriver driver) => [.. driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString())];
}
