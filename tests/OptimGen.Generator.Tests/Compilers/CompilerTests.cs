using Microsoft.CodeAnalysis;
using OptimGen.CodeFixes;
using OptimGen.Generator.Parsing;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests.Compilers;

/// <summary>Every compiler from that of the first .NET 8 SDK on loads the generator, and gets the same files and findings from it.</summary>
public class CompilerTests
{
    private static readonly string[] References = [.. GeneratorTest.References.Select(one => one.Display!)];

    [Fact]
    public void TheOldestCompiler_IsThatOfTheFirstNet8Sdk() => Assert.Equal(new Version(4, 8, 0, 0), OtherCompiler.OldestVersion);

    [Fact]
    public void EveryCompiler_GivesTheSame()
    {
        string[] sources =
        [
            .. Optimizers.All.Keys.Select(Optimizers.Source), GeneratorTest.Usings + RuleLanguage.Source.Statements,
            // With findings, of the generator and of the compiler.
            "using OptimGen; [Optimizer, Ewa(1.5)] internal partial class Any;",
            "using OptimGen; [Optimizer, SignUpdate, BiasCorrection] internal class Any;",
            "using OptimGen; [Optimizer] internal partial class Any { [UpdateRule] private static float Update(float parameter, float gradient) => (float)System.Math.Sqrt(gradient); }",
        ];
        string[][] expected = CompilerRun.Generate(OtherCompiler.GeneratorPath, sources, References);
        Assert.All(expected, of => Assert.NotEmpty(of));
        Assert.Contains(expected, of => of.Any(text => text.Contains("OPTG005", StringComparison.Ordinal)));

        OtherCompiler oldest = OtherCompiler.Oldest(), ofSdk = OtherCompiler.OfSdk();
        Assert.Equal(OtherCompiler.OldestVersion, oldest.CompilerVersion);
        Assert.True(ofSdk.CompilerVersion >= typeof(Compilation).Assembly.GetName().Version, $"{ofSdk.CompilerVersion}");
        foreach (OtherCompiler compiler in (OtherCompiler[])[oldest, ofSdk])
        {
            string[][] actual = compiler.Generate(sources, References);
            for (int i = 0; i < sources.Length; i++)
            {
                Assert.Equal(expected[i], actual[i]);
            }
        }
    }

    /// <summary>They stand beside the generator in the package; a compiler that is older than them looks for analyzers in them, and must find no fault.</summary>
    [Fact]
    public void TheCodeFixes_DoNotDisturbTheOldestCompiler()
    {
        Assert.Empty(OtherCompiler.Oldest().Load(typeof(OptimizerFixProvider).Assembly.Location));
    }

    /// <summary>The generator is built against a compiler that does not have the name.</summary>
    [Fact]
    public void LaterTypeKinds_AreThoseOfTheCompiler() => Assert.Equal(TypeKind.Extension, LaterTypeKinds.Extension);
}
