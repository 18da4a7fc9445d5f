using Microsoft.CodeAnalysis.CSharp;

namespace OptimGen.Generator.Tests.Mutants;

/// <summary>Changes of a source that a person, a tool or an accident could make: of its tokens, its text, its types, its names, and what it stands in.</summary>
internal sealed class Mutation
{
    /// <summary>Words that no source has.</summary>
    private static readonly string[] Words =
    [
        "static ", "async ", "extern ", "abstract ", "unsafe ", "partial ", "file ", "ref ", "out ", "in ", "params ", "scoped ", "this ", "base ", "double ", "int ", "long ", "bool ",
        "string ", "object ", "T ", "<T> ", "? ", "[] ", "0 ", "1e300 ", "'a' ", "null ", "default ", "new() ", "=> ", "{ ", "} ", "( ", ") ", "; ", "# ", "@", "\"", "/* ", "// ", "\u2028",
        "goto ", "yield ", "await ", "lock ", "throw ", "switch ", "for (;;) ", "where T : struct ", "required ", "init ", "interface ", "record ", "struct ", "enum ", "delegate ",
        "[State] ", "[PerStep] ", "[PerTensor] ", "[Reduce(Reduction.Sum)] ", "[UpdateRule] ", "[Hyperparameter] ", "[Previous(\"m\")] ", "[System.Obsolete(\"no\", true)] ",
        "checked ", "unchecked ", "stackalloc ", "sizeof(float) ", "nameof(Update) ", "is { } x ", "with { } ", "..", "^1 ", "??= ", "!", "~", "-0f ", "0x7fffffff ", "1e-46f ", "1m ", "1_0.0_1 ",
        "virtual ", "override ", "sealed ", "new ", "readonly ", "volatile ", "const ", "fixed ", "implicit operator ", "private protected ", "allows ref struct ", "field ", "var ", "dynamic ", "nint ",
    ];

    /// <summary>Types that stand where a float or a double stood.</summary>
    private static readonly string[] Types =
    [
        "double", "float", "decimal", "int", "nint", "ulong", "char", "bool", "string", "object", "dynamic", "System.Half", "float?", "float[]", "(float, float)", "System.Span<float>", "T", "void",
        "var", "float*", "delegate*<float, float>", "System.Action", "Contoso.Missing", "System.Numerics.Vector<float>", "System.DateTime", "ref float", "Any",
    ];

    /// <summary>Names that are hard to write, or hard to tell apart.</summary>
    private static readonly string[] Names =
    [
        "日本", "ünï", "u\u0308", "\u00fc", "ﬁ", "\u2119", "𝒜", "\\u0066oo", "\\U00000061b", "@class", "@_", "__", "_", "a\u200db", "\u0131", "İ", "ς", "own", "i", "count", "group", "tensor", "phase",
        "rule", "Rule", "streams", "System", "OptimGen", "Vector512", "Math", "MathF", "value", "field", "record", "nuint", "Scalar", "lanes", "Step", "Parameters", "GroupHyperparameters",
    ];

    private readonly string[][] sources;
    private readonly string[] words;

    public Mutation(IEnumerable<string> sources)
    {
        this.sources = [.. sources.Select(source => TokensOf(source).ToArray())];
        words = [.. this.sources.SelectMany(tokens => tokens).Select(token => token.Trim() + " ").Distinct().Order(StringComparer.Ordinal), .. Words, .. Words];
    }

    /// <summary>A source changed once to three times; the same for the same numbers.</summary>
    public string Mutate(int seed, int index)
    {
        var random = new Random(HashOf(seed, index));
        List<string> tokens = [.. sources[random.Next(sources.Length)]];
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            MutateTokens(tokens, random);
        }

