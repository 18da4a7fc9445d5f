using System.Globalization;
using System.Text;

namespace OptimGen.RandomRules;

/// <summary>Writes a rule that is a method, with all that can stand around one.</summary>
internal sealed class MethodRuleWriter
{
    private static readonly (string Name, string Value, string Bounds)[] HyperparameterChoices =
    [
        ("LearningRate", "0.1", "(Min = 0)"), ("Beta", "0.9", "(Min = 0, Max = 1, MaxIsExclusive = true)"), ("Rho", "0.75", ""), ("Offset", "1e-6", ""),
        ("Value", "0.3", "(Min = -2)"), ("value", "0.6", ""),
    ];

    private readonly Random random;
    private readonly ExpressionWriter expressions;
    private readonly string keyword;
    private readonly StringBuilder members = new();

    /// <summary>The parameters of the update, which are bound by their names: their order means nothing.</summary>
    private readonly List<string> parameters = [];
    private readonly NameScope scope = new();
    private readonly List<string> states = [];

    /// <summary>What stages on parameters of the update compute.</summary>
    private readonly List<string> staged = [];

    /// <summary>The hyperparameters, which the methods that compute scalars take in double.</summary>
    private readonly List<string> settings = [];

    /// <summary>The scalars that are known before the reductions.</summary>
    private readonly List<string> early = ["step"];

    /// <summary>What the methods that compute scalars can take: at any time, after the reductions, and for a tensor.</summary>
    private readonly List<string> handedOut = [];
    private readonly List<string> globalResults = [];
    private readonly List<string> tensorResults = [];
    private bool hasTakenScalar;
    private int flagCount;

    private readonly bool hasStorageKernels;
    private readonly bool hasRowKernels;

    public MethodRuleWriter(Random random, bool isDouble, bool hasStorageKernels, bool hasRowKernels)
    {
        (this.random, this.hasStorageKernels, this.hasRowKernels) = (random, hasStorageKernels, hasRowKernels);
        expressions = new ExpressionWriter(random, isDouble);
        keyword = expressions.Keyword;
    }

