using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>The functions that a rule may call by name, beside the user's own.</summary>
internal static class KnownFunctions
{
    /// <summary>The types whose static methods are looked up here: <c>MathF.Sqrt</c>, <c>Math.Sqrt</c>, <c>float.Sqrt</c>, <c>double.Sqrt</c>.</summary>
    private static readonly HashSet<string> MathTypes = ["System.Math", "System.MathF", "float", "double"];

    private static readonly Dictionary<string, Operator> Operators = new()
    {
        ["Sqrt"] = Operator.SquareRoot,
        ["Abs"] = Operator.Absolute,
        ["Min"] = Operator.Minimum,
        ["Max"] = Operator.Maximum,
        ["Sign"] = Operator.Sign,
        ["CopySign"] = Operator.CopySign,
        ["FusedMultiplyAdd"] = Operator.FusedMultiplyAdd,
    };

    private static readonly HashSet<string> InRuleMath = ["Exp", "Log", "Pow", "Tanh", "Sin", "Cos", "Cbrt"];

    public const string RuleMath = "OptimGen.RuleMath";

    public static bool IsMath(string type) => MathTypes.Contains(type);

    public static bool IsKnown(string type, string name) =>
        type == RuleMath || (MathTypes.Contains(type) && (Operators.ContainsKey(name) || IsClamp(type, name)));

    /// <summary>Only that of Math: float.Clamp and double.Clamp treat zeros differently from one version of .NET to the next.</summary>
    private static bool IsClamp(string type, string name) => type == "System.Math" && name == "Clamp";

    /// <summary>The expression of a call; <see langword="null"/> if the function is not known.</summary>
    public static Expression? Call(string type, string name, Expression[] operands)
    {
        if (type == RuleMath)
        {
            return new Call(name, operands.ToEquatableArray());
        }

        return !MathTypes.Contains(type) ? null
            : IsClamp(type, name) ? Expression.Of(Operator.Clamp, operands)
            : Operators.TryGetValue(name, out Operator @operator) ? Expression.Of(@operator, operands)
            : null;
    }

    /// <summary>What to write in place of a function of the framework's that is not known.</summary>
    public static string Advice(string type, string name) =>
        type == "System.Random" ? "each element would need a number of its own; draw once a step, in a [PerStep] method"
        : !MathTypes.Contains(type) ? "declare it static, in this project, with an expression or a block of the same language, and it is inlined"
        : InRuleMath.Contains(name) ? $"its bits differ between platforms; write RuleMath.{name}, which has the same bits everywhere"
        : name.Contains("Estimate") ? "an estimate has other bits on every processor; write the exact operation"
        : name is "IsNaN" or "IsFinite" or "IsInfinity" ? "compare: the absolute value of a finite number, and of no other, is at most MaxValue"
        : name == "Clamp" ? "what it does with zeros depends on the version of .NET; write Math.Clamp"
        : $"the functions that have the same bits everywhere are {string.Join(", ", Operators.Keys.Append("Clamp"))}, and those of RuleMath";
}
