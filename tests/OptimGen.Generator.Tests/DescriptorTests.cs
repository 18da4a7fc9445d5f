using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Tests;

/// <summary>The lists that have to agree.</summary>
public class DescriptorTests
{
    [Fact]
    public void Descriptors_HaveIdentifiersOfTheirOwn_InOrder()
    {
        string[] ids = [.. Descriptors.All.Select(descriptor => descriptor.Id)];
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.All(ids, id => Assert.Matches("^OPTG[0-9]{3}$", id));
    }

    [Fact]
    public void All_HasEveryDescriptor()
    {
        IEnumerable<DiagnosticDescriptor> fields = typeof(Descriptors).GetFields()
            .Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>();
        Assert.Equal(fields.OrderBy(one => one.Id, StringComparer.Ordinal), Descriptors.All);
        Assert.Equal(Descriptors.All, new OptimizerAnalyzer().SupportedDiagnostics);
    }

    [Fact]
    public void ReleaseFiles_ListEveryDescriptor()
    {
        string directory = Path.Combine(SourceDirectory(), "..", "..", "generator");
        string[] rows =
        [
            .. new[] { "AnalyzerReleases.Shipped.md", "AnalyzerReleases.Unshipped.md" }
                .SelectMany(file => File.ReadAllLines(Path.Combine(directory, file)))
                .Where(line => line.StartsWith("OPTG", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(Descriptors.All.Select(one => $"{one.Id} | {one.Category} | {one.DefaultSeverity} | {one.Title}"), rows);
    }

    [Fact]
    public void KernelTargets_AreTheRuntimesInstructionSets() => Assert.Equal(
        Enum.GetNames<InstructionSet>().Order(StringComparer.Ordinal),
        KernelTarget.All.Select(target => target.Name).Order(StringComparer.Ordinal));

    private static string SourceDirectory([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
