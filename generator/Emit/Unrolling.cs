using OptimGen.Generator.Lowering;

namespace OptimGen.Generator.Emit;

/// <summary>How many vectors a turn of a kernel's main loop handles.</summary>
/// <remarks>
/// The elements are independent, so the processor overlaps the turns by itself, and copies need no interleaving: each copy's values are dead
/// when the next begins. What unrolling saves is the loop's own instructions, three a turn. Measured in the first-level cache: gradient descent at 256
/// bits gains 9% from two copies and 13% from four, and no more from eight; heavy-ball momentum at 512 bits gains 1% from four; Lion, and Adam and its
/// like, which wait for division and root, gain nothing from two or four, at 256 bits or at 512. So copies are made while a turn has few instructions,
/// and at most four.
/// </remarks>
internal static class Unrolling
{
    private const int Largest = 4;
    private const int EnoughInstructions = 16;

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