        string text = string.Concat(tokens);
        return random.Next(8) switch
        {
            0 => MutateText(text, random),
            1 => Surround(text, random),
            _ => text,
        };
    }

    private void MutateTokens(List<string> tokens, Random random)
    {
        int at = random.Next(tokens.Count), count = Math.Min(random.Next(1, 6), tokens.Count - at);
        switch (random.Next(12))
        {
            case 0:
                tokens[at] = words[random.Next(words.Length)];
                break;
            case 1:
                tokens.Insert(at, words[random.Next(words.Length)]);
                break;
            case 2:
                tokens.RemoveRange(at, count);
                break;
            case 3:
                tokens.InsertRange(random.Next(tokens.Count), tokens.GetRange(at, count));
                break;
            case 4:
                string[] other = sources[random.Next(sources.Length)];
                int start = random.Next(other.Length);
                tokens.InsertRange(at, other.Skip(start).Take(random.Next(1, 12)));
                break;
            case 5:
                // The rest of a line that is not typed yet.
                int end = tokens.FindIndex(at, token => token.Contains('\n', StringComparison.Ordinal));
                tokens.RemoveRange(at, (end < 0 ? tokens.Count : end) - at);
                break;
            case 6:
                Rename(tokens, tokens[at].Trim(), words[random.Next(words.Length)].Trim());
                break;
            case 7:
                if (PickName(tokens, random) is { } renamed)
                {
                    Rename(tokens, renamed, Names[random.Next(Names.Length)]);
                }

                break;
            case 8:
                ChangeType(tokens, random);
                break;
            case 9:
                // One name of the source for another, in one place.
                if (PickName(tokens, random) is { } from && PickName(tokens, random) is { } to)
                {
                    int place = tokens.FindIndex(random.Next(tokens.Count), token => token.Trim() == from);
                    if (place >= 0)
                    {
                        tokens[place] = tokens[place].Replace(from, to, StringComparison.Ordinal);
                    }
                }

                break;
            case 10:
                Nest(tokens, at, random);
                break;
            default:
                int second = random.Next(tokens.Count);
                (tokens[at], tokens[second]) = (tokens[second], tokens[at]);
                break;
        }

        if (tokens.Count == 0)
        {
            tokens.Add(";");
        }
    }

    private static string? PickName(List<string> tokens, Random random)
    {
        string[] names = [.. tokens.Select(token => token.Trim()).Where(token => token.Length > 0 && SyntaxFacts.IsValidIdentifier(token) && SyntaxFacts.GetKeywordKind(token) == SyntaxKind.None)];
        return names.Length == 0 ? null : names[random.Next(names.Length)];
    }

    private static void Rename(List<string> tokens, string old, string name)
    {
        for (int i = 0; i < tokens.Count && old.Length > 0; i++)
        {
            tokens[i] = tokens[i].Trim() == old ? tokens[i].Replace(old, name, StringComparison.Ordinal) : tokens[i];
        }
    }

    /// <summary>One of the types of numbers, or every one that is the same, for another.</summary>
    private static void ChangeType(List<string> tokens, Random random)
    {
        int[] places = [.. Enumerable.Range(0, tokens.Count).Where(i => tokens[i].Trim() is "float" or "double" or "long" or "bool")];
        if (places.Length == 0)
        {
            return;
        }

        int place = places[random.Next(places.Length)];
        string old = tokens[place].Trim(), type = Types[random.Next(Types.Length)];
        foreach (int i in random.Next(2) == 0 ? [place] : places.Where(i => tokens[i].Trim() == old))
        {
            tokens[i] = tokens[i].Replace(old, type, StringComparison.Ordinal);
        }
    }

    /// <summary>Puts a token, or a statement, deep inside of others.</summary>
    private static void Nest(List<string> tokens, int at, Random random)
    {
        int depth = random.Next(3) == 0 ? random.Next(200, 300) : random.Next(1, 60);
        (string open, string close) = random.Next(6) switch
        {
            0 => ("(", ")"),
            1 => ("-(", ")"),
            2 => ("(1 + ", ")"),
            3 => ("{ ", " }"),
            4 => ("if (gradient > 0) { ", " }"),
            _ => ("MathF.Sqrt(", ")"),
        };
        tokens[at] = string.Concat(Enumerable.Repeat(open, depth)) + tokens[at] + string.Concat(Enumerable.Repeat(close, depth));
    }

    private static string MutateText(string text, Random random)
    {
        int at = random.Next(text.Length), length = Math.Min(random.Next(1, 40), text.Length - at);
        return random.Next(6) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(random.Next(text.Length), text.Substring(at, length)),
            2 => text.Insert(at, ((char)random.Next(1, 0x10000)).ToString()),
            3 => text.Replace("\n", random.Next(2) == 0 ? "\r" : "\r\n", StringComparison.Ordinal),
            4 => text[..at],
            _ => text.Insert(at, "\n#" + ((string[])["if X", "endif", "nullable disable", "pragma warning disable", "line 5 \"a\"", "region", "error no"])[random.Next(7)] + "\n"),
        };
    }

    /// <summary>The classes of a source in another type or namespace; the usings stay where they may stand.</summary>
    private static string Surround(string text, Random random)
    {
        int start = text.IndexOf('[', StringComparison.Ordinal);
        if (start < 0)
        {
            return text;
        }

        string[] around =
        [
            "internal partial class Outer", "internal partial struct Outer", "internal ref partial struct Outer", "internal partial interface Outer", "internal partial record Outer(int X)",
            "internal static partial class Outer", "internal partial class Outer<T>", "internal class Outer", "file partial class Outer", "namespace Inner", "internal partial class Outer(int x)",
            "internal partial record struct Outer", "internal static class Outer { extension(float x)", "internal unsafe partial class Outer", "internal abstract partial class Outer : System.EventArgs",
        ];
        string chosen = around[random.Next(around.Length)];
        return $"{text[..start]}\n{chosen}\n{{\n{text[start..]}\n}}{(chosen.Contains('{', StringComparison.Ordinal) ? "}" : "")}";
    }

    private static int HashOf(int seed, int index) => unchecked((seed * 486187739) + (index * 16777619));

    private static IEnumerable<string> TokensOf(string source) => CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens().Select(token => token.ToFullString());
}
