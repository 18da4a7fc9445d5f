using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Parsing;

namespace OptimGen.Generator.Incremental;

/// <summary>The names that a file declares for other files, and those that it uses: found in its syntax, once.</summary>
internal sealed class FileNames
{
    private const string AttributeSuffix = "Attribute";
    private static readonly ConditionalWeakTable<SyntaxTree, FileNames> Known = new();

    private readonly SyntaxTree tree;
    private readonly HashSet<string> types = [];
    private readonly HashSet<string> namespaces = [];
    private HashSet<string>? used;

    private FileNames(SyntaxTree tree)
    {
        this.tree = tree;
        var root = (CompilationUnitSyntax)tree.GetRoot();
        ReachesEveryFile = root.AttributeLists.Count > 0 || root.Externs.Count > 0 || root.Usings.Any(one => one.GlobalKeyword.ValueText.Length > 0);
        foreach (SyntaxNode node in root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or BaseTypeDeclarationSyntax))
        {
            Add(node);
        }
    }

    /// <summary>The simple names of its types; an attribute's with and without the suffix.</summary>
    public IReadOnlyCollection<string> Types => types;

    /// <summary>Its namespaces, each as it is written.</summary>
    public IReadOnlyCollection<string> Namespaces => namespaces;

    /// <summary>
    /// Whether it can change the meaning of a file that names nothing of it: it has global usings, attributes of the assembly, members that extend types, or
    /// types beside those of the framework or of the runtime library.
    /// </summary>
    public bool ReachesEveryFile { get; private set; }

    /// <summary>Every identifier in it.</summary>
    public HashSet<string> Used => used ??= FindUsed();

    public static FileNames Of(SyntaxTree tree) => Known.GetValue(tree, static one => new FileNames(one));

    private void Add(SyntaxNode node)
    {
        switch (node)
        {
            case BaseNamespaceDeclarationSyntax declared:
                string name = string.Join(".", NameOf(declared));
                namespaces.Add(name);
                string first = name.Split('.')[0];
                ReachesEveryFile |= first is "System" or KnownAttributes.Namespace;
                break;

            case BaseTypeDeclarationSyntax declared:
                AddType(declared.Identifier.ValueText);
                // A block of members that extend a type is a declaration without a name.
                ReachesEveryFile |= declared is TypeDeclarationSyntax { Keyword.ValueText: "extension" };
                break;

            case DelegateDeclarationSyntax declared:
                AddType(declared.Identifier.ValueText);
                break;

            case MethodDeclarationSyntax { ParameterList.Parameters: [{ Modifiers: var modifiers }, ..] }:
                ReachesEveryFile |= modifiers.Any(modifier => modifier.IsKind(SyntaxKind.ThisKeyword));
                break;

            case GlobalStatementSyntax:
                AddType("Program");
                break;
        }
    }

    /// <summary>With the namespaces around it.</summary>
    private static IEnumerable<string> NameOf(BaseNamespaceDeclarationSyntax declared) => declared.AncestorsAndSelf()
        .OfType<BaseNamespaceDeclarationSyntax>()
        .Reverse()
        .SelectMany(one => one.Name.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)))
        .Select(token => token.ValueText);

    private void AddType(string name)
    {
        types.Add(name);
        if (name.EndsWith(AttributeSuffix, StringComparison.Ordinal))
        {
            types.Add(name.Substring(0, name.Length - AttributeSuffix.Length));
        }
    }

    private HashSet<string> FindUsed()
    {
        // The parser looks for types of these names wherever an optimizer is.
        HashSet<string> names = [.. OptimizerParser.HiddenNames];
        foreach (SyntaxToken token in tree.GetRoot().DescendantTokens())
        {
            // Types may have the names of contextual keywords, and that of a discard.
            if (token.IsKind(SyntaxKind.IdentifierToken) || token.IsKind(SyntaxKind.UnderscoreToken) || SyntaxFacts.IsContextualKeyword(token.Kind()))
            {
                names.Add(token.ValueText);
            }
        }

        return names;
    }
}
