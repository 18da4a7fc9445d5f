namespace OptimGen.Generator.Model;

/// <summary>A declared optimizer: everything that emission needs, and nothing that ties it to a compilation.</summary>
internal sealed record OptimizerSpec
{
    public required TypeSpec Type { get; init; }

    public required RuleSpec Rule { get; init; }

    /// <summary>
    /// Whether the declaration has an error. Then only the surface of the class is generated, so that the compiler reports nothing that merely follows from
    /// the error, such as a missing constructor; the rule has its hyperparameters and states only.
    /// </summary>
    public bool HasErrors { get; init; }

    /// <summary>Members of the surface that the user's class has already, of a declaration with errors: they are left out.</summary>
    public EquatableArray<string> OmittedMembers { get; init; }
}

/// <summary>The class that the user declared.</summary>
internal sealed record TypeSpec
{
    /// <summary>The namespace, empty for the global one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The classes around it, outermost first, as they have to be declared again: <c>partial class Outer</c>.</summary>
    public required EquatableArray<string> Containers { get; init; }

    public required string Name { get; init; }

    /// <summary>The class as any other file can name it: <c>global::Demo.Outer.MyAdam</c>.</summary>
    public required string FullName { get; init; }

    /// <summary>The name of its files, without the extension; unique in a compilation.</summary>
    public required string HintName { get; init; }
}
