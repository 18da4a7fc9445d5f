using System.IO.Compression;

namespace OptimGen.Package.Tests;

/// <summary>The template, from its package to a program that runs, as a new user meets it: with the two packages alone.</summary>
[Collection(SharedPackage.Name)]
public sealed class TemplateTests(PackedPackage package)
{
    /// <summary>A name that is no namespace: the template makes one of it.</summary>
    private const string Name = "line-fit";

    [Fact]
    public void A_new_project_trains_and_its_tests_pass_and_fail_with_the_rule()
    {
        string folder = package.FolderOf("template"), hive = package.FolderOf("template-hive");
        Directory.CreateDirectory(folder);
        Toolchain.RunDotNet(folder, "new", "install", package.Templates, "--debug:custom-hive", hive).Clean();
        Toolchain.RunDotNet(folder, "new", "optimgen", "-o", ".", "-n", Name, "--debug:custom-hive", hive).Clean();

        Result passing = Toolchain.RunDotNet(folder, "test", "-c", "Release").Clean();
        Assert.Matches(@"Failed: +0, Passed: +3, Skipped: +0", passing.Output);
        Result run = Toolchain.RunDotNet(folder, "run", "-c", "Release", "--no-build", "--project", Name).Clean();
        Assert.Matches(@"^Completed after 400 steps, with kernels for \w+\r?\ny = 2\.000 x \+ 1\.000,", run.Output);

        string rule = Path.Combine(folder, Name, "MyOptimizer.cs"), text = File.ReadAllText(rule);
        Assert.Contains("return parameter - learningRate", text, StringComparison.Ordinal);
        File.WriteAllText(rule, text.Replace("return parameter - learningRate", "return parameter + learningRate", StringComparison.Ordinal));
        Result failing = Toolchain.RunDotNet(folder, "test", "-c", "Release", "--no-restore");
        Assert.NotEqual(0, failing.ExitCode);
        // The kernels still do what the method says; that the method is another rule, the two other tests notice.
        Assert.Matches(@"Failed: +2, Passed: +1, Skipped: +0", failing.Output);
    }

    [Fact]
    public void The_package_of_templates_holds_nothing_else()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.Templates);
        string[] container = ["[Content_Types].xml", "_rels/", "package/"];

        Assert.Equal(
            [
                "OptimGen.Templates.nuspec",
                "README.md",
                "content/Console/.gitignore",
                "content/Console/.template.config/dotnetcli.host.json",
                "content/Console/.template.config/template.json",
                "content/Console/TrainingApp.Tests/MyOptimizerTests.cs",
                "content/Console/TrainingApp.Tests/TrainingApp.Tests.csproj",
                "content/Console/TrainingApp.slnx",
                "content/Console/TrainingApp/LineFit.cs",
                "content/Console/TrainingApp/MyOptimizer.cs",
                "content/Console/TrainingApp/Program.cs",
                "content/Console/TrainingApp/TrainingApp.csproj",
                "icon.png",
            ],
            archive.Entries.Select(entry => entry.FullName).Where(name => !container.Any(name.StartsWith)).Order(StringComparer.Ordinal));
        using var specification = new StreamReader(archive.GetEntry("OptimGen.Templates.nuspec")!.Open());
        string text = specification.ReadToEnd();
        Assert.Contains("<packageType name=\"Template\" />", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<dependenc", text, StringComparison.Ordinal);
    }
}
