using System.Globalization;

namespace OptimGen.RandomRules;

/// <summary>Writes expressions of the rule language over the names that are in scope.</summary>
internal sealed class ExpressionWriter(Random random, bool isDouble)
{
    private static readonly string[] Comparisons = ["<", "<=", ">", ">=", "==", "!="];
    private static readonly string[] Decimals = ["0.5", "0.1", "0.9", "0.999", "1.0", "2.0", "1e-8", "1e-3", "1e-20", "3e10", "0.33333334"];

    /// <summary>They are long kernels; a rule has a few calls of them at most.</summary>
    private int callsOfRuleMath = random.Next(3) == 0 ? random.Next(1, 4) : 0;

    public string Keyword { get; } = isDouble ? "double" : "float";

    /// <summary>What can be called, beside the functions of the framework.</summary>
    public List<StaticMethod> Methods { get; } = [];

    /// <summary>A number that is no constant.</summary>
    public string Number(NameScope scope, int depth)
    {
        if (depth <= 0)
        {
            return Pick(scope.Numbers);
        }

        switch (random.Next(20))
        {
            case 0:
                return Pick(scope.Numbers);
            case 1:
                return $"-{Atom(Number(scope, depth - 1))}";
            case 2 or 3:
                return Function("Sqrt", random.Next(4) > 0 ? Function("Abs", Number(scope, depth - 1)) : Number(scope, depth - 1));
            case 4:
                return Function("Abs", Number(scope, depth - 1));
            case 5 or 6:
                return Function(random.Next(2) == 0 ? "Min" : "Max", Number(scope, depth - 1), Operand(scope, depth - 1));
            case 7:
                return Sign(scope, depth);
            case 8:
                return Function("CopySign", Number(scope, depth - 1), OrOne(Pick(scope.Numbers)));
            case 9:
                return Function("FusedMultiplyAdd", Number(scope, depth - 1), Operand(scope, depth - 1), Operand(scope, depth - 1));
            case 10:
                return Clamp(scope, depth);
            case 11 or 12:
                return $"({Truth(scope, depth - 1)} ? {Operand(scope, depth - 1)} : {Number(scope, depth - 1)})";
            case 13:
                // To C# the choice is between whole numbers.
                return $"({Atom(Number(scope, depth - 1))} * ({Truth(scope, depth - 1)} ? {random.Next(1, 4)} : {random.Next(-2, 2)}))";
            case 14 when callsOfRuleMath > 0:
                return RuleMath(scope, depth);
            case 15 when Methods.Exists(method => !method.IsTruth):
                return Call(scope, depth, truth: false);
            default:
                return Arithmetic(scope, depth);
        }
    }

    /// <summary>A number that may be a constant.</summary>
    public string Operand(NameScope scope, int depth) => random.Next(5) == 0 ? Constant() : Number(scope, depth);

    public string Truth(NameScope scope, int depth)
    {
        switch (depth <= 0 ? random.Next(3) : random.Next(9))
        {
            case 0 when scope.Truths.Count > 0:
                return Pick(scope.Truths);
            case 3:
                return $"{Condition(scope, depth)} && {Condition(scope, depth)}";
            case 4:
                return $"{Condition(scope, depth)} || {Condition(scope, depth)}";
            case 5:
                return $"!{Condition(scope, depth)}";
            case 6:
                return $"({Condition(scope, depth)} {(random.Next(2) == 0 ? '&' : '|')} {Condition(scope, depth)})";
            case 7 when Methods.Exists(method => method.IsTruth):
                return Call(scope, depth, truth: true);
            default:
                return $"{Number(scope, depth - 1)} {Pick(Comparisons)} {Operand(scope, depth - 1)}";
        }
    }

    public string Constant() => random.Next(12) switch
    {
        0 => random.Next(1, 4).ToString(CultureInfo.InvariantCulture),
        1 => $"{Keyword}.{Pick(["Epsilon", "MaxValue", "PositiveInfinity"])}",
        2 => $"(-{Decimal()})",
        3 => isDouble ? "0.0" : "0f",
        _ => Decimal(),
    };

    /// <summary>Not 0, which could become a constant −0: .NET 10 itself computes the smaller of +0 and a constant −0 wrongly.</summary>
    public string Decimal()
    {
        string digits = random.Next(3) == 0 ? (0.1 + (random.NextDouble() * 3)).ToString("F5", CultureInfo.InvariantCulture) : Pick(Decimals);
        return isDouble ? digits : digits + "f";
    }

