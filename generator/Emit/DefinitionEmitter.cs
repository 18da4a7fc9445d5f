using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>Prints what a generated optimizer says of itself.</summary>
internal static class DefinitionEmitter
{
    public static void Write(SourceWriter writer, OptimizerSpec spec, StepProgram program)
    {
        RuleSpec rule = spec.Rule;
        writer.Write("public static readonly OptimizerDefinition Definition = new(");
        writer.Write($"    {Text.Quote(spec.Type.Name.TrimStart('@'))},");
        WriteList(writer, rule.Equations.Select(Text.Quote), ",");
        WriteList(writer, rule.Hyperparameters.Select(Define), ",");
        WriteList(writer, rule.States.Select(Define), ")");
        using (writer.Block("{", "};"))
        {
            writer.Write($"Fingerprint = \"{RuleFingerprint.Of(program)}\",");
            foreach ((string name, string[]? items) in Properties(rule))
            {
                WriteProperty(writer, name, items);
            }
        }

        writer.Blank();
    }

    /// <summary>The properties that are not as they are by default; those without items are true.</summary>
    private static IEnumerable<(string Name, string[]? Items)> Properties(RuleSpec rule)
    {
        if (rule.IsMethod)
        {
            yield return ("IsMethod", null);
        }

        if (rule.Contract)
        {
            yield return ("Contract", null);
        }

        if (rule.ScalarStates.Count > 0)
        {
            yield return ("ScalarStates", rule.ScalarStates.Select(Define).ToArray());
        }

        if (rule.Reductions.Count > 0)
        {
            yield return ("Reductions", rule.Reductions.Select(Define).ToArray());
        }

        if (rule.ScalarMethods.Any(method => method.PerTensor) || rule.Reductions.Any(reduction => !reduction.Global))
        {
            yield return ("PerTensor", null);
        }
    }

    private static void WriteProperty(SourceWriter writer, string name, string[]? items)
    {
        if (items is null)
        {
            writer.Write($"{name} = true,");
            return;
        }

        writer.Write($"{name} =");
        using (writer.Block("[", "],"))
        {
            foreach (string item in items)
            {
                writer.Write(item + ",");
            }
        }
    }

    private static void WriteList(SourceWriter writer, IEnumerable<string> items, string end)
    {
        string[] all = items.ToArray();
        if (all.Length == 0)
        {
            writer.Write($"    []{end}");
            return;
        }

        writer.Write("    [");
        foreach (string item in all)
        {
            writer.Write($"        {item},");
        }

        writer.Write("    ]" + end);
    }

    private static string Define(HyperparameterSpec hyperparameter)
    {
        NumberRange range = hyperparameter.Range;
        string text = $"new({Text.Quote(hyperparameter.Name)}, {Text.Constant(hyperparameter.Default)}";
        text += double.IsInfinity(range.Minimum) ? "" : $", Minimum: {Text.Constant(range.Minimum)}";
        text += double.IsInfinity(range.Maximum) ? "" : $", Maximum: {Text.Constant(range.Maximum)}";
        text += range.MinimumIsExclusive ? ", MinimumIsExclusive: true" : "";
        text += range.MaximumIsExclusive ? ", MaximumIsExclusive: true" : "";
        return text + ")";
    }

    private static string Define(StateSpec state)
    {
        string text = $"new({Text.Quote(state.Name)}";
        text += BitConverter.DoubleToInt64Bits(state.InitialValue) == 0 ? "" : $", InitialValue: {Text.Constant(state.InitialValue)}";
        text += state.CopiesParameter ? ", CopiesParameter: true" : "";
        string[] properties = Properties(state).ToArray();
        return text + ")" + (properties.Length == 0 ? "" : $" {{ {string.Join(", ", properties)} }}");
    }

    private static IEnumerable<string> Properties(StateSpec state)
    {
        if (state.Storage is { Format: not StorageFormat.Native } storage)
        {
            yield return $"Storage = global::OptimGen.Storage.{storage.Format}";
        }

        if (state.Storage is { Rounding: not StorageRounding.Stochastic } rounded)
        {
            yield return $"Rounding = global::OptimGen.StorageRounding.{rounded.Rounding}";
        }

        if (state.IsNonNegative)
        {
            yield return "IsNonNegative = true";
        }

        if (state.PerRow)
        {
            yield return "Granularity = global::OptimGen.StateGranularity.Row";
        }
    }

    private static string Define(ScalarStateSpec state) =>
        $"new({Text.Quote(state.Name)}, {Text.Constant(state.InitialValue)}, global::OptimGen.StateScope.{(state.PerTensor ? "Tensor" : "Group")})";

    private static string Define(ReductionSpec reduction) =>
        $"new({Text.Quote(reduction.Name)}, global::OptimGen.Reduction.{reduction.Kind}, global::OptimGen.ReductionScope.{(reduction.Global ? "Global" : "Tensor")})";
}
