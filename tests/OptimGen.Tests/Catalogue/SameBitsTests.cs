using System.Reflection;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>Every instruction set gives the bits of the scalar kernel, at every length, and the catalogue's bits do not depend on the layout.</summary>
public class SameBitsTests
{
    private const int Longest = 140;

    public static TheoryData<string> Names => CatalogueEntries.Names;

    [Theory, MemberData(nameof(Names))]
    public void EverySet_GivesTheBitsOfTheScalarKernel(string name)
    {
        Snapshot scalar = Snapshot.Of(Run(name, InstructionSet.Scalar));
        foreach (InstructionSet set in InstructionSets.Supported.Where(set => set != InstructionSet.Scalar))
        {
            scalar.AssertSame(Run(name, set), $"{name}, {set}");
        }
    }

    /// <summary>A rule that is a method gives the bits of that method, run as plain C#; unless it asks for fused multiply-adds.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Kernel_GivesTheBitsOfTheMethod(string name)
    {
        Optimizer<float> kernel = Run(name, InstructionSets.Selected);
        bool isMethod = kernel.GetType().GetMethods(BindingFlags.NonPublic | BindingFlags.Static).Any(method => method.GetCustomAttribute<UpdateRuleAttribute>() is not null);
        if (isMethod && !kernel.GetType().GetCustomAttribute<OptimizerAttribute>()!.Contract)
        {
            Snapshot.Of(kernel).AssertSame(Run(name, InstructionSets.Selected, byMethod: true), name);
        }
    }

    /// <summary>Lengths 1 to 140, unaligned and each on its own; ordinary gradients, then some that no sensible model has.</summary>
    private static Optimizer<float> Run(string name, InstructionSet set, bool byMethod = false)
    {
        CatalogueEntry entry = CatalogueEntries.Of(name);
        var parameters = new ParameterSet();
        var values = new float[20_000];
        var gradients = new float[20_000];
        int start = 1;
        for (int length = 1; length <= Longest; length++)
        {
            Memory<float> memory = values.AsMemory(start, length);
            Data.Values(length).CopyTo(memory);
            parameters.Wrap($"length {length}", memory, gradients.AsMemory(start, length));
            start += length + (length % 3);
        }

        Optimizer<float> optimizer = entry.CreateOn(parameters, set);
        for (int step = 1; step <= 12; step++)
        {
            foreach (Parameter<float> parameter in parameters)
            {
                float[] gradient = step <= 8 ? Data.Gradient(parameter.Length, step) : Finite(Data.Special(parameter.Length, step));
                gradient.CopyTo(parameter.Gradients);
            }

            entry.BeforeStep?.Invoke(optimizer);
            if (byMethod)
            {
                optimizer.StepByMethod();
            }
            else
            {
                optimizer.Step();
            }
        }

        return optimizer;
    }

    private static float[] Finite(float[] values) => [.. values.Select(value => float.IsFinite(value) ? value : 1)];
}
