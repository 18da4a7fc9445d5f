using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests.Attacks;

/// <summary>Whatever the user's project calls its own things, what is generated compiles without a warning and computes what the method does.</summary>
public class NameTests
{
    /// <summary>A rule that uses everything a generated file can have: hyperparameters, states, a per-step method, a reduction, a per-tensor method, a flag.</summary>
    private const string Whole = """
        [global::OptimGen.Optimizer]
        internal sealed partial class Any
        {
            [global::OptimGen.Hyperparameter] public float Rate { get; set; } = 0.25f;

            private static readonly float Half = 0.5f;

            [global::OptimGen.PerStep]
            private static void Count(long step, double rate, [global::OptimGen.State] ref double n, out double scaled, out bool even)
            {
                n++;
                scaled = rate / n;
                even = step % 2 == 0;
            }

            [global::OptimGen.Reduce(global::OptimGen.Reduction.Norm)]
            private static float Norm(float gradient) => gradient;

            [global::OptimGen.PerTensor]
            private static void Trust(double norm, long elementCount, out double trust) => trust = 1 / (1 + (norm * elementCount));

            [global::OptimGen.UpdateRule]
            private static float Update(
                float parameter, float gradient, [global::OptimGen.State] ref float mean, [global::OptimGen.Ewa(0.9), global::OptimGen.BiasCorrection] float slow,
                float scaled, float trust, bool even)
            {
                mean = (Half * mean) + (even ? gradient : -gradient);
                return parameter - (scaled * trust * (mean + slow));
            }
        }
        """;

    /// <summary>The names that a generated file uses without saying where they are from.</summary>
    public static readonly string[] NamesOfTheFile =
    [
        "Vector128", "Vector256", "Vector512", "Unsafe", "Avx2", "Avx512F", "Fma", "AdvSimd", "MethodImpl", "MethodImplAttribute", "MethodImplOptions", "StepRule",
        "RuleKernels", "KernelStreams", "StepPhase", "StepMath", "Prefetch", "InstructionSet", "OptimizerDefinition", "RuleMath", "Rule", "GroupValues", "TensorValues",
        "ScalarKernels", "Avx512Kernels", "CountMethod", "Generated", "Optimizer", "ParameterSet", "Parameter", "Func", "Span", "ReadOnlySpan", "CompilerServices",
        "GeneratedCode", "CodeDom", "Reduction", "ReductionScope", "StateScope", "HyperparameterDefinition", "var", "dynamic", "nint", "value", "field", "record",
    ];

    [Fact]
    public void GlobalTypes() => Require(
        string.Concat(NamesOfTheFile.Select(name => $"internal class @{name};\n")) + Whole, "Any");

    [Fact]
    public void GlobalGenericTypes() => Require(
        string.Concat(new[] { "Vector128", "Vector256", "Vector512", "StepRule", "RuleKernels", "KernelStreams", "StepPhase", "Optimizer", "Span", "System", "OptimGen" }
            .Select(name => $"internal class {name}<T>;\n")) + Whole,
        "Any");

    [Fact]
    public void TypesOfTheNamespace() => Require(
        "namespace Contoso\n{\n" + string.Concat([.. NamesOfTheFile.Append("System").Append("OptimGen").Append("nuint").Select(name => $"internal class @{name};\n")]) + Whole + "\n}",
        "Contoso.Any");

    /// <summary>A project that puts its types into the runtime's namespace.</summary>
    [Fact]
    public void TypesOfTheRuntimesNamespace() => Require(
        "namespace OptimGen\n{\n"
        + string.Concat(new[] { "Vector128", "Vector512", "Unsafe", "Avx2", "MethodImpl", "MethodImplOptions", "Rule", "GroupValues", "System", "OptimGen" }.Select(name => $"internal class @{name};\n"))
        + Whole + "\n}",
        "OptimGen.Any");

    [Theory]
    [InlineData("System")]
    [InlineData("OptimGen")]
    [InlineData("System.Runtime.Intrinsics")]
    [InlineData("OptimGen.Generated")]
    [InlineData("OptimGen.CompilerServices")]
    [InlineData("@namespace.@var.System")]
    public void NamespacesThatEndAlike(string name) => Require(
        $"namespace Contoso.{name}\n{{\ninternal class Vector512;\n{Whole}\n}}", $"Contoso.{name.Replace("@", "", StringComparison.Ordinal)}.Any");

    [Fact]
    public void NestedTypes() => Require(
        Whole.Replace(
            "internal sealed partial class Any\n{",
            "internal sealed partial class Any\n{\n" + string.Concat(NamesOfTheFile.Append("System").Append("OptimGen").Append("nuint").Select(name => $"internal class @{name};\n")),
            StringComparison.Ordinal),
        "Any");

