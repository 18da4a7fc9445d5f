using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace OptimGen.Generator.Incremental;

/// <summary>
/// Which files of a compilation the meaning of a file can depend on: those that declare a type whose simple name it uses, those that these depend on in turn,
/// and the files that reach every other. Whatever a declaration names is a member of such a type, or is in the references; what a name finds also
/// depends on which namespaces there are.
/// </summary>
internal sealed class FileDependencies
{
    /// <summary>More are not followed: in a project where everything depends on everything, that would take longer than to parse again.</summary>
    private const int MostFiles = 48;

    private static readonly ConditionalWeakTable<Compilation, FileDependencies> Known = new();

    private readonly Dictionary<string, List<SyntaxTree>> declaring = new(StringComparer.Ordinal);
    private readonly Dictionary<SyntaxTree, int> order = [];
    private readonly HashSet<SyntaxTree> everywhere = [];

    private FileDependencies(Compilation compilation)
    {
        var namespaces = new HashSet<string>(StringComparer.Ordinal);
        var reaching = new List<SyntaxTree>();
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            order.Add(tree, order.Count);
            var names = FileNames.Of(tree);
            namespaces.UnionWith(names.Namespaces);
            foreach (string type in names.Types)
            {
                if (!declaring.TryGetValue(type, out List<SyntaxTree>? files))
                {
                    declaring.Add(type, files = []);
                }

                files.Add(tree);
            }

            if (names.ReachesEveryFile)
            {
                reaching.Add(tree);
            }
        }

        Follow(reaching, everywhere, int.MaxValue);
        Surroundings = new Surroundings(
            compilation.AssemblyName, compilation.Options, compilation.References.ToImmutableArray(), InOrder(everywhere), namespaces);
    }

    /// <summary>What every file of the compilation depends on.</summary>
    public Surroundings Surroundings { get; }

    public static FileDependencies Of(Compilation compilation) => Known.GetValue(compilation, static one => new FileDependencies(one));

    /// <summary>The file and those that it depends on, in the compilation's order, but for those that reach every file; <see langword="null"/> if they are too many.</summary>
    public SyntaxTree[]? OfFile(SyntaxTree tree)
    {
        var files = new HashSet<SyntaxTree>();
        return Follow([tree], files, MostFiles) ? InOrder(files) : null;
    }

    private bool Follow(IEnumerable<SyntaxTree> from, HashSet<SyntaxTree> found, int most)
    {
        var open = new Stack<SyntaxTree>();
        foreach (SyntaxTree tree in from)
        {
            if (found.Add(tree))
            {
                open.Push(tree);
            }
        }

        while (open.Count > 0)
        {
            foreach (string name in FileNames.Of(open.Pop()).Used)
            {
                if (!declaring.TryGetValue(name, out List<SyntaxTree>? files))
                {
                    continue;
                }

                foreach (SyntaxTree file in files)
                {
                    if (!everywhere.Contains(file) && found.Add(file))
                    {
                        open.Push(file);
                    }
                }

                if (found.Count > most)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The order of the parts of a class is that of their files.</summary>
    private SyntaxTree[] InOrder(HashSet<SyntaxTree> files) => files.OrderBy(file => order[file]).ToArray();
}

/// <summary>What every file of a compilation depends on.</summary>
/// <param name="Assembly">The name of the assembly, by which others let it see their internals.</param>
/// <param name="Options">The compiler's options.</param>
/// <param name="References">The references.</param>
/// <param name="Files">The files that reach every other, and those that they depend on, in order.</param>
/// <param name="Namespaces">The names of the namespaces.</param>
internal sealed record Surroundings(
    string? Assembly, CompilationOptions Options, ImmutableArray<MetadataReference> References, SyntaxTree[] Files, HashSet<string> Namespaces)
{
    public bool Equals(Surroundings? other) => ReferenceEquals(this, other) || (
        other is not null && Assembly == other.Assembly && Options.Equals(other.Options) && References.SequenceEqual(other.References)
        && Files.SequenceEqual(other.Files) && Namespaces.SetEquals(other.Namespaces));

    public override int GetHashCode() => (Namespaces.Count * 31) + References.Length;
}
