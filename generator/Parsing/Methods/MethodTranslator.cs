using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>
/// A scalar method as assignments. Both sides of an <c>if</c> are computed and selected between, which gives the bits of the side taken: no
/// operation of a rule has an effect beside its value.
/// </summary>
internal sealed partial class MethodTranslator
{
    private readonly Compilation compilation;
    private readonly DiagnosticSink sink;
    private readonly CancellationToken cancellation;
    private readonly bool contract;
    private readonly Variables variables;
    private readonly ExpressionTranslator expressions;
    private readonly Stack<IMethodSymbol> inlined = new();
    private readonly List<Assignment> output = [];
    private Dictionary<ISymbol, Expression> values = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, int> ownVariables = new(SymbolEqualityComparer.Default);
    private int branchDepth;
    private int statementCount;

    /// <summary>Far more than any rule has, and few enough to be compiled.</summary>
    private const int MostStatements = 2000;

    public MethodTranslator(
        Compilation compilation, DiagnosticSink sink, ElementType element, bool contract, Variables variables, FieldScalars fields, CancellationToken cancellation)
    {
        (this.compilation, this.sink, this.contract, this.variables, this.cancellation) = (compilation, sink, contract, variables, cancellation);
        expressions = new ExpressionTranslator(this, sink, element, fields);
    }

    /// <summary>What the symbols of the method's parameters stand for when it begins.</summary>
    /// <param name="symbol">The parameter.</param>
    /// <param name="value">Its value.</param>
    /// <param name="assignable">The variable that an assignment to it gives a value; a new one where there is none.</param>
    public void Bind(ISymbol symbol, Expression value, int? assignable = null)
    {
        values[symbol] = value;
        if (assignable is { } variable)
        {
            ownVariables[symbol] = variable;
        }
    }

    /// <summary>The value that a parameter or local has by now.</summary>
    public Expression? ValueOf(ISymbol symbol) => values.TryGetValue(symbol, out Expression? value) ? value : null;

    /// <summary>Translates a method whose parameters are bound.</summary>
    /// <returns>The assignments, and the expression of what the method returns; <see langword="null"/> for what could not be translated.</returns>
    public (EquatableArray<Assignment> Body, Expression? Result) Translate(IMethodSymbol method)
    {
        Expression? result = TranslateBody(method);
        return (output.ToEquatableArray(), result);
    }