    /// <summary>Where C# finds a type for <c>global::System</c>, nothing generated can name the framework: that is said.</summary>
    [Theory]
    [InlineData("System")]
    [InlineData("OptimGen")]
    [InlineData("nuint")]
    public void GlobalTypesThatHideEverything(string name)
    {
        string source = $"#pragma warning disable CS8981, CS0437\nusing O = OptimGen.OptimizerAttribute;\n[O] internal sealed partial class Any;\ninternal class @{name};\n";
        string[] found = [.. GeneratorTest.Diagnose(new GeneratorTest().Compile(source)).Select(GeneratorTest.Format)];
        if (name == "OptimGen")
        {
            // Then the attribute has no name either.
            Assert.All(found, one => Assert.StartsWith("CS", one, StringComparison.Ordinal));
            return;
        }

        GeneratorTest.Run(
            source,
            $"OPTG007 at `Any`: 'Any' cannot be generated while the global namespace has a type '{name}': it hides what that name means elsewhere; move the type into another namespace, or rename it");
    }

    /// <summary>A namespace hides the native integer too, whatever is in it.</summary>
    [Theory]
    [InlineData("namespace nuint { internal class Other; }")]
    [InlineData("namespace nuint.Inner { internal class Other; }")]
    public void GlobalNamespaceThatHidesTheNativeInteger(string declared) => GeneratorTest.Run(
        $"#pragma warning disable CS8981\n[OptimGen.Optimizer] internal sealed partial class Any;\n{declared}\n",
        "OPTG007 at `Any`: 'Any' cannot be generated while the global namespace has a namespace 'nuint': it hides what that name means elsewhere; move the namespace into another namespace, or rename it");

    [Theory]
    [InlineData("var")]
    [InlineData("Rule")]
    [InlineData("GroupValues")]
    [InlineData("Optimizer")]
    [InlineData("Avx512Kernels")]
    [InlineData("Generated")]
    [InlineData("record")]
    [InlineData("dynamic")]
    [InlineData("await")]
    [InlineData("parameters")]
    [InlineData("optimizer")]
    [InlineData("CountMethod")]
    public void ClassesCalled(string name) => Require(Whole.Replace("class Any", "class @" + name, StringComparison.Ordinal), name);

    [Theory]
    [InlineData("Rule")]
    [InlineData("Scalars")]
    [InlineData("groups")]
    [InlineData("PrepareStep")]
    [InlineData("index")]
    [InlineData("known")]
    [InlineData("own")]
    [InlineData("values")]
    [InlineData("GradientStream")]
    [InlineData("ParameterStream")]
    [InlineData("Group")]
    [InlineData("Scale")]
    [InlineData("Read")]
    [InlineData("Write")]
    [InlineData("value")]
    [InlineData("if")]
    [InlineData("class")]
    [InlineData("base")]
    [InlineData("var")]
    [InlineData("Optimizer")]
    [InlineData("optimizer")]
    [InlineData("Definition")]
    [InlineData("Groups")]
    [InlineData("Tensors")]
    [InlineData("I")]
    [InlineData("Count")]
    [InlineData("End")]
    [InlineData("Phase")]
    [InlineData("Lanes")]
    [InlineData("Sum0")]
    [InlineData("Vector512")]
    [InlineData("Unsafe")]
    [InlineData("OptimGen")]
    [InlineData("System")]
    [InlineData("StepNumber")]
    [InlineData("Parameters")]
    [InlineData("Equals")]
    [InlineData("GetHashCode")]
    [InlineData("ToString")]
    [InlineData("MemberwiseClone")]
    [InlineData("HyperparametersOf")]
    [InlineData("ReadHyperparameter")]
    [InlineData("StepCount")]
    [InlineData("Größe")]
    [InlineData("_")]
    [InlineData("__arglist1")]
    public void HyperparametersCalled(string name)
    {
        string parameter = char.ToLowerInvariant(name[0]) + name[1..];
        Require($$"""
            [global::OptimGen.Optimizer]
            internal sealed partial class Any
            {
                [global::OptimGen.Hyperparameter] public float @{{name}} { get; set; } = 0.25f;

                [global::OptimGen.PerStep] private static void Double(double @{{parameter}}, out double twice) => twice = 2 * @{{parameter}};

                [global::OptimGen.UpdateRule]
                private static float Update(float parameter, float gradient, float @{{parameter}}, float twice) => parameter - @{{parameter}} * twice * gradient;
            }
            """, "Any");
    }

