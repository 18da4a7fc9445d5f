namespace OptimGen.Package.Tests;

/// <summary>What <c>Consumer/Program.cs</c> printed, by the names that it gives.</summary>
internal sealed class ConsumerRun(string output)
{
    /// <summary>How the names end whose values say where it ran; all others are results.</summary>
    private static readonly string[] Circumstances = ["framework", "just in time", "supported", ".instruction set"];

    private readonly Dictionary<string, string> values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1].TrimEnd('\r'));

    public string this[string name] => values[name];

    /// <summary>The results, in bits: everything that must not depend on the instruction set, the framework or the compiler.</summary>
    public IReadOnlyDictionary<string, string> Results =>
        values.Where(pair => !Circumstances.Any(pair.Key.EndsWith)).ToDictionary(pair => pair.Key, pair => pair.Value);

    public string[] Supported => this["supported"].Split(", ");
}
