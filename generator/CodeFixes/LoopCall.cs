using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using OptimGen.Generator.Loops;
using OptimGen.Generator.Model;

namespace OptimGen.CodeFixes;

/// <summary>
/// The call of an optimizer in place of its loop. It has to be made once and stepped often, so there is a place for it only where parameter and gradient outlive
/// the loop and stay the same arrays: fields of the class, or locals before the loop that trains. The states become the optimizer's own, so nothing else may use
/// the arrays that the loop had for them.
/// </summary>
internal sealed class LoopCall
{
    private readonly UpdateLoop loop;
    private readonly DeclareLoop declared;
    private readonly FixContext context;
    private readonly string name;

    private LoopCall(UpdateLoop loop, DeclareLoop declared, FixContext context)
    {
        (this.loop, this.declared, this.context) = (loop, declared, context);
        name = FreeName(Identifier.Uncapitalize(declared.ClassName));
    }

    /// <summary>Replaces the loop; <see langword="null"/> if it has to stay.</summary>
    public static Action<SyntaxEditor>? Of(UpdateLoop loop, DeclareLoop declared, FixContext context)
    {
        // The whole of the arrays.
        if (loop.Limit is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Length", Expression: var whole }
            || context.Model.GetSymbolInfo(whole, context.Cancellation).Symbol is not { } measured
            || !new[] { loop.Parameter, loop.Gradient }.Any(stream => SymbolEqualityComparer.Default.Equals(stream.Root, measured)))
        {
            return null;
        }

        var call = new LoopCall(loop, declared, context);
        return (loop.Parameter.Root, loop.Gradient.Root) switch
        {
            (IFieldSymbol parameter, IFieldSymbol gradient) => call.OverFields(parameter, gradient),
            (ILocalSymbol or IParameterSymbol, ILocalSymbol or IParameterSymbol) => call.OverLocals(),
            _ => null,
        };
    }

    private IEnumerable<StatementSyntax> Statements(string create)
    {
        string[] lines =
        [
            .. create.Length > 0 ? [create] : Array.Empty<string>(),
            .. declared.Hyperparameters.Where(one => !one.Scalar.IsConst).Select(one => $"{name}.{one.Property} = {one.Scalar.Syntax.WithoutTrivia()};"),
            $"{name}.Step();",
        ];
        SyntaxTrivia newLine = Declarations.EndOfLine(loop.Syntax);
        for (int i = 0; i < lines.Length; i++)
        {
            // The first stands where the loop stood, behind its comments.
            yield return SyntaxFactory.ParseStatement(lines[i])
                .WithLeadingTrivia(i == 0 ? loop.Syntax.GetLeadingTrivia() : Declarations.Indentation(loop.Syntax))
                .WithTrailingTrivia(newLine);
        }
    }

    private Action<SyntaxEditor>? OverFields(IFieldSymbol parameter, IFieldSymbol gradient)
    {
        if (loop.Syntax.Parent is not BlockSyntax || loop.Syntax.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { Parent: ClassDeclarationSyntax type } method
            || context.Model.GetDeclaredSymbol(type, context.Cancellation) is not { DeclaringSyntaxReferences.Length: 1 } owner
            || method.Modifiers.Any(SyntaxKind.StaticKeyword) != parameter.IsStatic
            || new[] { parameter, gradient }.Any(field => !field.IsReadOnly || !IsMemory(field.Type) || field.IsStatic != parameter.IsStatic || !Owns(field))
            || loop.States.Any(state => state.Root is not IFieldSymbol { DeclaredAccessibility: Accessibility.Private } field || !Owns(field) || !IsOnlyHere(field, type)))
        {
            return null;
        }

        bool Owns(IFieldSymbol field) => SymbolEqualityComparer.Default.Equals(field.ContainingType, owner);
        string nullable = context.Model.GetNullableContext(loop.Syntax.SpanStart).AnnotationsEnabled() ? "?" : "";
        string kind = parameter.IsStatic ? "private static" : "private";
        MemberDeclarationSyntax optimizer = SyntaxFactory.ParseMemberDeclaration($"{kind} {declared.ClassName}{nullable} {name};")!;
        SyntaxTrivia newLine = Declarations.EndOfLine(loop.Syntax);
        FieldDeclarationSyntax last = type.Members.OfType<FieldDeclarationSyntax>().Last();
        VariableDeclaratorSyntax[] states = [.. loop.States.Select(state => DeclaratorOf(state)!)];
        return editor =>
        {
            editor.InsertAfter(last, optimizer.WithLeadingTrivia(Declarations.Indentation(last)).WithTrailingTrivia(newLine));
            Remove(editor, states);
            Replace(editor, Statements($"{name} ??= {declared.ClassName}.{DeclareLoop.Factory}({loop.Parameter.Name}, {loop.Gradient.Name});"));
        };
    }

