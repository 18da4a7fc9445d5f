using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>The statement <c>if</c>: its two sides one after the other, then a selection for what they leave different.</summary>
internal sealed partial class MethodTranslator
{
    /// <param name="conditional">The statement.</param>
    /// <param name="statements">The statements that it stands among.</param>
    /// <param name="next">The position of the statement that follows it.</param>
    /// <param name="finished">Whether the statements that follow have been translated too, since a side returns.</param>
    private Expression? TranslateIf(IConditionalOperation conditional, IReadOnlyList<IOperation> statements, int next, out bool finished)
    {
        IReadOnlyList<IOperation> whenTrue = StatementsOf(conditional.WhenTrue);
        IReadOnlyList<IOperation> whenFalse = StatementsOf(conditional.WhenFalse);
        finished = MayReturn(whenTrue) || MayReturn(whenFalse);
        if (finished)
        {
            // On every way that does not return, a side goes on with what follows.
            IOperation[] rest = statements.Skip(next).ToArray();
            whenTrue = Returns(whenTrue) ? whenTrue : [.. whenTrue, .. rest];
            whenFalse = Returns(whenFalse) ? whenFalse : [.. whenFalse, .. rest];
        }

        Expression? condition = expressions.Translate(conditional.Condition);
        if (condition is { Operands.Count: > 0 })
        {
            // In a variable of its own: the branches may assign to what it is made of.
            condition = Keep("condition", condition);
        }

        var before = values;
        branchDepth++;
        (Expression? resultWhenTrue, Dictionary<ISymbol, Expression> afterTrue) = TranslateBranch(whenTrue, before);
        (Expression? resultWhenFalse, Dictionary<ISymbol, Expression> afterFalse) = TranslateBranch(whenFalse, before);
        branchDepth--;
        values = new Dictionary<ISymbol, Expression>(before, SymbolEqualityComparer.Default);
        if (condition is null)
        {
            return null;
        }

        // Select between the two sides' results first: the merged variables below may be those that they read.
        Expression? result = resultWhenTrue is null || resultWhenFalse is null
            ? null
            : Keep("result", Expression.Of(Operator.Select, condition, resultWhenTrue, resultWhenFalse));
        foreach (ISymbol symbol in before.Keys)
        {
            Expression one = afterTrue[symbol], other = afterFalse[symbol];
            if (!one.Equals(other))
            {
                Store(symbol, Expression.Of(Operator.Select, condition, one, other));
            }
        }

        // A local that is declared before the statement but first assigned in its branches.
        foreach (ISymbol symbol in afterTrue.Keys.Where(symbol => !before.ContainsKey(symbol) && afterFalse.ContainsKey(symbol) && ownVariables.ContainsKey(symbol)))
        {
            Store(symbol, Expression.Of(Operator.Select, condition, afterTrue[symbol], afterFalse[symbol]));
        }

        return result;
    }

    private (Expression? Result, Dictionary<ISymbol, Expression> After) TranslateBranch(
        IReadOnlyList<IOperation> statements, Dictionary<ISymbol, Expression> before)
    {
        values = new Dictionary<ISymbol, Expression>(before, SymbolEqualityComparer.Default);
        Expression? result = TranslateStatements(statements, 0);
        return (result, values);
    }

    private static ImmutableArray<IOperation> StatementsOf(IOperation? side) => side switch
    {
        null => ImmutableArray<IOperation>.Empty,
        IBlockOperation block => block.Operations,
        _ => ImmutableArray.Create(side),
    };

    /// <summary>Whether some way through the statements comes to a return.</summary>
    private static bool MayReturn(IReadOnlyList<IOperation> statements) => statements.Any(statement => statement switch
    {
        IReturnOperation => true,
        IBlockOperation block => MayReturn(block.Operations),
        IConditionalOperation { Type: null } conditional =>
            MayReturn(StatementsOf(conditional.WhenTrue)) || MayReturn(StatementsOf(conditional.WhenFalse)),
        _ => false,
    });

    /// <summary>Whether every way through the statements comes to a return.</summary>
    private static bool Returns(IReadOnlyList<IOperation> statements) => statements.Any(statement => statement switch
    {
        IReturnOperation => true,
        IBlockOperation block => Returns(block.Operations),
        IConditionalOperation { Type: null, WhenFalse: { } whenFalse } conditional =>
            Returns(StatementsOf(conditional.WhenTrue)) && Returns(StatementsOf(whenFalse)),
        _ => false,
    });
}
