using Microsoft.CodeAnalysis;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing;

internal static class ElementTypeSymbols
{
    /// <summary>The compiler's own name for the type.</summary>
    public static SpecialType SpecialType(this ElementType element) =>
        element == ElementType.Float ? Microsoft.CodeAnalysis.SpecialType.System_Single : Microsoft.CodeAnalysis.SpecialType.System_Double;
}
