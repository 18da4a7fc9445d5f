using System.Globalization;
using Microsoft.CodeAnalysis;
using OptimGen.Generator.Emit;
using OptimGen.Generator.Model;

namespace OptimGen.CodeFixes.Refactorings;

/// <summary>
/// The members that declare by a method what a stack of stages declares by attributes: the hyperparameters, the scalars of the step in double, and the update.
/// With <c>Contract = true</c> the multiply-adds of the method are fused where those of the stages are, so that both give the same bits.
/// </summary>
internal sealed class MethodOfStages
{
    private const int LongestLine = 130;

    private readonly RuleSpec rule;
    private readonly Dictionary<int, string> names = new()
    {
        [Variables.Parameter] = Names.Parameter, [Variables.Gradient] = Names.Gradient, [Variables.Step] = Names.Step,
    };

    private readonly Func<string, string> attribute;
    private readonly string element;
    private readonly string mathClass;
    private readonly string doubleMath;
    private readonly HashSet<string> members;

    /// <param name="rule">The rule of the stages.</param>
    /// <param name="type">The class, whose other members keep their names.</param>
    /// <param name="model">The meaning of names where the class stands.</param>
    /// <param name="position">That place.</param>
    public MethodOfStages(RuleSpec rule, INamedTypeSymbol type, SemanticModel model, int position)
    {
        this.rule = rule;
        attribute = name => Declarations.NameOf(name, model, position);
        element = rule.ElementType.Keyword();
        string Class(string name) => Declarations.Finds(name, "System", model, position) ? name : "System." + name;
        (mathClass, doubleMath) = (Class(rule.ElementType == ElementType.Float ? "MathF" : "Math"), Class("Math"));
        members = [.. type.GetMembers().Select(member => member.Name), type.Name];
        foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
        {
            names[hyperparameter.Variable] = Identifier.Escape(Identifier.Uncapitalize(hyperparameter.Name));
        }

        foreach ((int variable, string name) in rule.States.Select(one => (one.Variable, one.Name))
            .Concat(rule.Scalars.Select(one => (one.Variable, one.Name)))
            .Concat(rule.Stages.Where(one => !names.ContainsKey(one.Variable)).Select(one => (one.Variable, one.Name))))
        {
            names[variable] = name;
        }
    }

    /// <summary>The lines of the members, without indentation.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
        {
            string initial = new ExpressionText(names, rule.ElementType, mathClass).Print(hyperparameter.Default);
            yield return $"/// <summary>{Text.Xml(hyperparameter.Summary)}. Initially {initial.TrimEnd('f')}.</summary>";
            yield return $"[{attribute("Hyperparameter")}{Bounds(hyperparameter.Range)}]";
            yield return $"public {element} {hyperparameter.Name} {{ get; set; }} = {initial};";
            yield return "";
        }

        foreach (string line in rule.Scalars.Count > 0 ? PerStep() : [])
        {
            yield return line;
        }

        foreach (string line in Update())
        {
            yield return line;
        }
    }

    private static string Bounds(NumberRange range)
    {
        IEnumerable<string> bounds =
        [
            .. double.IsInfinity(range.Minimum) ? Array.Empty<string>() : ["Min = " + range.Minimum.ToString(CultureInfo.InvariantCulture)],
            .. double.IsInfinity(range.Maximum) ? Array.Empty<string>() : ["Max = " + range.Maximum.ToString(CultureInfo.InvariantCulture)],
            .. range.MinimumIsExclusive ? ["MinIsExclusive = true"] : Array.Empty<string>(),
            .. range.MaximumIsExclusive ? ["MaxIsExclusive = true"] : Array.Empty<string>(),
        ];
        return bounds.Any() ? $"({string.Join(", ", bounds)})" : "";
    }

    private HashSet<int> UsedByElements => [.. rule.Stages.SelectMany(one => VariablesIn(one.Value))];

    private IEnumerable<string> PerStep()
    {
        HashSet<int> used = [.. rule.Scalars.SelectMany(one => VariablesIn(one.Value))];
        bool isPure = !used.Contains(Variables.Step);
        IEnumerable<string> parameters =
        [
            .. isPure ? Array.Empty<string>() : ["long " + Names.Step],
            .. rule.Hyperparameters.Where(one => used.Contains(one.Variable)).Select(one => "double " + names[one.Variable]),
            .. rule.Scalars.Where(one => UsedByElements.Contains(one.Variable)).Select(one => "out double " + names[one.Variable]),
        ];
        var text = new ExpressionText(names, ElementType.Double, doubleMath);
        yield return $"[{attribute("PerStep")}{(isPure ? "(IsPure = true)" : "")}]";
        foreach (string line in Signature($"private static void {Free("Prepare")}", parameters))
        {
            yield return line;
        }

        yield return "{";
        foreach (ScalarSpec scalar in rule.Scalars)
        {
            string type = UsedByElements.Contains(scalar.Variable) ? "" : "double ";
            yield return $"    {type}{names[scalar.Variable]} = {text.Print(scalar.Value)};";
        }

        yield return "}";
        yield return "";
    }

    private IEnumerable<string> Update()
    {
        var text = new ExpressionText(names, rule.ElementType, mathClass);
        IEnumerable<string> parameters =
        [
            $"{element} {Names.Parameter}", $"{element} {Names.Gradient}",
            .. rule.States.Select(one => $"[{attribute("State")}] ref {element} {names[one.Variable]}"),
            .. rule.Hyperparameters.Select(one => one.Variable).Concat(rule.Scalars.Select(one => one.Variable))
                .Where(UsedByElements.Contains).Select(variable => $"{element} {names[variable]}"),
        ];
        yield return $"[{attribute("UpdateRule")}]";
        foreach (string line in Signature($"private static {element} {Free("Update")}", parameters))
        {
            yield return line;
        }

        yield return "{";
        HashSet<int> declared = [Variables.Parameter, Variables.Gradient, .. rule.States.Select(one => one.Variable)];
        for (int i = 0; i < rule.Stages.Count; i++)
        {
            Assignment assignment = rule.Stages[i];
            string target = i == rule.Stages.Count - 1 && assignment.Variable == Variables.Parameter ? "return"
                : (declared.Add(assignment.Variable) ? element + " " : "") + names[assignment.Variable] + " =";
            yield return $"    {target} {text.Print(assignment.Value)};";
        }

        yield return "}";
    }

    /// <summary>In one line, or where that is too long, with the parameters in lines of their own.</summary>
    private static IEnumerable<string> Signature(string method, IEnumerable<string> parameters)
    {
        string[] all = [.. parameters];
        string line = $"{method}({string.Join(", ", all)})";
        if (line.Length <= LongestLine)
        {
            yield return line;
            yield break;
        }

        yield return method + "(";
        line = "   ";
        for (int i = 0; i < all.Length; i++)
        {
            string item = " " + all[i] + (i < all.Length - 1 ? "," : ")");
            if (line.Length + item.Length > LongestLine)
            {
                yield return line;
                line = "   ";
            }

            line += item;
        }

        yield return line;
    }

    private string Free(string wanted)
    {
        string free = wanted;
        for (int number = 2; !members.Add(free); number++)
        {
            free = wanted + number;
        }

        return free;
    }

    private static IEnumerable<int> VariablesIn(Expression expression) =>
        expression is Variable variable ? [variable.Id] : expression.Operands.SelectMany(VariablesIn);
}
