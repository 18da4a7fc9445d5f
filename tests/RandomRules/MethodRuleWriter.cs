using System.Globalization;
using System.Text;

namespace OptimGen.RandomRules;

/// <summary>Writes a rule that is a method, with all that can stand around one.</summary>
internal sealed class MethodRuleWriter
{
    private static readonly (string Name, string Value)[] HyperparameterChoices = [("LearningRate", "0.1"), ("Beta", "0.9"), ("Rho", "0.75"), ("Offset", "1e-6")];

    private readonly Random random;
    private readonly ExpressionWriter expressions;
    private readonly string keyword;
    private readonly StringBuilder members = new();

    /// <summary>The parameters of the update, which are bound by their names: their order means nothing.</summary>
    private readonly List<string> parameters = [];
    private readonly NameScope scope = new();
    private readonly List<string> states = [];

    /// <summary>The scalars that are known before the reductions.</summary>
    private readonly List<string> early = [];

    public MethodRuleWriter(Random random, bool isDouble)
    {
        this.random = random;
        expressions = new ExpressionWriter(random, isDouble);
        keyword = expressions.Keyword;
    }

    public string Write(string name)
    {
        parameters.Add($"{keyword} parameter");
        parameters.Add($"{(Chance(8) ? "[ClipByValue(1.5)] " : "")}{keyword} gradient");
        scope.Numbers.AddRange(["parameter", "gradient"]);
        scope.AssignableNumbers.AddRange(["parameter", "gradient"]);
        WriteHyperparameters();
        AddStates();
        if (Chance(8))
        {
            parameters.Add($"{StageStackWriter.OnParameter(random)} {keyword} direction");
            scope.Numbers.Add("direction");
        }

        WriteConstants();
        WritePerStep();
        WriteReductions();
        WriteStaticMethods();
        string body = WriteUpdate();
        string[] ordered = [.. parameters];
        random.Shuffle(ordered);
        string contract = Chance(4) ? "(Contract = true)" : "";
        return $$"""
            [Optimizer{{contract}}]
            public sealed partial class {{name}}
            {
            {{members}}    [UpdateRule]
                private static {{keyword}} Update({{string.Join(", ", ordered)}})
                {
            {{body}}    }
            }

            """;
    }

    private void WriteHyperparameters()
    {
        foreach ((string name, string value) in HyperparameterChoices)
        {
            if (name == "LearningRate" || Chance(2))
            {
                string scalar = char.ToLowerInvariant(name[0]) + name[1..];
                Member($"[Hyperparameter] public {keyword} {name} {{ get; set; }} = {value}{(keyword == "float" ? "f" : "")};");
                parameters.Add($"{keyword} {scalar}");
                scope.Numbers.Add(scalar);
                early.Add(scalar);
                if (Chance(6))
                {
                    scope.AssignableNumbers.Add(scalar);
                }
            }
        }
    }

    private void AddStates()
    {
        int count = random.Next(4);
        for (int i = 0; i < count; i++)
        {
            string state = $"state{i}";
            string argument = random.Next(5) switch
            {
                0 => "(InitialValue = 0.25)",
                1 => "(CopyOfParameter = true)",
                _ => "",
            };
            states.Add(state);
            parameters.Add($"[State{argument}] ref {keyword} {state}");
            scope.Numbers.Add(state);
            scope.AssignableNumbers.Add(state);
            if (Chance(4))
            {
                parameters.Add($"[Previous(\"{state}\")] {keyword} before{i}");
                scope.Numbers.Add($"before{i}");
            }
        }
    }

    private void WriteConstants()
    {
        if (Chance(4))
        {
            Member($"private static readonly {keyword} Scale = {expressions.Decimal()};");
            scope.Numbers.Add("Scale");
        }
    }

