using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Lowering;

/// <summary>How many vectors an iteration of a kernel's main loop handles, where the declaration does not say.</summary>
internal static class Unrolling
{
    private const int EnoughInstructions = 16;

    /// <summary>
    /// A function of RuleMath is a polynomial or two, from 40 instructions (Exp) to 250 (Pow). Such a body must not be copied: the just-in-time compiler
    /// inlines about a thousand operations into a method, and beyond that it leaves calls.
    /// </summary>
    private const int InstructionsOfFunction = 64;

    /// <summary>The longest body that is printed for each half of a group where states are in fewer bits.</summary>
    private const int LongestCopied = 128;

    /// <summary>Whether a body can stand twice in a loop.</summary>
    public static bool CanCopy(IReadOnlyCollection<Instruction> body, ValueTable table) =>
        body.Count <= LongestCopied && !body.Any(one => one is Let let && table[let.Value].Kind == ValueKind.Function);

    public static (int Factor, string Reason) Choose(IReadOnlyCollection<Instruction> body, ValueTable table, int declared)
    {
        int instructions = body.Sum(one => one is Let let && table[let.Value].Kind == ValueKind.Function ? InstructionsOfFunction : 1);
        if (declared > 0)
        {
            return (declared, declared > 1 ? "as [Optimizer] asks for" : "");
        }

        int factor = instructions > InstructionsOfFunction ? 1 : instructions >= EnoughInstructions / 2 ? 2 : 4;
        return factor == 1
            ? (1, "")
            : (factor, $"with {instructions} instructions for each, the loop's own three are then about {300 / ((factor * instructions) + 3)}% of an iteration");
    }
}
