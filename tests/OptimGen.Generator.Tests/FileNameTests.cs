using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>Names of generated files: readable, and different where file systems want them to be.</summary>
public class FileNameTests
{
    [Theory]
    [InlineData("namespace Contoso.Training { § class Any; }", "Contoso.Training.Any")]
    [InlineData("namespace Contoso { internal partial class Outer { internal partial struct Inner { § class Any; } } }", "Contoso.Outer+Inner+Any")]
    [InlineData("namespace @namespace { § class @class; }", "namespace.class")]
    [InlineData("§ class Größe;", "Gr-00f6-00dfe")]
    public void Name_IsTheFullNameOfTheClass(string source, string name)
    {
        string declaration = source.Replace("§", "[Optimizer] internal partial", StringComparison.Ordinal);
        Assert.Equal(
            [$"{name}.Avx2.g.cs", $"{name}.Avx512.g.cs", $"{name}.Neon.g.cs", $"{name}.Scalar.g.cs", $"{name}.g.cs"],
            GeneratorTest.Run(GeneratorTest.Usings + declaration).Files.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NamesThatDifferByCase_AreToldApart() => Assert.Equal(
        ["Any-ull.g.cs", "any-lll.g.cs", "Other.g.cs"],
        Surfaces("[Optimizer] internal partial class Any; [Optimizer] internal partial class any; [Optimizer] internal partial class Other;"));

    /// <summary>A nested class by the name of an instruction set is not its kernel.</summary>
    [Fact]
    public void NestedClassWithTheNameOfAnInstructionSet_HasFilesOfItsOwn()
    {
        IReadOnlyDictionary<string, string> files =
            GeneratorTest.Run(GeneratorTest.Usings + "[Optimizer] internal partial class Any { [Optimizer] internal partial class Scalar; }").Files;
        Assert.Equal(10, files.Count);
        Assert.Contains("Any+Scalar.Scalar.g.cs", files.Keys);
    }

    private static IEnumerable<string> Surfaces(string source) =>
        GeneratorTest.Run("#pragma warning disable CS8981\n" + GeneratorTest.Usings + source).Files.Keys.Where(name => name.Count(c => c == '.') == 2);
}
