using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Loops;

/// <summary>A hand-written <c>for</c> loop that applies an update rule to each element: what its arrays and scalars are to the rule.</summary>
internal sealed record UpdateLoop
{
    public required ForStatementSyntax Syntax { get; init; }

    public required ElementType Element { get; init; }

    /// <summary>The stream that is moved against the gradient.</summary>
    public required LoopStream Parameter { get; init; }

    /// <summary>The only stream that is read and not written.</summary>
    public required LoopStream Gradient { get; init; }

    /// <summary>The streams that are kept from step to step, in the order in which they first appear.</summary>
    public required IReadOnlyList<LoopStream> States { get; init; }

    /// <summary>What is the same for every element, in the order of appearance.</summary>
    public required IReadOnlyList<LoopScalar> Scalars { get; init; }

    /// <summary>The locals that the loop declares, beside its index.</summary>
    public required IReadOnlyList<ILocalSymbol> Locals { get; init; }

    /// <summary>The upper bound of the index.</summary>
    public required ExpressionSyntax Limit { get; init; }

    /// <summary>The nodes that stand for an element of a stream, for a scalar, for a local, or for a constant (a <see cref="double"/>).</summary>
    public required IReadOnlyDictionary<SyntaxNode, object> References { get; init; }

    /// <summary>The statements of the loop.</summary>
    public IReadOnlyList<StatementSyntax> Statements =>
        Syntax.Statement is BlockSyntax block ? (StatementSyntax[])[.. block.Statements] : [Syntax.Statement];
}

/// <summary>An array, a span or memory that the loop goes over.</summary>
/// <param name="Key">What tells it from others: the path by which the loop reaches it.</param>
/// <param name="Name">The last name of that path.</param>
/// <param name="Root">The local, parameter or field that has it; <see langword="null"/> if it is reached by a longer path.</param>
internal sealed record LoopStream(string Key, string Name, ISymbol? Root);

/// <summary>A number that is the same for every element.</summary>
/// <param name="Key">What tells it from others.</param>
/// <param name="Name">The last name of its path.</param>
/// <param name="Syntax">How the loop reads it.</param>
/// <param name="Default">Its value, where the source says it.</param>
/// <param name="IsConst">Whether it is a constant of a type, so that the rule need not be given it.</param>
internal sealed record LoopScalar(string Key, string Name, ExpressionSyntax Syntax, double? Default, bool IsConst);
