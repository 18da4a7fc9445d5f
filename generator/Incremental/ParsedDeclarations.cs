using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;
using OptimGen.Generator.Parsing;

namespace OptimGen.Generator.Incremental;

/// <summary>
/// The declarations as they were parsed last. The compiler asks for each of them again after every edit, because any file may have changed its meaning; only
/// those are parsed again that depend on a file that has changed (<see cref="FileDependencies"/>). Nothing is kept but for files that are still in use.
/// </summary>
internal sealed class ParsedDeclarations
{
    private readonly ConditionalWeakTable<SyntaxTree, ParsedFile> files = new();

    /// <summary>The specification of the type that is declared at a node, or <see langword="null"/>: see <see cref="OptimizerParser.Parse"/>.</summary>
    public OptimizerSpec? Parse(SyntaxNode declaration, INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        ParsedFile file = FileOf(declaration.SyntaxTree, FileDependencies.Of(compilation));
        lock (file.Specs)
        {
            if (file.Specs.TryGetValue(declaration, out OptimizerSpec? known))
            {
                return known;
            }
        }

        OptimizerSpec? spec = OptimizerParser.Parse(type, compilation, new DiagnosticSink(report: null), cancellation);
        lock (file.Specs)
        {
            file.Specs[declaration] = spec;
        }

        return spec;
    }

    private ParsedFile FileOf(SyntaxTree tree, FileDependencies dependencies)
    {
        lock (files)
        {
            bool isKnown = files.TryGetValue(tree, out ParsedFile? file);
            if (isKnown && ReferenceEquals(file!.Surroundings, dependencies.Surroundings))
            {
                return file;
            }

            SyntaxTree[]? dependsOn = dependencies.OfFile(tree);
            bool isSame = isKnown && dependsOn is not null && file!.DependsOn is not null
                && file.DependsOn.SequenceEqual(dependsOn) && file.Surroundings.Equals(dependencies.Surroundings);
            var current = new ParsedFile(dependencies.Surroundings, dependsOn, isSame ? file!.Specs : []);
            files.Remove(tree);
            files.Add(tree, current);
            return current;
        }
    }

    private sealed class ParsedFile(Surroundings surroundings, SyntaxTree[]? dependsOn, Dictionary<SyntaxNode, OptimizerSpec?> specs)
    {
        public Surroundings Surroundings => surroundings;

        /// <summary>The files that this one depended on; <see langword="null"/> if it is to be parsed again whatever changes.</summary>
        public SyntaxTree[]? DependsOn => dependsOn;

        /// <summary>What its declarations gave, by their nodes.</summary>
        public Dictionary<SyntaxNode, OptimizerSpec?> Specs => specs;
    }
}