    public string Pick(IReadOnlyList<string> choices) => choices[random.Next(choices.Count)];

    private string Condition(NameScope scope, int depth) => $"({Truth(scope, depth - 1)})";

    private string Arithmetic(NameScope scope, int depth)
    {
        string left = Number(scope, depth - 1), right = Operand(scope, depth - 1);
        if (random.Next(5) == 0)
        {
            (left, right) = (right, left);
        }

        string text = $"{left} {Pick(["+", "-", "*", "*", "/"])} {right}";

        // Without parentheses it may read as another tree than was drawn, which is as good a rule.
        return random.Next(3) == 0 ? text : $"({text})";
    }

    /// <summary>Math.Sign throws for a NaN, so it mostly stands where none comes; the kernel computes both sides.</summary>
    private string Sign(NameScope scope, int depth)
    {
        string of = Pick(scope.Numbers), sign = Function("Sign", of);
        string factor = random.Next(4) == 0 ? sign : $"({IsOrdinary(of)} ? {sign} : 1)";
        return $"({Atom(Number(scope, depth - 1))} * {factor})";
    }

    /// <summary>The number, or 1 for a NaN, whose sign is the processor's choice.</summary>
    private string OrOne(string number) => $"({IsOrdinary(number)} ? {number} : 1)";

    private string IsOrdinary(string number) => $"{Function("Abs", number)} <= {(isDouble ? "1e300" : "1e30f")}";

    private string Clamp(NameScope scope, int depth)
    {
        string bound = random.Next(3) == 0 ? Function("Abs", Number(scope, depth - 2)) : Decimal();
        return $"Math.Clamp({Number(scope, depth - 1)}, -{bound}, {bound})";
    }

    private string RuleMath(NameScope scope, int depth)
    {
        callsOfRuleMath--;
        string of = Number(scope, depth - 1);
        return random.Next(5) switch
        {
            0 => $"RuleMath.Exp({of})",
            1 => $"RuleMath.Log({of})",
            2 => $"RuleMath.Pow({of}, {Operand(scope, 0)})",
            // By the argument and not by a draw, so that the rules drawn before there were Sin and Cos differ in the name alone.
            3 => $"RuleMath.{(of.Sum(letter => letter) % 3) switch { 0 => "Tanh", 1 => "Sin", _ => "Cos" }}({of})",
            _ => $"RuleMath.Cbrt({of})",
        };
    }

    private string Call(NameScope scope, int depth, bool truth)
    {
        StaticMethod[] callable = [.. Methods.Where(method => method.IsTruth == truth)];
        StaticMethod called = callable[random.Next(callable.Length)];
        return $"{called.Name}({string.Join(", ", Enumerable.Range(0, called.ParameterCount).Select(_ => Number(scope, depth - 2)))})";
    }

    /// <summary>The function of one of the classes that have it.</summary>
    private string Function(string name, params string[] arguments)
    {
        string type = random.Next(3) switch
        {
            0 => Keyword,
            1 when name is "Abs" or "Min" or "Max" or "Sign" => "Math",
            _ => isDouble ? "Math" : "MathF",
        };
        return $"{type}.{name}({string.Join(", ", arguments)})";
    }

    private static string Atom(string text) => text.All(char.IsLetterOrDigit) || text.StartsWith('(') && IsOneParenthesis(text) ? text : $"({text})";

    private static bool IsOneParenthesis(string text)
    {
        int open = 0;
        for (int i = 0; i < text.Length; i++)
        {
            open += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (open == 0)
            {
                return i == text.Length - 1;
            }
        }

        return false;
    }
}

/// <summary>A static method of the rule's class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ParameterCount">The number of its parameters, all of them numbers.</param>
/// <param name="IsTruth">Whether it returns a truth value.</param>
internal sealed record StaticMethod(string Name, int ParameterCount, bool IsTruth);

/// <summary>The names that can be read at a place, and those that can be assigned to.</summary>
internal sealed class NameScope
{
    public List<string> Numbers { get; init; } = [];

    public List<string> AssignableNumbers { get; init; } = [];

    public List<string> Truths { get; init; } = [];

    public List<string> AssignableTruths { get; init; } = [];

    /// <summary>The scope of a block, whose own names end with it.</summary>
    public NameScope Inner() => new()
    {
        Numbers = [.. Numbers], AssignableNumbers = [.. AssignableNumbers], Truths = [.. Truths], AssignableTruths = [.. AssignableTruths],
    };
}
