using OptimGen.Generator.Lowering;

namespace OptimGen.Generator.Emit;

/// <summary>How many vectors a turn of a kernel's main loop handles.</summary>
/// <remarks>
/// The elements are independent, so the processor overlaps the turns by itself, and copies need no interleaving: each copy's values are dead
/// when the next begins. What unrolling saves is the loop's own instructions, about three a turn. It is worth it while they are a
/// noticeable part, and costs instruction cache beyond that.
/// </remarks>
internal static class Unrolling
{
    private const int Largest = 4;
    private const int EnoughInstructions = 64;

    public static int FactorFor(KernelBody kernel)
    {
        int factor = 1;
        while (factor < Largest && factor * kernel.Instructions < EnoughInstructions)
        {
            factor *= 2;
        }

        return factor;
    }

    public static string Reason(KernelBody kernel) =>
        $"with {kernel.Instructions} instructions for each, the loop's own three are then about {300 / (FactorFor(kernel) * kernel.Instructions + 3)}% of a turn.";
}
