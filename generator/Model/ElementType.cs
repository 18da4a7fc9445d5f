namespace OptimGen.Generator.Model;

/// <summary>The type of parameters, gradients and states.</summary>
internal enum ElementType
{
    Float,
    Double,
}

internal static class ElementTypes
{
    /// <summary>The type's name in C#.</summary>
    public static string Keyword(this ElementType element) => element == ElementType.Float ? "float" : "double";

    /// <summary>The bits of one element.</summary>
    public static int Bits(this ElementType element) => element == ElementType.Float ? 32 : 64;
}
