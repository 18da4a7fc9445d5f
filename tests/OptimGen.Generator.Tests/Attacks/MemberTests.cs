using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests.Attacks;

/// <summary>Members of all kinds in and around an optimizer: they work, or are refused at the user's own line.</summary>
public class MemberTests
{
    private const string Rule = "[UpdateRule] private static float Update(float parameter, float gradient) => parameter - 0.5f * gradient;";

    private const string GenericAdvice = "it stands in a generic type; declare it in one that is not, for float, and it is inlined";

    /// <summary>An IDE refers to a project by its compilation, so its sources are there, but not in this one.</summary>
    [Fact]
    public void HelperOfAReferencedProject_IsRefusedAtTheCall()
    {
        var test = new GeneratorTest();
        CSharpCompilation library = test.Compile("""
            /// <summary>A library.</summary>
            public static class Library
            {
                /// <summary>A field.</summary>
                public static readonly float Half = 0.5f;

                /// <summary>A constant.</summary>
                public const float Third = 1f / 3;

                /// <summary>A method.</summary>
                public static float Twice(float x) => 2 * x;
            }
            """).WithAssemblyName("Library");
        Assert.Equal(
            ["OPTG020 at `Library.Twice(gradient)`: 'Library.Twice(gradient)' cannot be part of a kernel: declare it static, in this project, with an expression or a block of the same language, and it is inlined"],
            Diagnose(Calling("parameter - Library.Twice(gradient)"), library));
        // Its values are no code, and can be read.
        Assert.Empty(Diagnose(Calling("parameter - Library.Half * Library.Third * gradient"), library));
        Assert.Equal(
            ["OPTG020 at `Library.Twice(gradient)`: 'Library.Twice(gradient)' cannot be part of a kernel: declare it static, in this project, with an expression or a block of the same language, and it is inlined"],
            Diagnose(
                "using OptimGen; [Optimizer] internal sealed partial class Any { [Reduce(Reduction.Sum)] private static float Total(float gradient) => Library.Twice(gradient); "
                + "[UpdateRule] private static float Update(float parameter, float gradient, float total) => parameter - total * gradient; }",
                library));

        static string Calling(string expression) =>
            $"using OptimGen; [Optimizer] internal sealed partial class Any {{ [UpdateRule] private static float Update(float parameter, float gradient) => {expression}; }}";
    }

    [Theory]
    [InlineData("'a'")]
    [InlineData("(char)1")]
    [InlineData("1")]
    [InlineData("1u")]
    [InlineData("long.MaxValue")]
    [InlineData("-0f")]
    [InlineData("float.Parse(\"1\", System.Globalization.CultureInfo.InvariantCulture)")]
    [InlineData("default")]
    [InlineData("(sbyte)-1")]
    public void HyperparametersThatStartFrom(string initial)
    {
        using LoadedProject project = Load($"[Hyperparameter] public float A {{ get; set; }} = {initial}; [UpdateRule] private static float Update(float parameter, float gradient, float a) => parameter - a * gradient;");
        Optimizer<float> optimizer = project.Create("Any", Parameters());
        Assert.Equal(optimizer.GetType().GetProperty("A")!.GetValue(optimizer), (float)optimizer.GetHyperparameter("A"));
    }

    [Fact]
    public void HyperparameterThatStartsFromAText_IsTheCompilersError() => Refuse(
        $"[Hyperparameter] public float A {{ get; set; }} = \"x\"; {Rule}", "CS0029 at `\"x\"`: Cannot implicitly convert type 'string' to 'float'");

    [Fact]
    public void HelpersInGenericTypes_AreRefused() => GeneratorTest.Run(
        GeneratorTest.Usings + """
        internal static class Helper<T>
        {
            internal static float F(float x) => 2 * x;
            internal static T G(T x) => x;
            internal static class Inner { internal static float H(float x) => x; }
        }

        [Optimizer]
        internal sealed partial class Any
        {
            [UpdateRule]
            private static float Update(float parameter, float gradient) =>
                parameter - Helper<float>.F(gradient) - Helper<float>.G(gradient) - Helper<int>.Inner.H(gradient);
        }
        """,
        $"OPTG020 at `Helper<float>.F(gradient)`: 'Helper<float>.F(gradient)' cannot be part of a kernel: {GenericAdvice}",
        $"OPTG020 at `Helper<float>.G(gradient)`: 'Helper<float>.G(gradient)' cannot be part of a kernel: {GenericAdvice}",
        $"OPTG020 at `Helper<int>.Inner.H(gradient)`: 'Helper<int>.Inner.H(gradient)' cannot be part of a kernel: {GenericAdvice}");