    public string Write(string name)
    {
        parameters.Add($"{keyword} parameter");
        parameters.Add($"{expressions.Pick(["", "", "", "[ClipByValue(1.5)] ", "[WeightDecay(0.01)] ", "[ClipByValue(0.5), WeightDecay(0.1)] "])}{keyword} gradient");
        scope.Numbers.AddRange(["parameter", "gradient"]);
        scope.AssignableNumbers.AddRange(["parameter", "gradient"]);
        WriteHyperparameters();
        AddStates();
        AddStageValues();
        WriteConstants();
        WritePerStep();
        WriteReductions();
        WriteScalarsOfReductions();
        WriteStaticMethods();
        if (Chance(3))
        {
            TakeScalar("step");
        }

        string body = WriteUpdate();
        string[] ordered = [.. parameters];
        random.Shuffle(ordered);
        string[] options = [
            .. hasStorageKernels ? ["StorageKernels = true"] : Array.Empty<string>(), .. hasRowKernels ? ["RowKernels = true"] : Array.Empty<string>(),
            .. Chance(5) ? ["Contract = true"] : Array.Empty<string>(), .. Chance(2) ? [$"Unroll = {random.Next(5)}"] : Array.Empty<string>(),
        ];
        return $$"""
            [Optimizer({{string.Join(", ", options)}})]
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
        foreach ((string name, string value, string bounds) in HyperparameterChoices)
        {
            string scalar = char.ToLowerInvariant(name[0]) + name[1..];
            if (settings.Contains(scalar) || (name != "LearningRate" && !Chance(scalar == "value" ? 6 : 2)))
            {
                continue;
            }

            Member($"[Hyperparameter{(Chance(2) ? bounds : "")}] public {keyword} {name} {{ get; set; }} = {value}{(keyword == "float" ? "f" : "")};");
            TakeScalar(scalar);
            settings.Add(scalar);
            early.Add(scalar);
            if (Chance(6))
            {
                scope.AssignableNumbers.Add(scalar);
            }
        }
    }

    private void AddStates()
    {
        int count = random.Next(4);
        for (int i = 0; i < count; i++)
        {
            string state = $"state{i}";
            string argument = random.Next(7) switch
            {
                0 => "(InitialValue = 0.25)",
                1 => $"(InitialValue = {expressions.Pick(["double.PositiveInfinity", "double.NegativeInfinity", "-0.0", "1e-40", "0.1"])})",
                2 => "(CopyOfParameter = true)",
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

    private void AddStageValues()
    {
        int count = Chance(4) ? random.Next(1, 3) : 0;
        foreach (string name in (string[])[.. new[] { "direction", "speed" }.Take(count)])
        {
            parameters.Add($"{StageStackWriter.OnParameter(random)} {keyword} {name}");
            scope.Numbers.Add(name);
            staged.Add(name);
        }
    }

    private void WriteConstants()
    {
        if (Chance(3))
        {
            Member($"private static readonly {keyword} Scale = {expressions.Decimal()};");
            scope.Numbers.Add("Scale");
        }

        if (Chance(6))
        {
            Member($"private const {keyword} Half = {expressions.Decimal()};");
            scope.Numbers.Add("Half");
        }
    }

    /// <summary>Methods that compute scalars before the reductions; the second may take what the first hands out, and keep the same state.</summary>
    private void WritePerStep()
    {
        int count = Chance(3) ? random.Next(1, 3) : 0;
        for (int i = 0; i < count; i++)
        {
            WriteScalarMethod("PerStep", $"Prepare{i}", [.. settings, .. handedOut], handedOut, "momentum");
        }

        early.AddRange(handedOut);
    }

    private void WriteReductions()
    {
        int count = Chance(3) ? random.Next(1, 3) : 0;
        for (int i = 0; i < count; i++)
        {
            List<string> readable = ["parameter", "gradient", .. states, .. staged, .. early];
            readable.RemoveAll(name => name != "gradient" && Chance(3));
            var reduced = new NameScope { Numbers = [.. readable, .. scope.Numbers.Where(name => name is "Scale" or "Half")] };
            string kind = expressions.Pick(["Sum", "SumOfSquares", "Norm", "MaxAbs"]);
            bool isGlobal = Chance(3);
            string signature = string.Join(", ", readable.Select(name => $"{keyword} {name}"));

            // A result that is not finite in the element type refuses the step.
            string limit = $"1000{(keyword == "float" ? "f" : "")}", value = Chance(4) ? expressions.Pick(readable) : expressions.Number(reduced, 3);
            Member($$"""
                [Reduce(Reduction.{{kind}}{{(isGlobal ? ", ReductionScope.Global" : "")}})]
                    private static {{keyword}} Size{{i}}({{signature}})
                    {
                        {{keyword}} size = {{value}};
                        return Math.Abs(size) < {{limit}} ? size : {{limit}};
                    }
                """);
            (isGlobal ? globalResults : tensorResults).Add($"size{i}");
        }
    }

    private void WriteScalarsOfReductions()
    {
        string[] sizes = [.. globalResults, .. tensorResults];
        if (globalResults.Count > 0 && Chance(2))
        {
            WriteScalarMethod("PerStep", "AfterReductions", [.. globalResults, .. settings, .. handedOut], globalResults, "momentum");
        }

        int count = Chance(sizes.Length > 0 ? 2 : 6) ? random.Next(1, 3) : 0;
        for (int i = 0; i < count; i++)
        {
            WriteScalarMethod(
                "PerTensor", $"OfTensor{i}", [.. tensorResults, .. globalResults, "elementCount", .. settings, .. handedOut], tensorResults,
                Chance(2) ? "momentum" : "ofTensor");
        }

        foreach (string size in sizes.Where(_ => Chance(2)))
        {
            TakeScalar(size);
        }
    }

    /// <summary>A method that computes scalars, in plain C#; what it hands out stays of a size at which bits matter.</summary>
    private void WriteScalarMethod(string attribute, string name, List<string> takes, List<string> results, string state)
    {
        string result = $"rate{name}", step = Chance(4) ? "double step" : "long step";
        bool keepsState = Chance(2), handsOutFlag = flagCount < 2 && Chance(3), handsOutSingle = Chance(5), hasSecond = Chance(3);
        string[] taken = [.. takes.Where(one => one == "learningRate" || !Chance(3)).Distinct()];
        List<string> signature = [step, .. taken.Select(one => $"{(one == "elementCount" && !Chance(3) ? "long" : "double")} {one}")];
        if (keepsState)
        {
            signature.Add($"[State(InitialValue = {(state == "momentum" ? "1" : "0.5")})] ref double {state}");
        }

        string terms = string.Join(" + ", taken.Select(one => $"{one} * {random.Next(1, 8)}").Append(keepsState ? $"{state} * 0.25" : "1.5"));
        var body = new StringBuilder();
        body.Append(keepsState ? $"{state} = 0.5 * {state} + 1.0 / step + Math.Min(Math.Abs({expressions.Pick(taken)}), 3); " : "");
        body.Append(CultureInfo.InvariantCulture, $"double size = Math.Abs({terms}); ");
        body.Append(CultureInfo.InvariantCulture, $"{result} = {(handsOutSingle ? "(float)" : "")}(size / (1 + size) {expressions.Pick(["/ Math.Sqrt(step)", "* step / (step + 1.0)", "+ 0.0"])});");
        signature.Add($"out {(handsOutSingle ? "float" : "double")} {result}");
        if (hasSecond)
        {
            signature.Add($"out double second{name}");
            body.Append(CultureInfo.InvariantCulture, $" second{name} = 1 / (3.0 + step);");
        }

        if (handsOutFlag)
        {
            flagCount++;
            signature.Add($"out bool is{name}");
            body.Append(CultureInfo.InvariantCulture, $" is{name} = {expressions.Pick(["step > 2", "step % 2 == 0", "size > 1"])};");
            parameters.Add($"bool is{name}");
            scope.Truths.Add($"is{name}");
        }

        string[] shuffled = [.. signature];
        random.Shuffle(shuffled);
        Member($"[{attribute}]\n    private static void {name}({string.Join(", ", shuffled)})\n    {{\n        {body}\n    }}");
        foreach (string handed in (string[])[result, .. hasSecond ? [$"second{name}"] : Array.Empty<string>()])
        {
            results.Add(handed);
            if (!Chance(4))
            {
                TakeScalar(handed);
                hasTakenScalar = true;
            }
        }
    }

    /// <summary>Has the update take a scalar.</summary>
    private void TakeScalar(string name)
    {
        parameters.Add($"{keyword} {name}");
        scope.Numbers.Add(name);
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

        string[] rates = [.. parameters.Where(one => one.StartsWith($"{keyword} rate", StringComparison.Ordinal)).Select(one => one[(keyword.Length + 1)..])];
        string rate = hasTakenScalar && rates.Length > 0 ? expressions.Pick(rates) : "learningRate";
        rate += parameters.Contains($"{keyword} step") ? expressions.Pick([" / step", " / (step + 1)", ""]) : "";
        return body.Append(new StatementWriter(random, expressions).Write(
            scope, random.Next(1, 7), at => Chance(5) ? expressions.Number(at, 3) : $"parameter - {rate} * {expressions.Number(at, 3)}")).ToString();
    }

    private void Member(string text) => members.Append("    ").Append(text).Append("\n\n");

    /// <summary>Whether one in so many comes up.</summary>
    private bool Chance(int of) => random.Next(of) == 0;
}
