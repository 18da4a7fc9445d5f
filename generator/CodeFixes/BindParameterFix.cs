using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using OptimGen.Generator.Diagnostics;

namespace OptimGen.CodeFixes;

/// <summary>
/// OPTG023: a parameter that is bound to nothing gets the name that was meant, or the hyperparameter or state that it stands for; <c>ref</c> is added beside
/// [State].
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BindParameterFix)), Shared]
public sealed class BindParameterFix : OptimizerFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["OPTG023"];

    private protected override IEnumerable<Fix> FixesFor(FixContext context)
    {
        if (context.Node.FirstAncestorOrSelf<ParameterSyntax>() is not { Parent.Parent: MethodDeclarationSyntax method } parameter)
        {
            yield break;
        }

        string name = parameter.Identifier.ValueText;
        if (context[FixData.NearestName] is { } nearest && References(method, parameter, nearest, context) is { } references)
        {
            yield return new Fix($"Rename '{name}' to '{nearest}'", "rename", editor =>
            {
                // Inner nodes by themselves: the parameter may be changed by another fix.
                foreach (IdentifierNameSyntax reference in references)
                {
                    editor.ReplaceNode(reference, (current, _) => Renamed((IdentifierNameSyntax)current, nearest));
                }

                editor.ReplaceNode(parameter, (current, _) => Renamed((ParameterSyntax)current, nearest));
            });
        }

        if (context[FixData.Hyperparameter] is { } hyperparameter && context[FixData.Element] is { } element && method.Parent is ClassDeclarationSyntax type)
        {
            string attribute = Declarations.NameOf("Hyperparameter", context.Model, parameter.SpanStart);
            yield return new Fix(
                $"Declare the hyperparameter '{hyperparameter}'", "hyperparameter",
                editor => editor.ReplaceNode(
                    type, (current, _) => Declare((ClassDeclarationSyntax)current, Property(attribute, element, hyperparameter), Declarations.EndOfLine(type))),
                (type, hyperparameter));
        }

        if (context[FixData.UnmarkedProperty] is { } unmarked
            && method.Parent is ClassDeclarationSyntax { Members: var members } && members.OfType<PropertyDeclarationSyntax>().FirstOrDefault(one => one.Identifier.ValueText == unmarked) is { } property)
        {
            string attribute = Declarations.NameOf("Hyperparameter", context.Model, parameter.SpanStart);
            yield return new Fix(
                $"Mark '{unmarked}' [Hyperparameter]", "mark",
                editor => editor.ReplaceNode(property, (current, _) => WithAttribute((PropertyDeclarationSyntax)current, attribute)), property);
        }

        if (context[FixData.State] is not null && !parameter.Modifiers.Any(SyntaxKind.ThisKeyword))
        {
            bool isMarked = context.Model.GetDeclaredSymbol(parameter, context.Cancellation)?.GetAttributes().Any(one => one.AttributeClass?.Name == "StateAttribute") == true;
            string attribute = Declarations.NameOf("State", context.Model, parameter.SpanStart);
            yield return new Fix(
                isMarked ? $"Pass '{name}' by ref" : $"Keep '{name}' as a state", isMarked ? "ref" : "state",
                editor => editor.ReplaceNode(parameter, (current, _) => AsState((ParameterSyntax)current, isMarked ? null : attribute)));
        }
    }

    /// <summary>Where a method reads one of its parameters; <see langword="null"/> if it cannot have the new name.</summary>
    private static IdentifierNameSyntax[]? References(MethodDeclarationSyntax method, ParameterSyntax parameter, string name, FixContext context)
    {
        bool isTaken = method.Modifiers.Any(SyntaxKind.PartialKeyword)
            || method.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name && token.Parent is not MemberAccessExpressionSyntax);
        if (isTaken || context.Model.GetDeclaredSymbol(parameter, context.Cancellation) is not { } symbol)
        {
            return null;
        }

        return [.. method.DescendantNodes().OfType<IdentifierNameSyntax>().Where(one => one.Identifier.ValueText == symbol.Name
            && SymbolEqualityComparer.Default.Equals(context.Model.GetSymbolInfo(one, context.Cancellation).Symbol, symbol))];
    }

    private static SyntaxToken Named(SyntaxToken old, string name) => SyntaxFactory.ParseToken(SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name)
        .WithTriviaFrom(old);

    private static IdentifierNameSyntax Renamed(IdentifierNameSyntax reference, string name) => reference.WithIdentifier(Named(reference.Identifier, name));

    private static ParameterSyntax Renamed(ParameterSyntax parameter, string name) => parameter.WithIdentifier(Named(parameter.Identifier, name));

    private static MemberDeclarationSyntax Property(string attribute, string element, string name) =>
        SyntaxFactory.ParseMemberDeclaration($"[{attribute}] public {element} {name} {{ get; set; }}")!;

    /// <summary>After the last hyperparameter, or as the first member; with an empty line between it and its neighbours.</summary>
    private static ClassDeclarationSyntax Declare(ClassDeclarationSyntax type, MemberDeclarationSyntax property, SyntaxTrivia newLine)
    {
        int last = type.Members.LastIndexOf(member => member is PropertyDeclarationSyntax
            && member.AttributeLists.SelectMany(list => list.Attributes).Any(one => one.Name.ToString().Split('.').Last() is "Hyperparameter" or "HyperparameterAttribute"));
        SyntaxTriviaList indentation = Declarations.Indentation(type.Members[Math.Max(last, 0)]);
        property = property.WithLeadingTrivia(last < 0 ? indentation : indentation.Insert(0, newLine)).WithTrailingTrivia(newLine);
        if (last < 0)
        {
            MemberDeclarationSyntax first = type.Members[0];
            type = type.WithMembers(type.Members.Replace(first, first.WithLeadingTrivia(first.GetLeadingTrivia().Insert(0, newLine))));
        }

        return type.WithMembers(type.Members.Insert(last + 1, property));
    }

    private static PropertyDeclarationSyntax WithAttribute(PropertyDeclarationSyntax property, string attribute)
    {
        AttributeListSyntax list = Declarations.AttributeList(attribute).WithLeadingTrivia(property.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
        PropertyDeclarationSyntax bare = property.WithLeadingTrivia();
        return bare.WithAttributeLists(bare.AttributeLists.Insert(0, list));
    }

    private static ParameterSyntax AsState(ParameterSyntax parameter, string? attribute)
    {
        SyntaxTriviaList leading = parameter.GetLeadingTrivia();
        if (!parameter.Modifiers.Any(SyntaxKind.RefKeyword))
        {
            // In place of in, out or ref readonly.
            SyntaxTriviaList front = parameter.Modifiers.Count > 0 ? parameter.Modifiers[0].LeadingTrivia : parameter.Type!.GetLeadingTrivia();
            parameter = parameter
                .WithType(parameter.Type!.WithLeadingTrivia())
                .WithModifiers(SyntaxFactory.TokenList(SyntaxFactory.Token(front, SyntaxKind.RefKeyword, [SyntaxFactory.Space])));
        }

        if (attribute is not null)
        {
            AttributeListSyntax list = Declarations.AttributeList(attribute).WithTrailingTrivia(SyntaxFactory.Space);
            parameter = parameter.WithLeadingTrivia();
            parameter = parameter.WithAttributeLists(parameter.AttributeLists.Insert(0, list.WithLeadingTrivia(leading)));
        }

        return parameter;
    }
}
