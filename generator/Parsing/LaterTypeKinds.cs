using Microsoft.CodeAnalysis;

namespace OptimGen.Generator.Parsing;

/// <summary>Kinds of types that the compiler of the user may have, and the oldest one, which this assembly is built against, has not.</summary>
internal static class LaterTypeKinds
{
    /// <summary>C# 14: the block of members that extend a type, <c>TypeKind.Extension</c>.</summary>
    public const TypeKind Extension = (TypeKind)14;
}
