using System.Globalization;

namespace OptimGen.Package.Tests;

[Collection(SharedPackage.Name)]
public sealed class ConsumerTests(PackedPackage package)
{
    [Fact]
    public void A_strict_project_builds_without_a_warning_and_trains()
    {
        ConsumerRun run = package.ReferenceRun;

        Assert.Equal("True", run["just in time"]);
        foreach (string optimizer in (string[])["ByAttributes", "ByMethod", "Adam"])
        {
            Assert.Contains(run[optimizer + ".instruction set"], run.Supported);
            Assert.Equal("Completed, 120 steps", run[optimizer + ".outcome"]);
            double[] costs = [.. run[optimizer + ".costs"].Split(' ').Select(cost => double.Parse(cost, CultureInfo.InvariantCulture))];
            Assert.InRange(costs[1], 0, costs[0] / 10);
        }
    }

    [Fact]
    public void The_environment_chooses_the_instruction_set_and_the_bits_stay()
    {
        Assert.Contains("Scalar", package.ReferenceRun.Supported);
        foreach (string set in package.ReferenceRun.Supported)
        {
            ConsumerRun run = package.Reference.Run(set.ToUpperInvariant());

            Assert.Equal(set, run["ByMethod.instruction set"]);
            Assert.Equal(package.ReferenceRun.Results, run.Results);
        }
    }

    [Fact]
    public void An_instruction_set_that_there_is_not_is_ignored_and_said_by_name()
    {
        string lacking = package.ReferenceRun.Supported.Contains("Neon") ? "Avx2" : "Neon";

        Result unknown = package.Reference.TryRun("fast");
        Result unsupported = package.Reference.TryRun(lacking);

        Assert.Equal(0, unknown.ExitCode);
        Assert.Contains(
            "The environment variable OPTIMGEN_INSTRUCTION_SET is 'fast', which is ignored: it must be one of scalar, neon, avx2, avx512.",
            unknown.Errors, StringComparison.Ordinal);
        Assert.Equal(0, unsupported.ExitCode);
        Assert.Contains($"is '{lacking}', which is ignored: this machine supports ", unsupported.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_oldest_framework_and_language_that_are_promised_give_the_same_bits()
    {
        var project = new ConsumerProject(
            package, "oldest", "net9.0",
            // Where there is no runtime 9, a later one runs it; a launcher for 9 would be a package more.
            "<LangVersion>12</LangVersion><RollForward>Major</RollForward><UseAppHost>false</UseAppHost>");
        project.Build();

        Assert.Equal(package.ReferenceRun.Results, project.Run().Results);
    }

    [Fact]
    public void A_mistake_is_an_error_at_its_line()
    {
        var project = new ConsumerProject(package, "mistake", "net10.0");
        string optimizers = project.PathOf("Optimizers.cs");
        string[] lines = File.ReadAllLines(optimizers);
        int line = Array.FindIndex(lines, text => text.Contains("class ByAttributes", StringComparison.Ordinal));
        lines[line] = lines[line].Replace("partial ", "", StringComparison.Ordinal);
        File.WriteAllLines(optimizers, lines);

        Result build = project.TryBuild();

        Assert.NotEqual(0, build.ExitCode);
        int column = lines[line].IndexOf("ByAttributes", StringComparison.Ordinal);
        Assert.Contains($"Optimizers.cs({line + 1},{column + 1}): error OPTG001: ", build.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("CS8785", build.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-x64", "", "", true)]
    [InlineData("win-x64", "", "true", true)]
    [InlineData("linux-x64", "native", "", false)]
    [InlineData("linux-x64", "", "false", false)]
    [InlineData("linux-arm64", "", "", false)]
    public void Compiling_ahead_of_time_for_x64_gets_vectors_and_says_so(string runtime, string instructionSet, string sets, bool said)
    {
        // The project has been restored once it has run.
        Assert.NotEmpty(package.ReferenceRun.Supported);

        Result result = package.Reference.RunTarget(
            "OptimGenSetInstructionSet", "PublishAot=true", "RuntimeIdentifier=" + runtime, "IlcInstructionSet=" + instructionSet,
            "OptimGenSetsInstructionSet=" + sets);

        Assert.Equal(said, result.Succeeded().Output.Contains("compiled ahead of time for x86-x64-v3", StringComparison.Ordinal));
    }
}
