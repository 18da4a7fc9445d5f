using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;
using OptimGen.Generator.Parsing.Methods;

namespace OptimGen.Generator.Parsing.Checks;

/// <summary>Numbers that C# reads otherwise than they look: 1 / 2 as 0, 1e-50f as 0, and 0.1f as 0.10000000149 in double.</summary>
internal sealed class NumberChecks
{
    private static readonly string[] Parts =
        [KnownAttributes.UpdateRule, KnownAttributes.PerStep, KnownAttributes.PerTensor, KnownAttributes.Reduce, KnownAttributes.Hyperparameter];

    private readonly SemanticModel model;
    private readonly ElementType element;
    private readonly DiagnosticSink sink;
    private readonly CancellationToken cancellation;

    private NumberChecks(SemanticModel model, ElementType element, DiagnosticSink sink, CancellationToken cancellation) =>
        (this.model, this.element, this.sink, this.cancellation) = (model, element, sink, cancellation);

    /// <summary>Looks at the attributes of the class, and at the methods and initializers that are parts of its rule.</summary>
    public static void Report(INamedTypeSymbol type, ElementType element, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        IEnumerable<SyntaxReference> attributes = type.GetAttributes()
            .Where(attribute => KnownAttributes.ShortName(attribute) is not null)
            .Select(attribute => attribute.ApplicationSyntaxReference).OfType<SyntaxReference>();
        IEnumerable<SyntaxReference> members = type.GetMembers()
            .Where(member => !KnownAttributes.IsGenerated(member) && Parts.Any(part => KnownAttributes.Has(member, part)))
            .SelectMany(member => member is IMethodSymbol { PartialImplementationPart: { } body } ? body.DeclaringSyntaxReferences : member.DeclaringSyntaxReferences);
        foreach (IGrouping<SyntaxTree, SyntaxReference> file in attributes.Concat(members).GroupBy(reference => reference.SyntaxTree))
        {
#pragma warning disable RS1030 // The parts of a class may stand in several files, whose models no callback hands over.
            var checks = new NumberChecks(compilation.GetSemanticModel(file.Key), element, sink, cancellation);
#pragma warning restore RS1030
            foreach (SyntaxNode node in file.SelectMany(reference => reference.GetSyntax(cancellation).DescendantNodes()))
            {
                checks.Visit(node);
            }
        }
    }

    private void Visit(SyntaxNode node)
    {
        cancellation.ThrowIfCancellationRequested();
        if (node is BinaryExpressionSyntax division && node.IsKind(SyntaxKind.DivideExpression))
        {
            VisitDivision(division);
        }
        else if (node is LiteralExpressionSyntax { Token.Value: float or double } literal)
        {
            VisitLiteral(literal, Convert.ToDouble(literal.Token.Value, CultureInfo.InvariantCulture));
        }
    }

    private void VisitDivision(BinaryExpressionSyntax division)
    {
        if (IsWhole(model.GetTypeInfo(division, cancellation).Type) && !IsExact(division) && FloatingTypeOf(division, IsWhole) is { } type)
        {
            sink.ReportFixable(
                Descriptors.IntegerDivision, division.GetLocation(), FixData.Of((FixData.Element, type.ToDisplayString())),
                ExpressionTranslator.Shorten(division), type.ToDisplayString());
        }
    }

    private void VisitLiteral(LiteralExpressionSyntax literal, double value)
    {
        string text = literal.Token.Text;
        if (value == 0 && text.Split('e', 'E')[0].Any(digit => digit is >= '1' and <= '9'))
        {
            sink.Report(Descriptors.EpsilonIsZero, literal.GetLocation(), $"'{text}'", $"0 as a {(literal.Token.Value is float ? "float" : "double")}");
        }
        else if (element == ElementType.Double && literal.Token.Value is float && !ShortestDecimal.Meant(value).Equals(value)
            && literal.FirstAncestorOrSelf<AttributeSyntax>() is null
            && FloatingTypeOf(literal, IsFloat) is { SpecialType: SpecialType.System_Double })
        {
            sink.Report(Descriptors.FloatInDouble, literal.GetLocation(), text, ShortestDecimal.Of(value));
        }
    }

    /// <summary>The floating type that an expression's value is converted to without a cast, alone or with the arithmetic around it.</summary>
    private ITypeSymbol? FloatingTypeOf(ExpressionSyntax expression, Func<ITypeSymbol?, bool> isOwn)
    {
        for (ExpressionSyntax? one = expression; one is not null; one = Around(one))
        {
            TypeInfo type = model.GetTypeInfo(one, cancellation);
            if (!isOwn(type.Type))
            {
                return null;
            }

            if (!SymbolEqualityComparer.Default.Equals(type.Type, type.ConvertedType) && !isOwn(type.ConvertedType))
            {
                return one.Parent is not CastExpressionSyntax && type.ConvertedType is { SpecialType: SpecialType.System_Single or SpecialType.System_Double } converted
                    ? converted
                    : null;
            }
        }

        return null;
    }

    private static ExpressionSyntax? Around(ExpressionSyntax expression) => expression.Parent switch
    {
        ParenthesizedExpressionSyntax parenthesized => parenthesized,
        PrefixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.UnaryMinusExpression) || unary.IsKind(SyntaxKind.UnaryPlusExpression) => unary,
        BinaryExpressionSyntax binary when binary.Kind() is SyntaxKind.AddExpression or SyntaxKind.SubtractExpression or SyntaxKind.MultiplyExpression
            or SyntaxKind.DivideExpression => binary,
        _ => null,
    };

    /// <summary>Whether two constants divide without a remainder, as in 1024 / 8.</summary>
    private bool IsExact(BinaryExpressionSyntax division) =>
        model.GetConstantValue(division.Left, cancellation) is { HasValue: true, Value: { } dividend }
        && model.GetConstantValue(division.Right, cancellation) is { HasValue: true, Value: { } divisor }
        && AttributeReader.NumberOf(dividend) is { } one && AttributeReader.NumberOf(divisor) is { } other && other != 0 && one % other == 0;

    private static bool IsWhole(ITypeSymbol? type) => type is { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_UInt64 };

    private static bool IsFloat(ITypeSymbol? type) => type is { SpecialType: SpecialType.System_Single };
}
