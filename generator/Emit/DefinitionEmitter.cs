using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>Prints what a generated optimizer says of itself.</summary>
internal static class DefinitionEmitter
{
    public static void Write(SourceWriter writer, OptimizerSpec spec)
    {
        RuleSpec rule = spec.Rule;
        writer.Write("public static readonly OptimizerDefinition Definition = new(");
        writer.Write($"    {Text.Quote(spec.Type.Name.TrimStart('@'))},");
        WriteList(writer, rule.Equations.Select(Text.Quote), ",");
        WriteList(writer, rule.Hyperparameters.Select(Define), ",");
        string[] properties = Properties(rule).ToArray();
        WriteList(writer, rule.States.Select(Define), properties.Length > 0 ? ")" : ");");
        if (properties.Length > 0)
        {
            using (writer.Block("{", "};"))
            {
                foreach (string property in properties)
                {
                    writer.WriteStatement(property + ",");
                }
            }
        }

        writer.Blank();
    }

    private static IEnumerable<string> Properties(RuleSpec rule)
    {
        if (rule.IsMethod)
        {
            yield return "IsMethod = true";
        }

        if (rule.Contract)
        {
            yield return "Contract = true";
        }

        if (rule.ScalarStates.Count > 0)
        {
            yield return $"ScalarStates = [{string.Join(", ", rule.ScalarStates.Select(Define))}]";
        }

        if (rule.Reductions.Count > 0)
        {
            yield return $"Reductions = [{string.Join(", ", rule.Reductions.Select(Define))}]";
        }

        if (rule.ScalarMethods.Any(method => method.PerTensor) || rule.Reductions.Any(reduction => !reduction.Global))
        {
            yield return "PerTensor = true";
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
        return text + ")";
    }

    private static string Define(ScalarStateSpec state) =>
        $"new({Text.Quote(state.Name)}, {Text.Constant(state.InitialValue)}, global::OptimGen.StateScope.{(state.PerTensor ? "Tensor" : "Group")})";

    private static string Define(ReductionSpec reduction) =>
        $"new({Text.Quote(reduction.Name)}, global::OptimGen.Reduction.{reduction.Kind}, global::OptimGen.ReductionScope.{(reduction.Global ? "Global" : "Tensor")})";
}
