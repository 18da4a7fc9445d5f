namespace OptimGen.Tests.Kernels;

/// <summary>Names of optimizers, each with every instruction set of this machine, for theories.</summary>
internal static class EverySet
{
    public static TheoryData<string, InstructionSet> Of(IEnumerable<string> names)
    {
        var data = new TheoryData<string, InstructionSet>();
        foreach (string name in names)
        {
            foreach (InstructionSet set in InstructionSets.Supported)
            {
                data.Add(name, set);
            }
        }

        return data;
    }
}
