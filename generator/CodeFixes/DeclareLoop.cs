using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Emit;
using OptimGen.Generator.Loops;
using OptimGen.Generator.Model;

namespace OptimGen.CodeFixes;

/// <summary>
/// The optimizer of a loop: its statements as the method of a rule, in their order and with their operations, so that a step gives the loop's bits.
/// </summary>
internal sealed class DeclareLoop
{
    /// <summary>The method by which the class takes memory of the caller's.</summary>
    public const string Factory = "Over";

    private const string Method = "Update";

    private readonly UpdateLoop loop;
    private readonly Dictionary<object, string> names = [];
    private readonly List<(LoopScalar Scalar, string Property)> hyperparameters = [];
    private readonly SemanticModel model;
    private readonly string element;

    public DeclareLoop(UpdateLoop loop, SemanticModel model, string className)
    {
        (this.loop, this.model, ClassName, element) = (loop, model, className, loop.Element.Keyword());
        ChooseNames();
    }

    public string ClassName { get; }

    /// <summary>The scalars, each with the property that has it.</summary>
    public IReadOnlyList<(LoopScalar Scalar, string Property)> Hyperparameters => hyperparameters;

    /// <summary>The class, with the indentation that it is to have.</summary>
    /// <param name="indentation">What stands before each line.</param>
    /// <param name="newLine">The end of a line.</param>
    public string Write(string indentation, string newLine)
    {
        int position = loop.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>(one => one is BaseTypeDeclarationSyntax)?.SpanStart ?? loop.Syntax.SpanStart;
        string Attribute(string name) => Declarations.NameOf(name, model, position);
        string memory = $"{(Declarations.Finds("Memory", "System", model, position) ? "" : "System.")}Memory<{element}>";
        string values = loop.Parameter.Name;
        var text = new StringBuilder();
        void Line(string line = "") => text.Append(line.Length > 0 ? indentation + line : "").Append(newLine);
        Line($"/// <summary>Updates {Text.Xml(values)} from {Text.Xml(loop.Gradient.Name)}, element by element.</summary>");
        Line($"[{Attribute("Optimizer")}]");
        Line($"internal sealed partial class {ClassName}");
        Line("{");
        foreach ((LoopScalar scalar, string property) in hyperparameters)
        {
            string initial = scalar.Default is { } number ? $" = {Literal(number)};" : "";
            Line($"    [{Attribute("Hyperparameter")}]");
            Line($"    public {element} {property} {{ get; set; }}{initial}");
            Line();
        }

        Line("    /// <summary>The rule for one parameter in the caller's own memory. Step() updates the values in place; the state is kept from step to step.</summary>");
        Line("    /// <param name=\"values\">The parameter, at least one element.</param>");
        Line("    /// <param name=\"gradients\">Its gradient, as many elements.</param>");
        Line($"    public static {ClassName} {Factory}({memory} values, {memory} gradients)");
        Line("    {");
        Line($"        var parameters = new {Attribute("ParameterSet")}<{element}>();");
        Line($"        parameters.Wrap({Text.Quote(values)}, values, gradients);");
        Line($"        return new {ClassName}(parameters);");
        Line("    }");
        Line();
        Line($"    [{Attribute("UpdateRule")}]");
        Line($"    private static {element} {Method}({string.Join(", ", Parameters(Attribute("State")))})");
        Line("    {");
        foreach (string statement in Body())
        {
            Line(statement.Length > 0 ? "        " + statement : "");
        }

        Line("    }");
        Line("}");
        return text.ToString();
    }

    private IEnumerable<string> Parameters(string state) =>
    [
        $"{element} {Names.Parameter}", $"{element} {Names.Gradient}",
        .. loop.States.Select(one => $"[{state}] ref {element} {names[one]}"),
        .. hyperparameters.Select(one => $"{element} {names[one.Scalar]}"),
    ];

    /// <summary>The loop's statements over one element. The last one returns, if it is the parameter's.</summary>
    private List<string> Body()
    {
        var rewriter = new ElementRewriter(loop, names);
        List<string> lines = [];
        IReadOnlyList<StatementSyntax> statements = loop.Statements;
        for (int i = 0; i < statements.Count; i++)
        {
            if (i == statements.Count - 1 && statements[i] is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax last } && IsParameter(last.Left))
            {
                string value = rewriter.Visit(last.Right).WithoutTrivia().ToFullString();
                string operand = last.Right is BinaryExpressionSyntax or ConditionalExpressionSyntax && !IsProduct(last) ? $"({value})" : value;
                string comment = string.Concat(statements[i].GetLeadingTrivia().Select(one => one.ToFullString()));
                lines.AddRange(Lines(comment + "return " + (Operator(last) is { } sign ? $"{Names.Parameter} {sign} {operand}" : value) + ";"));
                return lines;
            }

            lines.AddRange(Lines(rewriter.Visit(statements[i]).ToFullString().TrimEnd()));
        }

