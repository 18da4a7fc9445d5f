using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using OptimGen.Generator.Model;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>Between the pipeline's steps travel records that are equal by value and hold nothing of a compilation.</summary>
public class ModelTests
{
    public static TheoryData<string> Names => Optimizers.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void TwoDrivers_GiveEqualModels_NotTheSame(string name)
    {
        object[] first = Outputs(name), second = Outputs(name);

        Assert.NotEmpty(first);
        Assert.Equal(first.Length, second.Length);
        for (int i = 0; i < first.Length; i++)
        {
            Assert.NotSame(first[i], second[i]);
            Assert.Equal(first[i], second[i]);
            Assert.Equal(first[i].GetHashCode(), second[i].GetHashCode());
        }
    }

    [Fact]
    public void DifferentOptimizers_GiveModelsThatDiffer()
    {
        OptimizerSpec[] specs = [.. Optimizers.All.Keys.Select(name => Outputs(name).OfType<OptimizerSpec>().Single())];
        Assert.Equal(specs.Length, specs.Select(spec => spec.Rule).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PipelineOutputs_HoldNothingOfACompilation(string name)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (object output in Outputs(name))
        {
            Walk(output, output.GetType().Name, seen);
        }

        Assert.True(seen.Count > 10);
    }

    /// <summary>The walk itself can fail.</summary>
    [Fact]
    public void Walk_FindsASymbol()
    {
        ISymbol symbol = new GeneratorTest().Compile("class Any;").GlobalNamespace;
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Walk((1, new[] { symbol }), "pair", new(ReferenceEqualityComparer.Instance)));
    }

    private static object[] Outputs(string name)
    {
        var test = new GeneratorTest();
        GeneratorRunResult result = test.Driver().RunGenerators(test.Compile(Optimizers.Source(name))).GetRunResult().Results.Single();
        return [.. Incrementality.Steps.SelectMany(step => result.TrackedSteps[step]).SelectMany(run => run.Outputs).Select(output => output.Value)];
    }

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null || value is string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
        {
            return;
        }

        Assert.False(
            value is ISymbol or SyntaxNode or SyntaxTree or SyntaxReference or Location or Compilation or SemanticModel or AttributeData or Diagnostic,
            $"{path} is a {value.GetType()}");
        if (value is Array items)
        {
            foreach (object? item in (IEnumerable)items)
            {
                Walk(item, path + "[]", seen);
            }

            return;
        }

        for (Type? type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Walk(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }
}
