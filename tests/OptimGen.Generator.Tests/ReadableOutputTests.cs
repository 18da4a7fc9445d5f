using System.Text.RegularExpressions;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>The generated files are there to be read and stepped through.</summary>
public partial class ReadableOutputTests
{
    private const int LongestLine = 160;

    public static TheoryData<string> Names => Optimizers.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_HaveNoTabsNoTrailingWhiteSpaceAndShortLines(string name)
    {
        foreach ((string file, string text) in GeneratorTest.Run(Optimizers.Source(name)).Files)
        {
            Assert.EndsWith("}\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\r', text);
            Assert.DoesNotContain('\t', text);
            Assert.DoesNotContain("\n\n\n", text, StringComparison.Ordinal);
            foreach (string line in text.Split('\n'))
            {
                Assert.True(line.TrimEnd() == line, $"{file}: white space ends the line: {line}");
                Assert.True(line.Length <= LongestLine, $"{file}: {line.Length} characters: {line}");
            }
        }
    }

    /// <summary>A line is indented by its depth in braces and brackets; one that only continues a statement, by one more.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Files_AreIndentedByTheirNesting(string name)
    {
        foreach ((string file, string text) in GeneratorTest.Run(Optimizers.Source(name)).Files)
        {
            int depth = 0;
            foreach (string line in text.Split('\n').Where(line => line.Length > 0))
            {
                string code = line.Trim();
                if (code.StartsWith("//", StringComparison.Ordinal) || code.StartsWith('"'))
                {
                    continue;
                }

                int closedFirst = code.TakeWhile(character => character is '}' or ']').Count();
                int indentation = line.Length - line.TrimStart().Length;
                int expected = 4 * (depth - closedFirst);
                Assert.True(
                    indentation == expected || indentation == expected + 4,
                    $"{file}: indented by {indentation} where the depth asks for {expected}: {line}");
                depth += code.Count(character => character is '{' or '[' or '(') - code.Count(character => character is '}' or ']' or ')');
            }

            Assert.Equal(0, depth);
        }
    }

    [Theory]
    [InlineData("GradientDescent", "θ ← θ − η·g")]
    [InlineData("Momentum", "m ← β₁·m + (1 − β₁)·g", "θ ← θ − η·m")]
    [InlineData("Nesterov", "g ← g + λ·θ", "b ← μ·b + g", "n = g + μ·b", "θ ← θ − η·n")]
    [InlineData("RmsProp", "v ← β₂·v + (1 − β₂)·g²", "d = g / √(v + ε)", "θ ← θ − η·d")]
    [InlineData(
        "Adam", "m ← β₁·m + (1 − β₁)·g", "m̂ = m / (1 − β₁ᵗ)", "v ← β₂·v + (1 − β₂)·g²", "v̂ = v / (1 − β₂ᵗ)", "d = m̂ / (√v̂ + ε)", "θ ← θ − η·d")]
    [InlineData("Adamax", "m ← β₁·m + (1 − β₁)·g", "m̂ = m / (1 − β₁ᵗ)", "u ← max(β₂·u, |g|)", "d = m̂ / (u + ε)", "θ ← θ − η·d")]
    [InlineData("AdagradMean", "S ← S + g²", "d = g / (√(S/t) + ε)", "θ ← θ − η·d")]
    [InlineData("Signum", "m ← β₁·m + (1 − β₁)·g", "θ ← θ − η·sign(m)")]
    [InlineData("Average", "m ← β₁·m + (1 − β₁)·g", "m̂ = m / (1 − β₁ᵗ)", "θ ← m̂")]
    public void Remarks_AreTheEquations(string name, params string[] equations)
    {
        string surface = GeneratorTest.Run(Optimizers.Source(name)).File($"{name}.g.cs");

        int start = surface.IndexOf("/// <code>\n", StringComparison.Ordinal) + "/// <code>\n".Length;
        string[] remarks = surface[start..surface.IndexOf("/// </code>", StringComparison.Ordinal)].TrimEnd('\n').Split('\n');
        Assert.Equal(equations.Select(equation => "/// " + equation), remarks);
    }

    /// <summary>So that two of them can be compared line by line. Only Arm's do not fetch ahead.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Kernels_OfAllVectorInstructionSets_HaveTheSameLines(string name)
    {
        GeneratorRun run = GeneratorTest.Run(Optimizers.Source(name));

        string[] heads = [.. new[] { "Avx512", "Avx2", "Neon" }.Select(set => Head(run.Kernels(set)))];
        Assert.Equal(heads[0], heads[1]);
        Assert.Contains("FetchesAhead", heads[0], StringComparison.Ordinal);
        Assert.Equal(Regex.Replace(heads[0], @"^( *)if \(phase\.FetchesAhead\)\n\1\{\n(.*\n)*?\1\}\n\n", "", RegexOptions.Multiline), heads[2]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Kernels_LoadAndStoreEachStreamOnceAVector(string name)
    {
        string kernel = GeneratorTest.Run(Optimizers.Source(name)).Kernels("Avx512");

        foreach (string access in new[] { @"LoadUnsafe\(ref (\w+)Stream", @"StoreUnsafe\(\w+, ref (\w+)Stream" })
        {
            Assert.Matches(access, kernel);
            foreach (string body in kernel.Split("for (").Skip(1).Select(loop => loop.Split('}')[0]))
            {
                string[] streams = [.. Regex.Matches(body, access).Select(match => match.Groups[1].Value)];
                Assert.Equal(streams.Distinct(), streams);
            }
        }
    }

    [Fact]
    public void Kernels_CanBeSteppedInto()
    {
        foreach (string text in GeneratorTest.Run(Optimizers.Source("Adam")).Files.Values)
        {
            Assert.DoesNotContain("Debugger", text, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", text, StringComparison.Ordinal);
        }
    }

    /// <summary>A warning is disabled with the reason beside it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Pragmas_SayWhy(string name) => Assert.All(
        GeneratorTest.Run(Optimizers.Source(name)).Files.Values.SelectMany(text => text.Split('\n')).Where(line => line.Contains("#pragma", StringComparison.Ordinal)),
        line => Assert.Matches("#pragma warning (disable [CS0-9, ]+ // .+\\.|restore CS[0-9]+)$", line));

    /// <summary>The lines of the updates, without what names the width. How many vectors hold a reduction depends on it, and AVX-512 has an instruction for signs.</summary>
    private static string Head(string kernel) => string.Join(
        '\n',
        Continued().Replace(kernel[kernel.IndexOf("public override void Update", StringComparison.Ordinal)..].Split("private static void Reduce")[0].Split("private static void SumOf")[0], match => match.Value[0] == ',' ? ", " : "(").Split('\n').Select(line =>
            line.Replace("Vector512", "Vector", StringComparison.Ordinal)
                .Replace("Vector256", "Vector", StringComparison.Ordinal)
                .Replace("Vector128", "Vector", StringComparison.Ordinal))
            .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.Contains("for (", StringComparison.Ordinal))
            .Select(line => Sign().Replace(Offset().Replace(line, "i + k"), "sign")));

    [GeneratedRegex(@"([,(])\n? +")]
    private static partial Regex Continued();

    [GeneratedRegex(@"i \+ \d+")]
    private static partial Regex Offset();

    [GeneratedRegex(@"Avx512F\.Fixup\(.*, 0\)|Vector\.BitwiseOr\(Vector\.AndNot\(.*, ~Vector\.Equals\((\w+), \1\)\)")]
    private static partial Regex Sign();
}