    /// <summary>C# 14 has members that extend a type; what they belong to has no name.</summary>
    [Fact]
    public void ExtensionMembers_AreRefusedAsHelpers_AndExtensionMethodsAreNot()
    {
        const string Source = """
            using OptimGen;

            internal static class Extensions
            {
                extension(float x)
                {
                    internal float Twice() => 2 * x;
                    internal static float Half(float y) => y / 2;
                }

                internal static float Third(this float x) => x / 3;
            }

            [Optimizer]
            internal sealed partial class Any
            {
                [UpdateRule]
                private static float Update(float parameter, float gradient) => §;
            }
            """;
        const string Advice = "cannot be part of a kernel: declare it static, in this project, with an expression or a block of the same language, and it is inlined";
        var test = new GeneratorTest { LanguageVersion = LanguageVersion.Preview };
        test.Run([Source.Replace("§", "parameter - gradient.Third()", StringComparison.Ordinal)]);
        test.Run([Source.Replace("§", "parameter - gradient.Twice()", StringComparison.Ordinal)], $"OPTG020 at `gradient.Twice()`: 'gradient.Twice()' {Advice}");
        test.Run([Source.Replace("§", "parameter - float.Half(gradient)", StringComparison.Ordinal)], $"OPTG020 at `float.Half(gradient)`: 'float.Half(gradient)' {Advice}");
    }

    [Fact]
    public void ExtensionMembers_AreNoRules() => new GeneratorTest { LanguageVersion = LanguageVersion.Preview }.Run(
        [
            """
            using OptimGen;

            [Optimizer]
            internal static partial class Any
            {
                extension(Any2 of)
                {
                    [UpdateRule] public static float Update(float parameter, float gradient) => parameter - gradient;
                    [PerStep] public static void Hand(out double x) => x = 1;
                }
            }

            internal class Any2;
            """,
        ],
        "OPTG002 at `Any`: 'Any' cannot be an optimizer because it is static; declare a non-generic, non-static, non-abstract class without a base class");

    [Theory]
    [InlineData("[System.Obsolete(\"old\")] ", "", "")]
    [InlineData("[System.Obsolete(\"old\", true)] ", "", "")]
    [InlineData("[System.Obsolete] ", "[System.Obsolete(\"old\", true)] ", "[System.Obsolete(\"old\", true)] ")]
    [InlineData("", "[System.Obsolete] ", "[System.Obsolete(\"old\")] ")]
    public void Obsolete_IsNoWarningInGeneratedCode(string ofClass, string ofMethod, string ofProperty)
    {
        using LoadedProject project = new(GeneratorTest.Run(GeneratorTest.Usings + $$"""
            {{ofClass}}
            [Optimizer]
            internal sealed partial class Any
            {
                {{ofProperty}}[Hyperparameter] public float Rate { get; set; } = 0.25f;

                {{ofMethod}}[PerStep] private static void Hand(double rate, out double scaled) => scaled = 2 * rate;

                {{ofMethod}}[Reduce(Reduction.Norm)] private static float Norm(float gradient) => gradient;

                {{ofMethod}}[UpdateRule] private static float Update(float parameter, float gradient, float scaled, float norm) => parameter - scaled / (1 + norm) * gradient;
            }
            """));
        project.RequireRule("Any");
    }

