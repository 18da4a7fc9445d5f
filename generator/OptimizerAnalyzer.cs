using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Loops;
using OptimGen.Generator.Parsing;

namespace OptimGen.Generator;

/// <summary>Says what is wrong with a declared optimizer, at the place where it is wrong.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OptimizerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Descriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(AnalyzeType, SymbolKind.NamedType);
        context.RegisterSyntaxNodeAction(AnalyzeLoop, SyntaxKind.ForStatement);
    }

    private static void AnalyzeLoop(SyntaxNodeAnalysisContext context)
    {
        var loop = (ForStatementSyntax)context.Node;
        if (UpdateLoopReader.MayBeUpdate(loop) && UpdateLoopReader.Read(loop, context.SemanticModel, context.CancellationToken) is { } rule)
        {
            var header = Location.Create(loop.SyntaxTree, TextSpan.FromBounds(loop.SpanStart, loop.CloseParenToken.Span.End));
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.LoopIsRule, header, rule.Parameter.Name, rule.Gradient.Name));
        }
    }

    private static void AnalyzeType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var sink = new DiagnosticSink(context.ReportDiagnostic);
        if (KnownAttributes.Has(type, KnownAttributes.Optimizer))
        {
            OptimizerParser.Parse(type, context.Compilation, sink, context.CancellationToken);
            return;
        }

        // An extension has no name; what is said of it is said of the class that it stands in.
        INamedTypeSymbol named = type is { TypeKind: LaterTypeKinds.Extension, ContainingType: { } container } ? container : type;
        if (KnownAttributes.Has(named, KnownAttributes.Optimizer))
        {
            return;
        }

        foreach (AttributeData attribute in WithoutEffect(type))
        {
            sink.Report(
                Descriptors.RuleWithoutOptimizer, Locations.Of(attribute, context.CancellationToken), KnownAttributes.ShortName(attribute)!, named.Name);
        }
    }

    /// <summary>
    /// The attributes of a class that is no optimizer. Of a class with a rule, the rule's alone: what is beside it belongs to it, and one finding is enough.
    /// </summary>
    private static IEnumerable<AttributeData> WithoutEffect(INamedTypeSymbol type)
    {
        IEnumerable<ISymbol> members = type.GetMembers().Where(member => member is IMethodSymbol or IPropertySymbol or IFieldSymbol);
        IMethodSymbol[] methods = members.OfType<IMethodSymbol>().ToArray();
        AttributeData[] rules = methods.Select(method => KnownAttributes.Find(method, KnownAttributes.UpdateRule)).OfType<AttributeData>().ToArray();
        IEnumerable<AttributeData> ofMembers = rules.Length > 0
            ? rules
            : members.Concat(methods.SelectMany(method => method.Parameters))
                .SelectMany(symbol => symbol.GetAttributes())
                .Where(attribute => KnownAttributes.ShortName(attribute) is { } name && (KnownAttributes.Parts.Contains(name) || KnownAttributes.Stages.Contains(name)));
        return type.GetAttributes()
            .Where(attribute => KnownAttributes.ShortName(attribute) is { } name && KnownAttributes.Stages.Contains(name))
            .Concat(ofMembers);
    }
}
