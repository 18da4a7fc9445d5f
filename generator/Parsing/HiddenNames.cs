using Microsoft.CodeAnalysis;

namespace OptimGen.Generator.Parsing;

/// <summary>Which names mean something of the user's own where a class stands.</summary>
internal static class HiddenNames
{
    /// <summary>Whether one of <paramref name="names"/> does: as a member, a type, a namespace or an alias.</summary>
    /// <param name="type">The class.</param>
    /// <param name="declaration">A declaration of it.</param>
    /// <param name="model">The model of the declaration's file.</param>
    /// <param name="names">Names of types in namespaces below <c>System.Runtime</c>.</param>
    public static bool IncludeAny(INamedTypeSymbol type, SyntaxNode declaration, SemanticModel model, IEnumerable<string> names) => names.Any(name =>
        !type.GetMembers(name).IsEmpty
        || !model.LookupSymbols(declaration.SpanStart, name: name).All(symbol => IsPlatformType(symbol)));

    private static bool IsPlatformType(ISymbol symbol) =>
        symbol is INamedTypeSymbol && symbol.ContainingNamespace.ToDisplayString().StartsWith("System.Runtime.", StringComparison.Ordinal);
}
