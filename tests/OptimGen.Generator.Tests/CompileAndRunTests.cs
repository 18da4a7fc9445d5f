using System.Numerics;
using Microsoft.CodeAnalysis.CSharp;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>What is generated is compiled into a project of the user's, loaded and stepped, on every instruction set of this machine.</summary>
public class CompileAndRunTests
{
    private const string Adam =
        "[global::OptimGen.Optimizer, global::OptimGen.Ewa(0.9f), global::OptimGen.RmsNormalize(0.999f), global::OptimGen.BiasCorrection] "
        + "internal sealed partial class Adam;";

    public static TheoryData<string> Names => Optimizers.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_GivesTheSameBitsOnEveryInstructionSet(string name)
    {
        using var project = new LoadedProject(GeneratorTest.Run(Optimizers.Source(name)));
        string type = name == nameof(Optimizers.Nested) ? "event+Inner+interface+class" : name;

        if (name is nameof(Optimizers.Everything) or nameof(Optimizers.InDouble))
        {
            RequireSameBits<double>(project, type);
        }
        else
        {
            RequireSameBits<float>(project, type);
        }
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp12)]
    [InlineData(LanguageVersion.CSharp13)]
    [InlineData(LanguageVersion.Latest)]
    [InlineData(LanguageVersion.Preview)]
    public void Step_WorksWithLanguageVersion(LanguageVersion version) => RequireAdam(new GeneratorTest { LanguageVersion = version }.Run([Adam]), "Adam");

    /// <summary>Every other test is without them.</summary>
    [Fact]
    public void Step_WorksWithImplicitUsings() => RequireAdam(
        new GeneratorTest().Run(
        [
            """
            global using System;
            global using System.Collections.Generic;
            global using System.IO;
            global using System.Linq;
            global using System.Net.Http;
            global using System.Threading;
            global using System.Threading.Tasks;
            global using System.Numerics;
            """,
            Adam,
        ]),
        "Adam");

    /// <summary>The names that a generated file uses mean what it means by them, whatever the user's project calls by the same.</summary>
    [Theory]
    [InlineData("namespace Contoso.System { §; internal class Other; }", "Contoso.System.Adam")]
    [InlineData("namespace Contoso.OptimGen { §; internal class Optimizer; }", "Contoso.OptimGen.Adam")]
    [InlineData("namespace Contoso { namespace System.Runtime.Intrinsics { internal class Vector512; } §; }", "Contoso.Adam")]
    [InlineData("namespace Contoso { internal class System; internal class Math; internal class MathF; internal class OptimGen; §; }", "Contoso.Adam")]
    [InlineData("namespace Contoso { internal class Vector512; internal class Vector256; internal class Vector128; §; }", "Contoso.Adam")]
    [InlineData("namespace Contoso { internal class Vector512<T>; internal class Vector256<T>; internal class Vector128<T>; §; }", "Contoso.Adam")]
    [InlineData("namespace Contoso { internal class Unsafe; §; }", "Contoso.Adam")]
    [InlineData("namespace Contoso { internal class MethodImpl; internal class MethodImplAttribute; internal class MethodImplOptions; §; }", "Contoso.Adam")]
    [InlineData("namespace Contoso { internal class Avx512F; internal class Avx2; internal class Fma; internal class AdvSimd; §; }", "Contoso.Adam")]
    [InlineData("namespace Contoso { internal class InstructionSet; internal class Parameters; internal class Scalars; internal class Rule; §; }", "Contoso.Adam")]
    [InlineData("namespace Contoso { internal class own; internal class group; internal class streams; internal class value; internal class i; §; }", "Contoso.Adam")]
    [InlineData("namespace Contoso { namespace Unsafe { internal class Any; } §; }", "Contoso.Adam")]
    [InlineData("internal partial class Unsafe { internal partial class Vector512 { §; } }", "Unsafe+Vector512+Adam")]
    [InlineData("internal class Vector512; internal class Unsafe; §;", "Adam")]
    [InlineData("§; internal partial class Adam { private static class Vector512; private static class Unsafe; private class Avx2; }", "Adam")]
    public void Step_WorksBesideTheUsersOwnNames(string source, string type) =>
        RequireAdam(GeneratorTest.Run("#pragma warning disable CS8981\n" + source.Replace("§;", Adam, StringComparison.Ordinal)), type);

    [Fact]
    public void Definition_SaysWhatWasDeclared()
    {
        using var project = new LoadedProject(GeneratorTest.Run(Optimizers.Source("AdamW")));
        OptimizerDefinition definition = project.Create("AdamW", Parameters(1)).Definition;

        Assert.Equal("AdamW", definition.Name);
        Assert.Equal(["LearningRate", "Beta1", "Beta2", "Epsilon", "WeightDecay"], definition.Hyperparameters.Select(one => one.Name));
        Assert.Equal([0.001, 0.9, 0.999, 1e-8, 0.01], definition.Hyperparameters.Select(one => one.Default));
        Assert.Equal(["firstMoment", "secondMoment"], definition.States.Select(one => one.Name));
    }

    /// <summary>A whole number is itself, however it would round as a float.</summary>
    [Theory]
    [InlineData(16_777_217)]
    [InlineData(1_073_741_824)]
    public void FirstSteps_IsExact(int steps)
    {
        string surface = GeneratorTest.Run(
            GeneratorTest.Usings + $"[Optimizer, Ewa(0.9), BiasCorrection(FirstSteps = {steps})] internal sealed partial class Any;").File("Any.g.cs");
        Assert.Contains($"step <= {steps}d ", surface, StringComparison.Ordinal);
    }

    [Fact]
    public void Hyperparameter_OutOfRange_IsNamedWithTheValueThatWasGiven()
    {
        using var project = new LoadedProject(GeneratorTest.Run(Optimizers.Source("Adam")));
        Optimizer<float> optimizer = project.Create("Adam", Parameters(1));

        var exception = Assert.ThrowsAny<Exception>(() => optimizer.GetType().GetProperty("Beta1")!.SetValue(optimizer, 1.1f));
        Assert.StartsWith("Beta1 is 1.1; it must be in [0, 1).", exception.InnerException!.Message, StringComparison.Ordinal);
    }

    /// <summary>A rule that keeps the least or the largest so far starts from an infinity.</summary>
    [Theory]
    [InlineData("double.PositiveInfinity", double.PositiveInfinity)]
    [InlineData("double.NegativeInfinity", double.NegativeInfinity)]
    [InlineData("double.NaN", double.NaN)]
    [InlineData("-1e-300", -1e-300)]
    public void States_CanStartFromAnyNumber(string written, double initial)
    {
        using var project = new LoadedProject(GeneratorTest.Run(GeneratorTest.Usings + $$"""
            [Optimizer]
            internal sealed partial class Any
            {
                [PerStep]
                private static void Keep([State(InitialValue = {{written}})] ref double kept, out double seen) => seen = kept;

                [UpdateRule]
                private static double Update(double parameter, double gradient, [State(InitialValue = {{written}})] ref double least)
                {
                    least = System.Math.Min(least, gradient);
                    return parameter - least;
                }
            }
            """));
        var parameters = new ParameterSet<double>();
        Fill(parameters, 3);
        Optimizer<double> optimizer = project.Create("Any", parameters);

        Assert.All(optimizer.GetState(parameters[0], "least").ToArray(), value => Assert.Equal(initial, value));
    }

    private static void RequireAdam(GeneratorRun run, string type)
    {
        using var project = new LoadedProject(run);
        ParameterSet<float> parameters = Parameters(37);
        float[] before = parameters[0].Values.ToArray();
        Optimizer<float> optimizer = project.Create(type, parameters);
        optimizer.SetHyperparameter("LearningRate", 0.5);
        optimizer.Step();

        // The first step of Adam is η·g/(|g| + ε): the learning rate, with the sign of the gradient.
        for (int i = 0; i < before.Length; i++)
        {
            Assert.Equal(before[i] - (0.5f * MathF.Sign(parameters[0].Gradients[i])), parameters[0].Values[i], 1e-5f);
        }
    }

    private static void RequireSameBits<T>(LoadedProject project, string type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] expected = Steps<T>(project, type, InstructionSet.Scalar);
        Assert.All(expected, value => Assert.True(T.IsFinite(value)));
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            Assert.Equal(expected, Steps<T>(project, type, set));
        }
    }

    private static T[] Steps<T>(LoadedProject project, string type, InstructionSet set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameters = new ParameterSet<T>();
        Fill(parameters, 101);
        Optimizer<T> optimizer = project.Create(type, parameters);
        optimizer.InstructionSet = set;
        for (int step = 0; step < 3; step++)
        {
            optimizer.Step();
        }

        return [.. parameters[0].Values, .. optimizer.Definition.States.SelectMany(state => optimizer.GetState(parameters[0], state.Name).ToArray())];
    }

    private static ParameterSet Parameters(int length)
    {
        var parameters = new ParameterSet();
        Fill(parameters, length);
        return parameters;
    }

    private static void Fill<T>(ParameterSet<T> parameters, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Parameter<T> parameter = parameters.Add("weights", length);
        for (int i = 0; i < length; i++)
        {
            parameter.Values[i] = T.CreateTruncating(Math.Cos(i));
            parameter.Gradients[i] = T.CreateTruncating(Math.Sin((3 * i) + 1));
        }
    }
}