    private Action<SyntaxEditor>? OverLocals()
    {
        // The outermost loop of the method or of the program that this one stands in.
        StatementSyntax? training = loop.Syntax.Ancestors()
            .TakeWhile(node => node is not (MemberDeclarationSyntax and not GlobalStatementSyntax) and not AnonymousFunctionExpressionSyntax and not LocalFunctionStatementSyntax)
            .OfType<StatementSyntax>()
            .LastOrDefault(node => node is ForStatementSyntax or ForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax);
        if (training is not { Parent: BlockSyntax block } || loop.Syntax.Parent is not BlockSyntax
            || context.Model.AnalyzeDataFlow(training) is not { Succeeded: true } flow
            || new[] { loop.Parameter.Root!, loop.Gradient.Root! }.Any(array => !IsMemory(TypeOf(array)) || !IsBefore(array, training) || flow.WrittenInside.Contains(array))
            || loop.States.Any(state => state.Root is not ILocalSymbol local || !IsBefore(local, training) || !IsOnlyHere(local, block)))
        {
            return null;
        }

        SyntaxTrivia newLine = Declarations.EndOfLine(loop.Syntax);
        StatementSyntax create = SyntaxFactory
            .ParseStatement($"var {name} = {declared.ClassName}.{DeclareLoop.Factory}({loop.Parameter.Name}, {loop.Gradient.Name});")
            .WithLeadingTrivia(Declarations.Indentation(training)).WithTrailingTrivia(newLine);
        VariableDeclaratorSyntax[] states = [.. loop.States.Select(state => DeclaratorOf(state)!)];
        return editor =>
        {
            editor.InsertBefore(training, create);
            Remove(editor, states);
            Replace(editor, Statements(""));
        };
    }

    private void Replace(SyntaxEditor editor, IEnumerable<StatementSyntax> statements)
    {
        StatementSyntax[] all = [.. statements];
        editor.InsertAfter(loop.Syntax, all.Skip(1));
        editor.ReplaceNode(loop.Syntax, all[0]);
    }

    private VariableDeclaratorSyntax? DeclaratorOf(LoopStream state) =>
        state.Root?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.Cancellation) as VariableDeclaratorSyntax;

    /// <summary>Removes the declarations of the loop's own states, each with its statement or member where it was alone there.</summary>
    private static void Remove(SyntaxEditor editor, VariableDeclaratorSyntax[] states)
    {
        foreach (IGrouping<SyntaxNode, VariableDeclaratorSyntax> group in states.GroupBy(state => state.Parent!))
        {
            var declaration = (VariableDeclarationSyntax)group.Key;
            if (group.Count() == declaration.Variables.Count)
            {
                editor.RemoveNode(declaration.Parent!, SyntaxRemoveOptions.KeepUnbalancedDirectives);
                continue;
            }

            foreach (VariableDeclaratorSyntax state in group)
            {
                editor.RemoveNode(state, SyntaxRemoveOptions.KeepUnbalancedDirectives);
            }
        }
    }

    /// <summary>Whether an array starts as zeros, as a state does, and is used in the loop alone.</summary>
    private bool IsOnlyHere(ISymbol array, SyntaxNode scope)
    {
        if (array.DeclaringSyntaxReferences is not [var reference]
            || reference.GetSyntax(context.Cancellation) is not VariableDeclaratorSyntax { Initializer.Value: ArrayCreationExpressionSyntax { Initializer: null } }
            || reference.SyntaxTree != loop.Syntax.SyntaxTree)
        {
            return false;
        }

        return scope.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(one => one.Identifier.ValueText == array.Name && SymbolEqualityComparer.Default.Equals(context.Model.GetSymbolInfo(one, context.Cancellation).Symbol, array))
            .All(one => loop.Syntax.Statement.Span.Contains(one.Span));
    }

    private bool IsBefore(ISymbol symbol, SyntaxNode training) =>
        symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.Cancellation) is { } declaration && declaration.SpanStart < training.SpanStart;

    private static ITypeSymbol TypeOf(ISymbol symbol) => symbol is ILocalSymbol local ? local.Type : ((IParameterSymbol)symbol).Type;

    /// <summary>An array, or memory: what can be handed over as <c>Memory&lt;T&gt;</c>.</summary>
    private static bool IsMemory(ITypeSymbol type) => type is IArrayTypeSymbol { Rank: 1 } or INamedTypeSymbol { Name: "Memory", ContainingNamespace.Name: "System" };

    private string FreeName(string wanted)
    {
        string free = wanted;
        HashSet<string> taken = [.. context.Root.DescendantTokens().Where(one => one.IsKind(SyntaxKind.IdentifierToken)).Select(one => one.ValueText)];
        for (int number = 2; taken.Contains(free); number++)
        {
            free = wanted + number;
        }

        return free;
    }
}