    /// <summary>
    /// Whether the method's body can be read: it is declared in this compilation, and not in a project that an IDE refers to by its sources, nor as an
    /// extension of a type, whose receiver is no parameter of its own.
    /// </summary>
    public bool HasBody(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences is [var declared, ..] && compilation.ContainsSyntaxTree(declared.SyntaxTree)
        && method.ContainingType is { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface };

    /// <summary>A call to a static method of the user's, in place.</summary>
    public Expression? Inline(IMethodSymbol method, Expression[] arguments, Location location)
    {
        if (inlined.Contains(method, SymbolEqualityComparer.Default))
        {
            sink.Report(Descriptors.NotVectorizable, location, method.Name, "it calls itself; write it without recursion");
            return null;
        }

        if (method.Parameters.FirstOrDefault(parameter => parameter.RefKind is not (RefKind.None or RefKind.In)) is { } byReference)
        {
            sink.Report(
                Descriptors.NotVectorizable, location, method.Name, $"its parameter '{byReference.Name}' is passed by reference; return the value");
            return null;
        }

        for (int i = 0; i < arguments.Length; i++)
        {
            IParameterSymbol parameter = method.Parameters[i];
            Expression value = arguments[i];
            values[parameter] = value.Operands.Count > 0 ? Keep(parameter.Name, value) : value;
            ownVariables.Remove(parameter);
        }

        int outerDepth = branchDepth;
        // Assignments in an inlined body must not touch variables of the caller.
        branchDepth++;
        inlined.Push(method);
        Expression? result = TranslateBody(method);
        inlined.Pop();
        branchDepth = outerDepth;
        return result;
    }

    private Expression? TranslateBody(IMethodSymbol method)
    {
        IMethodSymbol implementation = method.PartialImplementationPart ?? method;
        if (implementation.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference || !compilation.ContainsSyntaxTree(reference.SyntaxTree))
        {
            return null;
        }

        for (int i = 0; i < method.Parameters.Length && !SymbolEqualityComparer.Default.Equals(implementation, method); i++)
        {
            // The body of a partial method reads the parameters of the part that it belongs to.
            Alias(implementation.Parameters[i], method.Parameters[i]);
        }

        IBlockOperation? block = OperationOf(reference.GetSyntax(cancellation)) switch
        {
            IMethodBodyOperation body => body.BlockBody ?? body.ExpressionBody,
            ILocalFunctionOperation function => function.Body,
            var other => other as IBlockOperation,
        };
        Expression? result = block is null ? null : TranslateStatements(block.Operations, 0);
        if (result is null && !sink.HasErrors)
        {
            // The compiler knows why: a way that does not return, no body at all, or one that it cannot read.
            sink.FailSilently();
        }

        return result;
    }

    /// <summary>
    /// What a body does; <see langword="null"/> if the compiler cannot say. It throws for some texts that are no C#, such as <c>(a, () =&gt; 1) = (1, 2)</c>,
    /// and compiles no such project; a generator that threw too would take the files of every other declaration away.
    /// </summary>
    private IOperation? OperationOf(SyntaxNode body)
    {
        try
        {
#pragma warning disable RS1030 // A rule may call methods of other files, whose model no callback of the analyzer's hands over.
            return compilation.GetSemanticModel(body.SyntaxTree).GetOperation(body, cancellation);
#pragma warning restore RS1030
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Alias(IParameterSymbol inBody, IParameterSymbol declared)
    {
        if (values.TryGetValue(declared, out Expression? value))
        {
            values[inBody] = value;
        }

        if (assignedOnce.Contains(declared))
        {
            assignedOnce.Add(inBody);
        }

        if (ownVariables.TryGetValue(declared, out int variable))
        {
            ownVariables[inBody] = variable;
        }
        else
        {
            ownVariables.Remove(inBody);
        }
    }

    /// <returns>What the statements return; <see langword="null"/> if they come to no return, or could not be translated.</returns>
    private Expression? TranslateStatements(IReadOnlyList<IOperation> statements, int start)
    {
        for (int i = start; i < statements.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (++statementCount > MostStatements)
            {
                RefuseLength(statements[i]);
                return null;
            }

            switch (statements[i])
            {
                case IReturnOperation { ReturnedValue: { } returned }:
                    return expressions.Translate(returned);

                case IConditionalOperation { Type: null } conditional:
                    Expression? result = TranslateIf(conditional, statements, i + 1, out bool finished);
                    if (finished)
                    {
                        return result;
                    }

                    break;

                case IBlockOperation block:
                    // A block in a block: its statements, then what follows it.
                    return TranslateStatements([.. block.Operations, .. statements.Skip(i + 1)], 0);

                default:
                    TranslateStatement(statements[i]);
                    break;
            }
        }

        return null;
    }

    /// <summary>A branch that only sometimes returns doubles what follows it, and a call repeats its method.</summary>
    private void RefuseLength(IOperation statement)
    {
        if (statementCount == MostStatements + 1)
        {
            sink.Report(
                Descriptors.NotVectorizable, statement.Syntax.GetLocation(), ExpressionTranslator.Shorten(statement.Syntax),
                $"with it the rule has more than {MostStatements} statements on all its ways together; return at the end, and call fewer methods");
        }
    }

    private void TranslateStatement(IOperation statement)
    {
        switch (statement)
        {
            case IVariableDeclarationGroupOperation group:
                foreach (IVariableDeclaratorOperation declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                {
                    Declare(declarator);
                }

                break;

            case IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { IsRef: false } assignment }:
                Assign(assignment.Target, expressions.Translate(assignment.Value));
                break;

            case IExpressionStatementOperation { Operation: ICompoundAssignmentOperation compound }:
                Assign(compound.Target, IsAssignable(compound.Target) ? expressions.TranslateCompound(compound) : null);
                break;

            case IExpressionStatementOperation { Operation: IIncrementOrDecrementOperation increment }:
                Expression one = 1.0;
                Expression? old = IsAssignable(increment.Target) ? expressions.Translate(increment.Target) : null;
                Assign(increment.Target, old is null ? null : increment.Kind == OperationKind.Increment ? old + one : old - one);
                break;

            case IEmptyOperation or ILocalFunctionOperation:
                break;

            default:
                expressions.Refuse(statement);
                break;
        }
    }

    private void Declare(IVariableDeclaratorOperation declarator)
    {
        ILocalSymbol local = declarator.Symbol;
        if (local.IsConst)
        {
            return;
        }

        if (local.IsRef)
        {
            expressions.Refuse(declarator);
            return;
        }

        ownVariables[local] = variables.New();
        if (!expressions.Accepts(local, declarator))
        {
            Store(local, null);
            return;
        }

        if (declarator.GetVariableInitializer() is { } initializer)
        {
            Store(local, expressions.Translate(initializer.Value));
        }
    }

    private static bool IsAssignable(IOperation target) => target is ILocalReferenceOperation or IParameterReferenceOperation;

    private void Assign(IOperation target, Expression? value)
    {
        ISymbol? symbol = target switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            _ => null,
        };
        if (symbol is null)
        {
            expressions.RefuseTarget(target);
            return;
        }

        if (assignedOnce.Contains(symbol))
        {
            RequireOnlyAssignment(symbol, target);
        }

        Store(symbol, value);
    }

    private void Store(ISymbol symbol, Expression? value)
    {
        if (value is null)
        {
            // Something in it was refused, by the compiler at least; what reads the name is not refused once more.
            sink.FailSilently();
            values[symbol] = new Variable(variables.New());
            return;
        }

        // In a branch a variable of its own: the other side goes on from the value before.
        int variable = branchDepth == 0 && ownVariables.TryGetValue(symbol, out int own) ? own : variables.New();
        output.Add(new Assignment(variable, symbol.Name, value, contract));
        values[symbol] = new Variable(variable, value.IsBoolean);
    }

    private Variable Keep(string name, Expression value)
    {
        var variable = new Variable(variables.New(), value.IsBoolean);
        output.Add(new Assignment(variable.Id, name, value, contract));
        return variable;
    }
}