    [Theory]
    [InlineData("[System.Obsolete(\"no\", true)] [PerStep] private static void Hand(out double x) => x = 1;",
        "OPTG022 at `Hand`: The method 'Hand' is [Obsolete] as an error, and the generated code calls it; let it be a warning")]
    [InlineData("[System.Diagnostics.Conditional(\"DEBUG\")] [PerStep] private static void Hand([State] ref double x) => x = 1;",
        "OPTG022 at `Hand`: The method 'Hand' is marked [Conditional], so that the generated code cannot call it by a delegate; remove the attribute")]
    [InlineData("[System.Runtime.InteropServices.UnmanagedCallersOnly] [PerStep] private static void Hand() { }",
        "OPTG022 at `Hand`: The method 'Hand' is marked [UnmanagedCallersOnly], so that the generated code cannot call it by a delegate; remove the attribute")]
    [InlineData("[PerStep] static partial void Hand([State] ref double x);",
        "OPTG022 at `Hand`: The method 'Hand' must have a body; the generated code calls it")]
    [InlineData("private static double Value { [PerStep] set { _ = value; } }",
        "OPTG022 at `set`: The method 'set_Value' is an accessor or an operator; write an ordinary method")]
    [InlineData("private static float Value { [Reduce(Reduction.Sum)] get => 1; }",
        "OPTG022 at `get`: The method 'get_Value' is an accessor or an operator; write an ordinary method")]
    public void MethodsThatCannotBeCalled(string member, params string[] diagnostics) => Refuse($"{Rule} {member}", diagnostics);

    [Theory]
    [InlineData("[PerStep] private static void Hand(in double rate, out double x) => x = rate;",
        "OPTG023 at `rate`: The parameter 'rate' of 'Hand' must be a double by value")]
    [InlineData("[PerStep] private static void Hand(ref readonly double rate, out double x) => x = rate;",
        "OPTG023 at `rate`: The parameter 'rate' of 'Hand' must be a double by value")]
    [InlineData("[PerStep] private static void Hand(double rate, out double x, params double[] more) => x = rate + more.Length;",
        "OPTG023 at `more`: The parameter 'more' of 'Hand' is no hyperparameter in camelCase, 'step', reduction, or value that an earlier method hands out; mark what is kept from step to step [State] ref double, and what is handed to the rule out double or out bool")]
    [InlineData("[PerStep] private static ref double Hand([State] ref double x) => ref x;",
        "OPTG022 at `Hand`: The method 'Hand' must be static, not generic, and return void; it hands its results out by out parameters")]
    public void PerStepMethods_OfOtherShapes(string method, params string[] diagnostics) =>
        Refuse($"[Hyperparameter] public float Rate {{ get; set; }} = 1; {Rule} {method}", diagnostics);

    /// <summary>An optional parameter is given as any other; a result that nobody takes is dropped; a method may take and hand out nothing.</summary>
    [Theory]
    [InlineData("[PerStep] private static void Hand(out double x, double rate = 3) => x = rate;")]
    [InlineData("[PerStep] private static void Hand(double rate, out double x, out double unused, out bool alsoUnused, out float third) => (x, unused, alsoUnused, third) = (rate, 1, true, 2);")]
    [InlineData("[PerStep] private static void Nothing() { } [PerStep] private static void Hand([State] scoped ref double kept, scoped out double x) => x = kept += 1;")]
    [InlineData("[PerStep] private static void Hand(long step, out double x) => x = step; private static void Hand(double step, out double x) => x = -step;")]
    [InlineData("[PerStep] private static partial void Hand(long step, out double x); private static partial void Hand(long step, out double x) => x = step;")]
    [InlineData("[PerStep] private static unsafe void Hand(out double x) => x = 1;", "CS0227 at `Hand`: Unsafe code may only appear if compiling with /unsafe")]
    [InlineData("[PerTensor] private static void Hand(long elementCount, out double x) => x = 1d / elementCount;")]
    [InlineData("[PerTensor] private static void Hand(double elementCount, [State] ref double n, out double x, out double unused) => (x, unused) = (n++ / elementCount, 1);")]
    public void HostMethods(string method, params string[] diagnostics)
    {
        string members = $"[Hyperparameter] public float Rate {{ get; set; }} = 1; {method} [UpdateRule] private static float Update(float parameter, float gradient, float x) => parameter - 0.01f * x * gradient;";
        if (diagnostics.Length > 0)
        {
            Refuse(members, diagnostics);
            return;
        }

        using LoadedProject project = Load(members);
        project.RequireRule("Any");
    }

    /// <summary>A choice of each tensor's, beside one of the step.</summary>
    [Fact]
    public void FlagsOfTensors()
    {
        using LoadedProject project = Load("""
            [Reduce(Reduction.Norm)] private static float Norm(float gradient) => gradient;

            [PerStep] private static void Choose(long step, out bool even) => even = step % 2 == 0;

            [PerTensor] private static void Trust(double norm, long elementCount, out bool large, out bool unused, out double scale)
            {
                (large, unused) = (norm * norm > elementCount, elementCount > 1);
                scale = 1 / (1 + norm);
            }

            [UpdateRule] private static float Update(float parameter, float gradient, bool large, bool even, float scale) =>
                large ? parameter - scale * gradient : even ? parameter - 0.5f * gradient : parameter;
            """);
        project.RequireRule("Any");
    }