    private void WritePerStep()
    {
        if (!Chance(4))
        {
            return;
        }

        bool keepsState = Chance(2), handsOutFlag = Chance(2);
        string momentum = keepsState ? "[State(InitialValue = 1)] ref double momentum, " : "";
        string update = keepsState ? "momentum = 0.5 * momentum + 1; " : "";
        Member($$"""
            [PerStep]
                private static void Prepare(long step, double learningRate, {{momentum}}out double rate{{(handsOutFlag ? ", out bool isLate" : "")}})
                {
                    {{update}}rate = learningRate * {{(keepsState ? "momentum" : "0.75")}} / Math.Sqrt(step);
                    {{(handsOutFlag ? "isLate = step > 2;" : "")}}
                }
            """);
        parameters.Add($"{keyword} rate");
        scope.Numbers.Add("rate");
        early.Add("rate");
        if (handsOutFlag)
        {
            parameters.Add("bool isLate");
            scope.Truths.Add("isLate");
        }
    }

    private void WriteReductions()
    {
        if (!Chance(5))
        {
            return;
        }

        List<string> readable = ["parameter", "gradient", .. states, .. early];
        var reduced = new NameScope { Numbers = readable };
        string kind = expressions.Pick(["Sum", "SumOfSquares", "Norm", "MaxAbs"]);
        bool isGlobal = Chance(3);
        string signature = string.Join(", ", readable.Select(name => $"{keyword} {name}"));

        // A result that is not finite in the element type refuses the step.
        string limit = $"1000{(keyword == "float" ? "f" : "")}";
        Member($$"""
            [Reduce(Reduction.{{kind}}{{(isGlobal ? ", ReductionScope.Global" : "")}})]
                private static {{keyword}} Size({{signature}})
                {
                    {{keyword}} size = {{expressions.Number(reduced, 3)}};
                    return Math.Abs(size) < {{limit}} ? size : {{limit}};
                }
            """);
        if (Chance(2))
        {
            parameters.Add($"{keyword} size");
            scope.Numbers.Add("size");
        }
        else
        {
            Member($"[{(isGlobal ? "PerStep" : "PerTensor")}]\n"
                + "    private static void Trust(double size, double learningRate, out double trust) => trust = learningRate / (1 + Math.Abs(size));");
            parameters.Add($"{keyword} trust");
            scope.Numbers.Add("trust");
        }
    }

    private void WriteStaticMethods()
    {
        int count = Chance(3) ? random.Next(1, 3) : 0;
        for (int i = 0; i < count; i++)
        {
            bool isTruth = Chance(3);
            string name = isTruth ? $"Is{i}" : $"Of{i}";
            string[] arguments = [.. Enumerable.Range(0, random.Next(1, 4)).Select(argument => $"x{argument}")];
            var inner = new NameScope { Numbers = [.. arguments], AssignableNumbers = [.. arguments] };
            string signature = $"private static {(isTruth ? "bool" : keyword)} {name}({string.Join(", ", arguments.Select(argument => $"{keyword} {argument}"))})";
            Member(isTruth || Chance(2)
                ? $"{signature} => {(isTruth ? expressions.Truth(inner, 2) : expressions.Number(inner, 2))};"
                : $"{signature}\n    {{\n{new StatementWriter(random, expressions).Write(inner, random.Next(1, 3), at => expressions.Number(at, 2))}    }}");
            expressions.Methods.Add(new StaticMethod(name, arguments.Length, isTruth));
        }
    }

    /// <summary>Mostly a step from the parameter, so that values stay of a size at which bits matter; states mostly averages, for the same reason.</summary>
    private string WriteUpdate()
    {
        var body = new StringBuilder();
        foreach (string state in states.Where(_ => !Chance(4)))
        {
            body.AppendLine(CultureInfo.InvariantCulture, $"        {state} = 0.9{(keyword == "float" ? "f" : "")} * {state} + {expressions.Number(scope, 2)};");
        }

        string rate = parameters.Contains($"{keyword} rate") ? "rate" : "learningRate";
        return body.Append(new StatementWriter(random, expressions).Write(
            scope, random.Next(1, 7), at => Chance(5) ? expressions.Number(at, 3) : $"parameter - {rate} * {expressions.Number(at, 3)}")).ToString();
    }

    private void Member(string text) => members.Append("    ").Append(text).Append("\n\n");

    /// <summary>Whether one in so many comes up.</summary>
    private bool Chance(int of) => random.Next(of) == 0;
}