        lines.Add($"return {Names.Parameter};");
        return lines;
    }

    private bool IsParameter(SyntaxNode node) => loop.References.TryGetValue(node, out object? read) && read == (object)loop.Parameter;

    /// <summary>Whether what is added or subtracted binds stronger, so that it needs no parentheses.</summary>
    private static bool IsProduct(AssignmentExpressionSyntax assignment) => Operator(assignment) is "+" or "-"
        && assignment.Right is BinaryExpressionSyntax product && (product.IsKind(SyntaxKind.MultiplyExpression) || product.IsKind(SyntaxKind.DivideExpression));

    private static string? Operator(AssignmentExpressionSyntax assignment) => assignment.Kind() switch
    {
        SyntaxKind.AddAssignmentExpression => "+",
        SyntaxKind.SubtractAssignmentExpression => "-",
        SyntaxKind.MultiplyAssignmentExpression => "*",
        SyntaxKind.DivideAssignmentExpression => "/",
        _ => null,
    };

    /// <summary>Lines without the indentation of the loop's body.</summary>
    private static IEnumerable<string> Lines(string text)
    {
        string[] lines = [.. text.Replace("\r\n", "\n").Split('\n').SkipWhile(line => line.Trim().Length == 0)];
        int depth = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return lines.Select(line => line.Trim().Length == 0 ? "" : line.Substring(depth).TrimEnd());
    }

    /// <summary>A number as the source of the rule has it.</summary>
    private string Literal(double value) => Literal(value, loop.Element);

    private static string Literal(double value, ElementType element)
    {
        string text = ScalarDialect.LiteralOf(element.Keyword(), value);
        return element == ElementType.Double && text.Any(one => one is '.' or 'e') ? text.TrimEnd('d') : text;
    }

    private void ChooseNames()
    {
        string[] ofBase = [.. Members(model.Compilation.GetTypeByMetadataName("OptimGen.Optimizer`1"))];
        var properties = new NameTable(
            [.. ofBase, ClassName, Factory, Method, "Parameter", "Gradient", "ElementCount", SurfaceEmitter.Members.For, SurfaceEmitter.Members.GroupType,
                SurfaceEmitter.Members.States, SurfaceEmitter.Members.StatesType, SurfaceEmitter.Members.LearningRateScale]);
        var variables = new NameTable([Names.Parameter, Names.Gradient, Names.Step, Names.ElementCount]);
        foreach (LoopStream state in loop.States)
        {
            names[state] = variables.Take(Identifier.Uncapitalize(Plain(state.Name)));
        }

        foreach (LoopScalar scalar in loop.Scalars)
        {
            // A hyperparameter is the property's name in camelCase to the rule, so both have to be free.
            string wanted = Identifier.Uncapitalize(Plain(scalar.Name));
            string property, name;
            do
            {
                name = variables.Take(wanted);
                property = properties.Take(Identifier.Capitalize(name));
                wanted = Identifier.Uncapitalize(property);
            }
            while (wanted != name);
            names[scalar] = name;
            hyperparameters.Add((scalar, property));
        }

        foreach (ILocalSymbol local in loop.Locals)
        {
            names[local] = variables.Take(local.Name);
        }
    }

    /// <summary>The name without the underscore of a field.</summary>
    private static string Plain(string name) => name.TrimStart('_') is { Length: > 0 } plain && char.IsLetter(plain[0]) ? plain : "value";

    private static IEnumerable<string> Members(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            foreach (ISymbol member in type.GetMembers())
            {
                yield return member.Name;
            }
        }
    }

    /// <summary>Replaces what stands for an element, a scalar or a local by the name that the rule has for it.</summary>
    private sealed class ElementRewriter(UpdateLoop loop, IReadOnlyDictionary<object, string> names) : CSharpSyntaxRewriter
    {
        public override SyntaxNode Visit(SyntaxNode? node)
        {
            if (node is ExpressionSyntax && loop.References.TryGetValue(node, out object? read))
            {
                string text = read is double constant ? Literal(constant, loop.Element)
                    : read == (object)loop.Parameter ? Names.Parameter
                    : read == (object)loop.Gradient ? Names.Gradient
                    : names[read];
                return SyntaxFactory.ParseExpression(text).WithTriviaFrom(node);
            }

            return base.Visit(node)!;
        }

        public override SyntaxNode? VisitVariableDeclarator(VariableDeclaratorSyntax node)
        {
            var visited = (VariableDeclaratorSyntax)base.VisitVariableDeclarator(node)!;
            return loop.References.TryGetValue(node, out object? local) ? visited.WithIdentifier(SyntaxFactory.Identifier(names[local]).WithTriviaFrom(node.Identifier)) : visited;
        }
    }
}
