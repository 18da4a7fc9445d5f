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
        Assert.Equal([$"{name}.g.cs"], GeneratorTest.Run(GeneratorTest.Usings + declaration).Files.Keys);
    }

    [Fact]
    public void NamesThatDifferByCase_AreToldApart() => Assert.Equal(
        ["Any-ull.g.cs", "any-lll.g.cs", "Other.g.cs"],
        GeneratorTest.Run(
            "#pragma warning disable CS8981\n" + GeneratorTest.Usings
            + "[Optimizer] internal partial class Any; [Optimizer] internal partial class any; [Optimizer] internal partial class Other;").Files.Keys);

    [Fact]
    public void NestedClass_HasAFileOfItsOwn() => Assert.Equal(
        ["Any.g.cs", "Any+Scalar.g.cs"],
        GeneratorTest.Run(GeneratorTest.Usings + "[Optimizer] internal partial class Any { [Optimizer] internal partial class Scalar; }").Files.Keys);
}
