using OptimGen.Generator.Lowering;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>Prints what the user of an optimizer sees: constructor, hyperparameters, groups; and what a step does before its kernel.</summary>
internal sealed class SurfaceEmitter(OptimizerSpec spec, LoweredRule lowered)
{
    private readonly RuleSpec rule = spec.Rule;
    private readonly string element = spec.Rule.ElementType.Keyword();
    private readonly StepEmitter step = new(spec, lowered);

    public static string Emit(OptimizerSpec spec, LoweredRule lowered) => new SurfaceEmitter(spec, lowered).Emit();

    private bool HasGroupScale => rule.Hyperparameters.Any(one => one.HasGroupScale);

    private string Emit() => GeneratedFile.Write(spec.Type, [], writer =>
    {
        WriteRemarks(writer);
        writer.Write(GeneratedFile.Attribute);
        using (writer.Block($"partial class {spec.Type.Name} : global::OptimGen.Optimizer<{element}>"))
        {
            WriteDefinition(writer);
            WriteFields(writer);
            WriteConstructor(writer);
            foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters.Where(one => !one.Declared))
            {
                WriteProperty(writer, hyperparameter);
            }

            WriteFor(writer);
            WriteGroupType(writer);
            WriteByIndex(writer);
            step.Write(writer);
        }
    });

    private void WriteRemarks(SourceWriter writer)
    {
        writer.Write("""
            /// <remarks>
            /// <para>One step, for each element; θ is the parameter, g its gradient, t the number of the step, from 1:</para>
            /// <code>
            """);
        foreach (string equation in rule.Equations)
        {
            writer.Write(("/// " + Text.Xml(equation)).TrimEnd());
        }

        string state = rule.States.Count == 0
            ? "no state"
            : $"the state {string.Join(", ", rule.States.Select(one => one.Name))}: {rule.States.Count * rule.ElementType.Bits() / 8} bytes for each element";
        writer.Write($"""
            /// </code>
            /// <para>It keeps {state}.</para>
            /// </remarks>
            """);
    }

    private void WriteDefinition(SourceWriter writer)
    {
        writer.Write($"private static readonly global::OptimGen.OptimizerDefinition {GeneratedMembers.Definition} = new(");
        writer.Write($"    {Text.Quote(spec.Type.Name.TrimStart('@'))},");
        WriteList(writer, rule.Equations.Select(Text.Quote), ",");
        WriteList(writer, rule.Hyperparameters.Select(Define), ",");
        if (rule.Method is null)
        {
            WriteList(writer, rule.States.Select(Define), ");");
        }
        else
        {
            WriteList(writer, rule.States.Select(Define), ")");
            using (writer.Block("{", "};"))
            {
                writer.Write("IsMethod = true,");
                WriteProperties(writer, rule.Method);
            }
        }

        writer.Blank();
    }

    private void WriteProperties(SourceWriter writer, UpdateMethodSpec method)
    {
        if (method.Contract)
        {
            writer.Write("Contract = true,");
        }

        if (rule.Reductions.Count > 0)
        {
            writer.Write("Reductions =");
            WriteList(writer, rule.Reductions.Select(Define), ",", indent: "");
        }

        if (rule.PerTensor)
        {
            writer.Write("PerTensor = true,");
        }
    }

    private static void WriteList(SourceWriter writer, IEnumerable<string> items, string end, string indent = "    ")
    {
        writer.Write(indent + "[");
        foreach (string item in items)
        {
            writer.Write($"{indent}    {item},");
        }

        writer.Write(indent + "]" + end);
    }

    private static string Define(HyperparameterSpec hyperparameter)
    {
        string text = $"new({Text.Quote(hyperparameter.Name)}, {Text.Constant(hyperparameter.Default)}";
        text += double.IsInfinity(hyperparameter.Minimum) ? "" : $", Minimum: {Text.Constant(hyperparameter.Minimum)}";
        text += double.IsInfinity(hyperparameter.Maximum) ? "" : $", Maximum: {Text.Constant(hyperparameter.Maximum)}";
        text += hyperparameter.BelowMaximum ? ", BelowMaximum: true" : "";
        text += hyperparameter.AboveMinimum ? ", AboveMinimum: true" : "";
        return text + ")";
    }

    private static string Define(StateSpec state)
    {
        string text = $"new({Text.Quote(state.Name)}";
        text += state.InitialValue == 0 ? "" : $", InitialValue: {Text.Constant(state.InitialValue)}";
        text += state.CopiesParameter ? ", CopiesParameter: true" : "";
        return text + ")";
    }

    private static string Define(ReductionSpec reduction) =>
        $"new({Text.Quote(reduction.Name)}, global::OptimGen.Reduction.{reduction.Kind}, global::OptimGen.ReductionScope.{(reduction.Global ? "Global" : "Tensor")})";

    private void WriteFields(SourceWriter writer)
    {
        writer.Write($"""
            private readonly {GeneratedMembers.GroupType}[] {GeneratedMembers.Groups};
            private readonly {GeneratedMembers.ScalarsType}[] {GeneratedMembers.Scalars};
            """);
        step.WriteFields(writer);
        foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters.Where(one => !one.Declared))
        {
            writer.Write($"private {element} {hyperparameter.ScalarName} = {ScalarDialect.LiteralOf(element, hyperparameter.Default)};");
        }

        writer.Blank();
    }

    private void WriteConstructor(SourceWriter writer)
    {
        writer.Write($"""
            /// <summary>Makes the optimizer for the parameters of a set, whose layout is final from here on. The state starts at step 0.</summary>
            /// <param name="parameters">The parameters to update, at least one.</param>
            public {spec.Type.Name}(global::OptimGen.ParameterSet<{element}> parameters)
                : base(parameters, {GeneratedMembers.Definition})
            """);
        using (writer.Block())
        {
            string slots = rule.PerTensor ? "parameters.Count" : "parameters.Groups.Count";
            writer.Write($"{GeneratedMembers.Scalars} = new {GeneratedMembers.ScalarsType}[{slots}];");
            step.WriteInitialization(writer);
            writer.Write($$"""
                {{GeneratedMembers.Groups}} = new {{GeneratedMembers.GroupType}}[parameters.Groups.Count];
                for (int group = 0; group < {{GeneratedMembers.Groups}}.Length; group++)
                {
                    {{GeneratedMembers.Groups}}[group] = new {{GeneratedMembers.GroupType}}(parameters.Groups[group].Name);
                }
                """);
        }

        writer.Blank();
    }

    private void WriteProperty(SourceWriter writer, HyperparameterSpec hyperparameter)
    {
        int index = rule.IndexOf(hyperparameter);
        writer.Write($$"""
            /// <summary>{{Text.Xml(hyperparameter.Summary)}}. Initially {{ShortestDecimal.Of(hyperparameter.Default)}}.</summary>
            /// <exception cref="global::System.ArgumentOutOfRangeException">The value is outside of its bounds.</exception>
            public {{element}} {{hyperparameter.Name}}
            {
                get => {{hyperparameter.ScalarName}};
                set
                {
                    {{GeneratedMembers.Definition}}.Require({{index}}, value);
                    {{hyperparameter.ScalarName}} = value;
                }
            }
            """);
        writer.Blank();
    }

    private void WriteFor(SourceWriter writer)
    {
        writer.Write($"""
            /// <summary>The hyperparameters that hold for one group of the parameters, in place of the optimizer's.</summary>
            /// <param name="group">A group of the optimizer's parameter set.</param>
            /// <exception cref="global::System.ArgumentException">The group belongs to another set.</exception>
            public {GeneratedMembers.GroupType} {GeneratedMembers.For}(global::OptimGen.ParameterGroup<{element}> group) => {GeneratedMembers.Groups}[base.IndexOf(group)];
            """);
        writer.Blank();
    }

    private void WriteGroupType(SourceWriter writer)
    {
        writer.Write("/// <summary>The hyperparameters of one group. What is not set here is the optimizer's.</summary>");
        using (writer.Block($"public sealed class {GeneratedMembers.GroupType}"))
        {
            writer.Write("internal readonly string group;");
            if (HasGroupScale)
            {
                writer.Write($"private {element} learningRateScale = 1;");
            }

            foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
            {
                writer.Write($"private {element}? {hyperparameter.ScalarName};");
            }

            writer.Blank();
            writer.Write($"internal {GeneratedMembers.GroupType}(string group) => this.group = group;");
            if (HasGroupScale)
            {
                writer.Blank();
                writer.Write($$"""
                    /// <summary>A factor of the learning rate, so that the group follows the optimizer's schedule at a rate of its own. Initially 1.</summary>
                    /// <exception cref="global::System.ArgumentOutOfRangeException">The value is negative or not finite.</exception>
                    public {{element}} LearningRateScale
                    {
                        get => learningRateScale;
                        set
                        {
                            global::OptimGen.HyperparameterDefinition.LearningRateScale.Require(value, group);
                            learningRateScale = value;
                        }
                    }
                    """);
            }

            foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
            {
                writer.Blank();
                WriteGroupProperty(writer, hyperparameter);
            }
        }

        writer.Blank();
    }

    private void WriteGroupProperty(SourceWriter writer, HyperparameterSpec hyperparameter) => writer.Write($$"""
        /// <summary>{{Text.Xml(hyperparameter.Summary)}}. Unset: the optimizer's.</summary>
        /// <exception cref="global::System.ArgumentOutOfRangeException">The value is outside of its bounds.</exception>
        public {{element}}? {{hyperparameter.Name}}
        {
            get => {{hyperparameter.ScalarName}};
            set
            {
                if (value is { } given)
                {
                    {{GeneratedMembers.Definition}}.Require({{rule.IndexOf(hyperparameter)}}, given, group);
                }

                {{hyperparameter.ScalarName}} = value;
            }
        }
        """);

    private void WriteByIndex(SourceWriter writer)
    {
        writer.Write("/// <inheritdoc/>");
        writer.Write("protected override double ReadHyperparameter(int index) => index switch");
        using (writer.Block("{", "};"))
        {
            foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
            {
                writer.Write($"{rule.IndexOf(hyperparameter)} => global::OptimGen.StepMath.Widen({hyperparameter.Name}),");
            }

            writer.Write("_ => throw new global::System.ArgumentOutOfRangeException(nameof(index)),");
        }

        writer.Blank();
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("protected override void WriteHyperparameter(int index, double value)"))
        using (writer.Block("switch (index)"))
        {
            foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
            {
                writer.Write($"case {rule.IndexOf(hyperparameter)}: {hyperparameter.Name} = ({element})value; break;");
            }

            writer.Write("default: throw new global::System.ArgumentOutOfRangeException(nameof(index));");
        }

        writer.Blank();
    }
}