    /// <summary>What the user's class declares is the user's to set, so there is no warning in the generated constructor.</summary>
    [Fact]
    public void MembersThatAreNotNullable()
    {
        using LoadedProject project = Load($$"""
            public string Name { get; set; }
            public event System.Action Changed;
            private string field;
            public string Read() { Changed(); return field + (field = Name); }
            {{Rule}}
            """.Replace("public ", "internal ", StringComparison.Ordinal));
        project.RequireRule("Any");
    }

    /// <summary>Everything private, in a class that is private itself.</summary>
    [Fact]
    public void PrivateMembersOfAPrivateClass()
    {
        using LoadedProject project = new(GeneratorTest.Run(GeneratorTest.Usings + """
            internal sealed partial class Outer
            {
                private static readonly float Shared = 0.5f;

                private sealed partial class Inner
                {
                    [Optimizer]
                    private sealed partial class Any
                    {
                        private static readonly float Own = 0.25f;
                        [Hyperparameter] private float Rate { get; set; } = 0.5f;
                        [Hyperparameter] internal float Other { get; private set; } = 0.5f;
                        [PerStep] private static void Hand(double rate, out double scaled) => scaled = 2 * rate;
                        [UpdateRule] private static float Update(float parameter, float gradient, float scaled, float other) => parameter - Helper(scaled * other) * Shared * Own * gradient;
                        private static float Helper(float x) => x + 1;
                    }
                }
            }
            """));
        project.RequireRule("Outer+Inner+Any");
    }

    /// <summary>What a rule's text has, stands in comments and in strings of the generated file.</summary>
    [Fact]
    public void TextsOfRules_EndNoLineOfGeneratedCode()
    {
        using LoadedProject project = Load(
            "[UpdateRule] private static float Update(float parameter, float gradient) { const string A = @\"\u2028\u2029\u0085 */ \"\"\r \\ </code> {0} 😀 \0\"; const char B = '\\uffff'; "
            + "return parameter - (A == \"\" ? B : 0.5f) * gradient; }");
        Assert.Contains("const string A", string.Join('\n', project.Create("Any", Parameters()).Definition.Equations), StringComparison.Ordinal);
        project.RequireRule("Any");
    }

    /// <summary>A class that a person made public keeps what it says of itself.</summary>
    [Fact]
    public void RequiredAndOverriddenMembers()
    {
        using LoadedProject project = Load($$"""
            [Hyperparameter] internal required float Rate { get; set; }
            [Hyperparameter] internal float Field { get => kept; set => kept = value + 1; } private float kept = 2;
            public override bool Equals(object? other) => ReferenceEquals(this, other);
            public override int GetHashCode() => 1;
            public override string ToString() => $"{Rate}";
            [UpdateRule] private static float Update(float parameter, float gradient, float rate, float field) => parameter - (rate + field) * gradient;
            """);
        project.RequireRule("Any");
    }

    private static ParameterSet Parameters()
    {
        var parameters = new ParameterSet();
        parameters.Add("weights", 3);
        return parameters;
    }

    private static string[] Diagnose(string source, CSharpCompilation library)
    {
        var test = new GeneratorTest();
        CSharpCompilation project = test.Compile(source).AddReferences(library.ToMetadataReference());
        GeneratorDriver driver = test.Driver().RunGeneratorsAndUpdateCompilation(project, out Compilation output, out _);
        Assert.Null(driver.GetRunResult().Results.Single().Exception);
        return [.. GeneratorTest.Diagnose(output).Select(GeneratorTest.Format)];
    }

    private static LoadedProject Load(string members) => new(GeneratorTest.Run(Source(members)));

    private static void Refuse(string members, params string[] diagnostics) => GeneratorTest.Run(Source(members), diagnostics);

    private static string Source(string members) => GeneratorTest.Usings + $$"""
        [Optimizer]
        internal sealed partial class Any
        {
            {{members}}
        }
        """;
}
