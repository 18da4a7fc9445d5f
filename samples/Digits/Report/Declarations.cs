namespace Digits.Report;

/// <summary>The declarations of the optimizers: source text from Optimizers.cs, which is embedded in the assembly.</summary>
internal static class Declarations
{
    /// <summary>The lines that declare a class: its attributes and its name.</summary>
    public static string Of(string className)
    {
        using Stream source = typeof(Declarations).Assembly.GetManifestResourceStream("Optimizers.cs")!;
        using var reader = new StreamReader(source);
        string[] lines = reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n');
        int declaration = Array.FindIndex(lines, line => line.EndsWith($"class {className};", StringComparison.Ordinal));
        int first = declaration;
        while (first > 0 && lines[first - 1].StartsWith('['))
        {
            first--;
        }

        return string.Join('\n', lines[first..(declaration + 1)]);
    }
}
