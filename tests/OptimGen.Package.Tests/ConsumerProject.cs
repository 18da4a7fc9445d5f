using System.Text.RegularExpressions;

namespace OptimGen.Package.Tests;

/// <summary>A user's project, which knows the package and nothing of this repository: a copy of the folder <c>Consumer</c>.</summary>
internal sealed partial class ConsumerProject
{
    private readonly string folder;
    private readonly string framework;

    /// <param name="package">The package.</param>
    /// <param name="name">The name of the project's folder.</param>
    /// <param name="framework">The framework that it is for.</param>
    /// <param name="properties">More properties of the project file, as they are to stand there.</param>
    /// <param name="items">More of its items.</param>
    public ConsumerProject(PackedPackage package, string name, string framework, string properties = "", string items = "")
    {
        folder = package.FolderOf(name);
        this.framework = framework;
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Consumer")))
        {
            File.Copy(file, PathOf(Path.GetFileName(file)));
        }

        string project = File.ReadAllText(PathOf("Consumer.csproj"));
        File.WriteAllText(PathOf("Consumer.csproj"), project
            .Replace(">net10.0<", $">{framework}<", StringComparison.Ordinal)
            .Replace("  </PropertyGroup>\n", $"    {properties}\n  </PropertyGroup>\n", StringComparison.Ordinal)
            .Replace("  </ItemGroup>\n", $"    {items}\n  </ItemGroup>\n", StringComparison.Ordinal));
    }

    public string PathOf(string file) => Path.Combine(folder, file);

    public Result TryBuild() => Toolchain.RunDotNet(folder, "build", "-c", "Release");

    public void Build() => TryBuild().Clean();

    /// <summary>Runs a target of the restored project, with properties as on the command line.</summary>
    public Result RunTarget(string target, params string[] properties) =>
        Toolchain.RunDotNet(folder, ["msbuild", "-t:" + target, .. properties.Select(property => "-p:" + property)]);

    /// <summary>Publishes for x64 Linux. What the machine lacks for that skips the test.</summary>
    /// <returns>The path of the program.</returns>
    public string Publish()
    {
        Result result = Toolchain.RunDotNet(folder, "publish", "-c", "Release");
        string[] packages = [.. MissingPackage().Matches(result.Output).Select(match => match.Groups["name"].Value).Distinct()];
        if (packages.Length > 0)
        {
            Toolchain.Missing($"The machine's package folder has no {string.Join(", ", packages)} in the version of the SDK.");
        }

        result.Clean();
        return PathOf($"bin/Release/{framework}/linux-x64/publish/Consumer");
    }

    /// <summary>Runs what <see cref="Build"/> built.</summary>
    /// <param name="instructionSet">What the environment asks for; <see langword="null"/>: nothing.</param>
    public Result TryRun(string? instructionSet) =>
        Toolchain.Run(folder, Toolchain.DotNet, Asking(instructionSet), PathOf($"bin/Release/{framework}/Consumer.dll"));

    public ConsumerRun Run(string? instructionSet = null) => new(TryRun(instructionSet).Succeeded().Output);

    /// <summary>Runs what <see cref="Publish"/> left.</summary>
    public ConsumerRun RunPublished(string program, string? instructionSet = null) =>
        new(Toolchain.Run(folder, program, Asking(instructionSet)).Succeeded().Output);

    private static Dictionary<string, string> Asking(string? instructionSet) =>
        instructionSet is null ? [] : new() { ["OPTIMGEN_INSTRUCTION_SET"] = instructionSet };

    [GeneratedRegex(@"error NU110[12]: Unable to find package (?<name>[\w.-]+?)(\. | with)")]
    private static partial Regex MissingPackage();
}
