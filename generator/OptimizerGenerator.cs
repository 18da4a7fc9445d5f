using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Emit;
using OptimGen.Generator.Incremental;
using OptimGen.Generator.Lowering;
using OptimGen.Generator.Model;
using OptimGen.Generator.Parsing;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator;

/// <summary>
/// Writes, for each class marked [Optimizer], its surface and the rule that steps it, with a kernel for each instruction set. What is wrong with a declaration
/// <see cref="OptimizerAnalyzer"/> says, by the same parser; the class still gets its surface, so that no error of the compiler hides what is said.
/// </summary>
[Microsoft.CodeAnalysis.Generator(LanguageNames.CSharp)]
public sealed class OptimizerGenerator : IIncrementalGenerator
{
    /// <summary>The names of the pipeline's steps, for tests of what is cached.</summary>
    internal const string ParseStep = "Parse", UniqueNameStep = "UniqueName", LowerStep = "Lower";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = new ParsedDeclarations();
        IncrementalValuesProvider<OptimizerSpec> specs = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownAttributes.OptimizerMetadataName,
                static (node, _) => node is TypeDeclarationSyntax,
                (attribute, cancellation) =>
                    parsed.Parse(attribute.TargetNode, (INamedTypeSymbol)attribute.TargetSymbol, attribute.SemanticModel.Compilation, cancellation)
                        is { } spec && IsFirst(attribute) ? spec : null)
            .Where(static spec => spec is not null)
            .Select(static (spec, _) => spec!)
            .WithTrackingName(ParseStep);

        IncrementalValueProvider<EquatableArray<string>> ambiguous = specs
            .Select(static (spec, _) => spec.Type.HintName)
            .Collect()
            .Select(static (names, _) => HintNames.EqualButForCase(names))
            .WithTrackingName(UniqueNameStep);

        IncrementalValuesProvider<(OptimizerSpec Spec, string FileName)> named = specs
            .Combine(ambiguous)
            .Select(static (pair, _) => (pair.Left, HintNames.Unique(pair.Left.Type.HintName, pair.Right)));

        IncrementalValuesProvider<(OptimizerSpec Spec, StepProgram Program, string FileName)> lowered = named
            .Where(static item => !item.Spec.HasErrors)
            .Select(static (item, _) => (item.Spec, RuleLowering.Lower(item.Spec.Rule), item.FileName))
            .WithTrackingName(LowerStep);

        context.RegisterSourceOutput(lowered, static (output, item) =>
            output.AddSource($"{item.FileName}.g.cs", GeneratedFile.Write(item.Spec, item.Program, output.CancellationToken)));
        context.RegisterSourceOutput(named.Where(static item => item.Spec.HasErrors), static (output, item) =>
            output.AddSource($"{item.FileName}.g.cs", GeneratedFile.WriteSkeleton(item.Spec)));
    }

    /// <summary>Where the attribute stands on several parts of a class, which the compiler refuses, one of them speaks for all.</summary>
    private static bool IsFirst(GeneratorAttributeSyntaxContext attribute) =>
        attribute.TargetSymbol.GetAttributes().First(one => KnownAttributes.ShortName(one) == KnownAttributes.Optimizer).ApplicationSyntaxReference is { } first
        && first.SyntaxTree == attribute.TargetNode.SyntaxTree
        && attribute.TargetNode.Span.Contains(first.Span);
}
