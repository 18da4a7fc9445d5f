using System.Text.RegularExpressions;

namespace OptimGen.Package.Tests;

[Collection(SharedPackage.Name)]
public sealed partial class PublishTests(PackedPackage package)
{
    /// <summary>Every warning of the trimmer, one by one, is an error of the project.</summary>
    private const string SelfContained =
        "<RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>true</SelfContained><TrimmerSingleWarn>false</TrimmerSingleWarn>";

    [SkippableFact]
    public void A_trimmed_program_gives_the_same_bits()
    {
        Toolchain.RequireLinuxX64();
        var project = new ConsumerProject(package, "trimmed", "net10.0", SelfContained + "<PublishTrimmed>true</PublishTrimmed>");

        ConsumerRun run = project.RunPublished(project.Publish());

        Assert.Equal(package.ReferenceRun["supported"], run["supported"]);
        Assert.Equal(package.ReferenceRun.Results, run.Results);
    }

    [SkippableFact]
    public void A_program_compiled_ahead_of_time_has_vector_code_and_gives_the_same_bits()
    {
        Toolchain.RequireLinuxX64();
        Toolchain.Require("clang|gcc", "objdump");
        var project = new ConsumerProject(
            package, "native", "net9.0",
            SelfContained + "<PublishAot>true</PublishAot><StripSymbols>false</StripSymbols>" +
            // By default AVX2; this has AVX-512 too, where the machine has it.
            "<IlcInstructionSet>native</IlcInstructionSet>",
            // All of the package is compiled, and warned of, not only what the program uses.
            "<TrimmerRootAssembly Include=\"OptimGen\" />");
        string program = project.Publish();

        ConsumerRun run = project.RunPublished(program);
        Assert.Equal("False", run["just in time"]);
        Assert.Equal(package.ReferenceRun["supported"], run["supported"]);
        Assert.Equal(package.ReferenceRun["ByMethod.instruction set"], run["ByMethod.instruction set"]);
        Assert.Equal(package.ReferenceRun.Results, run.Results);
        Assert.All(run.Supported, set => Assert.Equal(run.Results, project.RunPublished(program, set).Results));

        string code = Toolchain.Run(".", "objdump", new Dictionary<string, string>(), "-d", "--no-show-raw-insn", program).Succeeded().Output;
        (string Name, string Set, string Code)[] kernels =
        [
            .. VectorKernel().Matches(code).Select(match => (match.Groups["name"].Value, match.Groups["set"].Value, match.Groups["code"].Value))
                .Where(kernel => !HandsOver().IsMatch(kernel.Item3)),
        ];
        foreach (string set in run.Supported.Where(set => set != "Scalar"))
        {
            (string Name, string Set, string Code)[] compiled = [.. kernels.Where(kernel => kernel.Set == set)];
            Assert.Contains(compiled, kernel => kernel.Name.Contains("Consumer_ByAttributes_", StringComparison.Ordinal));
            Assert.Contains(compiled, kernel => kernel.Name.Contains("Consumer_ByMethod_", StringComparison.Ordinal));
            Assert.Contains(compiled, kernel => kernel.Name.Contains("Consumer_ByMethod_", StringComparison.Ordinal) && kernel.Name.Contains("__Reduce", StringComparison.Ordinal));
            Assert.Contains(compiled, kernel => kernel.Name.Contains("OptimGen_AdamW_", StringComparison.Ordinal));
            Assert.All(compiled, kernel =>
            {
                Assert.Matches(@"v(mul|add|sub|max|fn?m\w+)p[sd] .*%" + (set == "Avx512" ? "zmm" : "ymm"), kernel.Code);
                Assert.DoesNotContain("call", kernel.Code, StringComparison.Ordinal);
            });
        }
    }

    /// <summary>The package names AVX2 where the project names nothing.</summary>
    [SkippableFact]
    public void A_program_compiled_ahead_of_time_has_vector_code_without_any_setting()
    {
        Toolchain.RequireLinuxX64();
        Toolchain.Require("clang|gcc");
        Skip.IfNot(package.ReferenceRun.Supported.Contains("Avx2"), "This processor has no AVX2.");
        var project = new ConsumerProject(package, "native-default", "net9.0", SelfContained + "<PublishAot>true</PublishAot>");

        ConsumerRun run = project.RunPublished(project.Publish());

        Assert.Equal("False", run["just in time"]);
        Assert.Contains("Avx2", run.Supported);
        Assert.Equal("Avx2", run["ByMethod.instruction set"]);
        Assert.Equal(package.ReferenceRun.Results, run.Results);
    }

    /// <summary>The kernels, and the methods of the same names that call them.</summary>
    [GeneratedRegex(@"^[0-9a-f]+ <(?<name>\w+_(?<set>Avx2|Avx512)Kernels__(Update|Reduce|Sums?Of)\w*)>:\n(?<code>(.+\n)+)", RegexOptions.Multiline)]
    private static partial Regex VectorKernel();

    [GeneratedRegex(@"\b(call|jmp)\w* .*Kernels__(Update|Reduce|Sums?Of)\w*>")]
    private static partial Regex HandsOver();
}
