using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OptimGen.Tests.Catalogue;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Execution;

/// <summary>
/// The program that <see cref="DispatchTests"/> runs in a separate process, whose environment disables instruction sets
/// (<see cref="TestProgram.Dispatch"/>).
/// </summary>
internal static class DispatchProgram
{
    /// <summary>
    /// Prints the supported sets, the selected set, the set of a new optimizer, and a hash of the parameters after steps of the whole catalogue.
    /// </summary>
    public static int Run()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var used = new HashSet<InstructionSet>();
        foreach (CatalogueEntry entry in CatalogueEntries.All)
        {
            var parameters = new ParameterSet();
            parameters.Add("weights", 1021);
            parameters.AddBias("biases", 13);
            Optimizer<float> optimizer = entry.Create(parameters);
            used.Add(optimizer.InstructionSet);
            foreach (Parameter<float> parameter in parameters)
            {
                Data.Values(parameter.Length).CopyTo(parameter.Values);
            }

            for (int step = 1; step <= 5; step++)
            {
                foreach (Parameter<float> parameter in parameters)
                {
                    Data.Gradient(parameter.Length, step).CopyTo(parameter.Gradients);
                }

                entry.Step(optimizer);
            }

            foreach (Parameter<float> parameter in parameters)
            {
                hash.AppendData(MemoryMarshal.AsBytes(parameter.Values));
                foreach (StateDefinition state in optimizer.Definition.States)
                {
                    hash.AppendData(MemoryMarshal.AsBytes(optimizer.GetState(parameter, state.Name)));
                }
            }
        }

        Console.WriteLine($"supported: {string.Join(' ', InstructionSets.Supported)}");
        Console.WriteLine($"selected: {InstructionSets.Selected}");
        Console.WriteLine($"ignored: {InstructionSets.IgnoredRequest ?? "nothing"}");
        Console.WriteLine($"used: {string.Join(' ', used)}");
        Console.WriteLine($"bits: {Convert.ToHexString(hash.GetHashAndReset())}");
        return 0;
    }
}