    /// <summary>States, what methods hand out, and reductions, by one name after the other.</summary>
    [Theory]
    [InlineData("if")]
    [InlineData("class")]
    [InlineData("value")]
    [InlineData("values")]
    [InlineData("i")]
    [InlineData("count")]
    [InlineData("end")]
    [InlineData("group")]
    [InlineData("tensor")]
    [InlineData("phase")]
    [InlineData("rule")]
    [InlineData("streams")]
    [InlineData("stateAccess")]
    [InlineData("states")]
    [InlineData("optimizer")]
    [InlineData("equals")]
    [InlineData("parameterStream")]
    [InlineData("average")]
    [InlineData("averageStream")]
    [InlineData("gradientFactor")]
    [InlineData("vector512")]
    [InlineData("unsafe")]
    [InlineData("of")]
    [InlineData("hyperparameters")]
    [InlineData("definition")]
    [InlineData("ofGroup")]
    [InlineData("wide")]
    [InlineData("lane")]
    [InlineData("sum0")]
    public void StatesScalarsAndReductionsCalled(string name)
    {
        Require($$"""
            [global::OptimGen.Optimizer]
            internal sealed partial class Any
            {
                [global::OptimGen.PerStep] private static void Hand(long step, [global::OptimGen.State] ref double @{{name}}, out double given) => given = @{{name}} += 0.1 * step;

                [global::OptimGen.UpdateRule]
                private static float Update(float parameter, float gradient, [global::OptimGen.State] ref float @{{name}}, float given)
                {
                    @{{name}} = 0.5f * @{{name}} + gradient;
                    return parameter - given * @{{name}};
                }
            }

            [global::OptimGen.Optimizer]
            internal sealed partial class Other
            {
                [global::OptimGen.Reduce(global::OptimGen.Reduction.Norm)] private static float @{{name}}(float gradient) => gradient;

                [global::OptimGen.UpdateRule]
                private static float Update(float parameter, float gradient, float @{{name}}) => parameter - gradient / (1 + @{{name}});
            }

            [global::OptimGen.Optimizer]
            internal sealed partial class Third
            {
                [global::OptimGen.PerStep] private static void Hand(long step, out double @{{name}}) => @{{name}} = 0.1 * step;

                [global::OptimGen.UpdateRule]
                private static float Update(float parameter, float gradient, float @{{name}}) => parameter - gradient * @{{name}};
            }
            """, "Any", "Other", "Third");
    }

    [Theory]
    [InlineData("if")]
    [InlineData("parameter")]
    [InlineData("step")]
    [InlineData("group")]
    [InlineData("Step")]
    [InlineData("ZeroGradients")]
    [InlineData("PrepareStep")]
    [InlineData("KernelsFor")]
    [InlineData("Allocate")]
    [InlineData("Rule")]
    [InlineData("Definition")]
    [InlineData("Equals")]
    [InlineData("nameof")]
    [InlineData("Vector512")]
    [InlineData("typeof")]
    [InlineData("base")]
    [InlineData("_")]
    public void MethodsCalled(string name) => Require($$"""
        [global::OptimGen.Optimizer]
        internal sealed partial class Any
        {
            [global::OptimGen.PerStep] private static void @{{name}}(long step, out double scale) => scale = 1d / (1 + step);

            [global::OptimGen.UpdateRule]
            private static float Update(float parameter, float gradient, float scale) => parameter - Any.@{{name}}(scale * gradient);

            private static float @{{name}}(float x) => x * 0.5f;
        }

        [global::OptimGen.Optimizer]
        internal sealed partial class Other
        {
            [global::OptimGen.UpdateRule]
            private static float @{{name}}(float parameter, float gradient) => parameter - 0.5f * gradient;
        }

        [global::OptimGen.Optimizer]
        internal sealed partial class Third
        {
            [global::OptimGen.PerTensor] private static void @{{name}}(long elementCount, out double scale) => scale = 1d / (1 + elementCount);

            [global::OptimGen.UpdateRule]
            private static float Update(float parameter, float gradient, float scale) => parameter - scale * gradient;
        }
        """, "Any", "Other", "Third");

    [Fact]
    public void Locals() => Require($$"""
        [global::OptimGen.Optimizer]
        internal sealed partial class Any
        {
            [global::OptimGen.UpdateRule]
            private static float Update(float parameter, float gradient)
            {
                {{string.Concat(((string[])["Vector128", "Vector512", "Unsafe", "i", "count", "group", "end", "Rule", "@if", "streams", "gradientStream", "var", "value", "part", "condition"])
                    .Select((name, i) => $"float {name} = {(i == 0 ? "gradient" : "last")} * 0.5f; {(i == 0 ? "float " : "")}last = {name} + {i} * gradient;\n"))}}
                return parameter - 0.01f * last;
            }
        }
        """, "Any");

    [Fact]
    public void FieldsAndHelpers() => Require("""
        internal static class Unsafe
        {
            public static readonly float Vector512 = 0.5f;
            internal static readonly float @if = 0.25f;
            internal static float nameof(float x) => x * Vector512;
            internal static float @base(float @this) => @this + @if;
        }

        internal static class Helper<T>
        {
            internal static readonly float Of = 0.125f;
        }

        [global::OptimGen.Optimizer]
        internal sealed partial class Any
        {
            private static readonly float Definition = 0.5f;
            private static readonly float Groups = 2f;

            [global::OptimGen.UpdateRule]
            private static float Update(float parameter, float gradient) =>
                parameter - Unsafe.nameof(Unsafe.@base(gradient)) * Definition * Groups * Unsafe.Vector512 * Helper<Any>.Of;
        }
        """, "Any");

    /// <param name="source">A source, to which nothing is to be said.</param>
    /// <param name="types">The optimizers in it, each of which is checked against its method on every instruction set.</param>
    private static void Require(string source, params string[] types)
    {
        using var project = new LoadedProject(GeneratorTest.Run("#pragma warning disable CS8981, CS8860, CS0108, CS0114 // The user may hide what he likes.\n" + source));
        Assert.All(types, type => project.RequireRule(type));
    }
}
