using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;
using Xunit.Sdk;

namespace OptimGen.Generator.Tests.Harness;

/// <summary>A compiled project in a load context that is collected after use; the runtime library is the test's own.</summary>
internal sealed class LoadedProject : IDisposable
{
    private readonly AssemblyLoadContext context = new("UserProject", isCollectible: true);
    private readonly Assembly assembly;

    public LoadedProject(GeneratorRun run)
    {
        using var image = new MemoryStream();
        EmitResult result = run.Output.Emit(image);
        if (!result.Success)
        {
            throw new XunitException(string.Join("\n", result.Diagnostics.Select(GeneratorTest.Format)
                .Concat(run.Output.SyntaxTrees.Select(GeneratorTest.Numbered))));
        }

        image.Position = 0;
        assembly = context.LoadFromStream(image);
    }

    /// <summary>The optimizer of that full name, for a set of parameters.</summary>
    public Optimizer<T> Create<T>(string type, ParameterSet<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        object optimizer = Activator.CreateInstance(
            assembly.GetType(type, throwOnError: true)!, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [parameters], null)!;
        return (Optimizer<T>)optimizer;
    }

    /// <summary>Calls a static method of the project.</summary>
    public object? Call(string type, string method, params object?[] arguments) => assembly.GetType(type, throwOnError: true)!.InvokeMember(
        method, BindingFlags.InvokeMethod | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DoNotWrapExceptions, null, null, arguments, CultureInfo.InvariantCulture);

    /// <summary>Requires that the rule gives the bits of its method, or of its definition, on every instruction set.</summary>
    public void RequireRule(string type)
    {
        RuleCheckResult result = RuleCheck.Run((ParameterSet parameters) => Create(type, parameters), new RuleCheckOptions { Lengths = [1, 37, 130], Steps = 3 });
        Assert.True(result.Agrees, $"{type}: {result.Report}");
    }

    /// <summary>Runs a program to its end.</summary>
    public void RunMain() => assembly.EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Array.Empty<string>()], null);

    public void Dispose() => context.Unload();
}
