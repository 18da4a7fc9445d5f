using OptimGen.Generator.Lowering;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>Prints what the user of an optimizer sees: constructor, hyperparameters, groups; and what a step does before its kernel.</summary>
internal sealed class SurfaceEmitter(OptimizerSpec spec, LoweredRule lowered)
{
    private const string ElementType = "float";

    private readonly RuleSpec rule = spec.Rule;

    public static string Emit(OptimizerSpec spec, LoweredRule lowered) => new SurfaceEmitter(spec, lowered).Emit();

    private bool HasLearningRate => rule.Hyperparameters.Any(one => one.ScalarName == Names.LearningRate);

    private string Emit() => GeneratedFile.Write(spec.Type, [], writer =>
    {
        WriteRemarks(writer);
        writer.Write(GeneratedFile.Attribute);
        using (writer.Block($"partial class {spec.Type.Name} : global::OptimGen.Optimizer<{ElementType}>"))
        {
            WriteDefinition(writer);
            WriteFields(writer);
            WriteConstructor(writer);
            foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
            {
                WriteProperty(writer, hyperparameter);
            }

            WriteFor(writer);
            WriteGroupType(writer);
            WriteByIndex(writer);
            WritePrepareStep(writer);
            WriteUpdateElements(writer);
            WriteScalars(writer);
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
            writer.Write("/// " + Text.Xml(equation));
        }

        string state = rule.States.Count == 0
            ? "no state"
            : $"the state {string.Join(", ", rule.States.Select(one => one.Name))}: {rule.States.Count * sizeof(float)} bytes for each element";
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
        WriteList(writer, rule.States.Select(Define), ");");
        writer.Blank();
    }

    private static void WriteList(SourceWriter writer, IEnumerable<string> items, string end)
    {
        writer.Write("    [");
        foreach (string item in items)
        {
            writer.Write($"        {item},");
        }

        writer.Write("    ]" + end);
    }

    private static string Define(HyperparameterSpec hyperparameter)
    {
        string text = $"new({Text.Quote(hyperparameter.Name)}, {Text.Of(hyperparameter.Default)}";
        text += double.IsInfinity(hyperparameter.Minimum) ? "" : $", Minimum: {Text.Of(hyperparameter.Minimum)}";
        text += double.IsInfinity(hyperparameter.Maximum) ? "" : $", Maximum: {Text.Of(hyperparameter.Maximum)}";
        text += hyperparameter.BelowMaximum ? ", BelowMaximum: true" : "";
        text += hyperparameter.AboveMinimum ? ", AboveMinimum: true" : "";
        return text + ")";
    }

    private static string Define(StateSpec state)
    {
        string text = $"new({Text.Quote(state.Name)}";
        text += state.InitialValue == 0 ? "" : $", InitialValue: {Text.Of(state.InitialValue)}";
        text += state.CopiesParameter ? ", CopiesParameter: true" : "";
        return text + ")";
    }

    private void WriteFields(SourceWriter writer)
    {
        writer.Write($"""
            private readonly {GeneratedMembers.GroupType}[] {GeneratedMembers.Groups};
            private readonly {GeneratedMembers.ScalarsType}[] {GeneratedMembers.Scalars};
            """);
        foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
        {
            writer.Write($"private {ElementType} {hyperparameter.ScalarName} = {ScalarDialect.LiteralOf(ElementType, hyperparameter.Default)};");
        }

        writer.Blank();
    }

    private void WriteConstructor(SourceWriter writer)
    {
        writer.Write($$"""
            /// <summary>Makes the optimizer for the parameters of a set, whose layout is final from here on. The state starts at step 0.</summary>
            /// <param name="parameters">The parameters to update, at least one.</param>
            public {{spec.Type.Name}}(global::OptimGen.ParameterSet<{{ElementType}}> parameters)
                : base(parameters, {{GeneratedMembers.Definition}})
            {
                {{GeneratedMembers.Scalars}} = new {{GeneratedMembers.ScalarsType}}[parameters.Groups.Count];
                {{GeneratedMembers.Groups}} = new {{GeneratedMembers.GroupType}}[parameters.Groups.Count];
                for (int group = 0; group < {{GeneratedMembers.Groups}}.Length; group++)
                {
                    {{GeneratedMembers.Groups}}[group] = new {{GeneratedMembers.GroupType}}(parameters.Groups[group].Name);
                }
            }
            """);
        writer.Blank();
    }

    private void WriteProperty(SourceWriter writer, HyperparameterSpec hyperparameter)
    {
        int index = IndexOf(hyperparameter);
        writer.Write($$"""
            /// <summary>{{Text.Xml(hyperparameter.Summary)}}. Initially {{Text.Of(hyperparameter.Default)}}.</summary>
            /// <exception cref="global::System.ArgumentOutOfRangeException">The value is outside of its bounds.</exception>
            public {{ElementType}} {{hyperparameter.Name}}
            {
                get => {{hyperparameter.ScalarName}};
                set
                {
                    {{GeneratedMembers.Definition}}.Hyperparameters[{{index}}].Require(value);
                    {{hyperparameter.ScalarName}} = value;
                }
            }
            """);
        writer.Blank();
    }

    private static void WriteFor(SourceWriter writer)
    {
        writer.Write($"""
            /// <summary>The hyperparameters that hold for one group of the parameters, in place of the optimizer's.</summary>
            /// <param name="group">A group of the optimizer's parameter set.</param>
            /// <exception cref="global::System.ArgumentException">The group belongs to another set.</exception>
            public {GeneratedMembers.GroupType} {GeneratedMembers.For}(global::OptimGen.ParameterGroup<{ElementType}> group) => {GeneratedMembers.Groups}[base.IndexOf(group)];
            """);
        writer.Blank();
    }

    private void WriteGroupType(SourceWriter writer)
    {
        writer.Write("/// <summary>The hyperparameters of one group. What is not set here is the optimizer's.</summary>");
        using (writer.Block($"public sealed class {GeneratedMembers.GroupType}"))
        {
            writer.Write("private readonly string group;");
            foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
            {
                writer.Write($"private {ElementType}? {hyperparameter.ScalarName};");
            }

            writer.Blank();
            writer.Write($"internal {GeneratedMembers.GroupType}(string group) => this.group = group;");
            if (HasLearningRate)
            {
                writer.Blank();
                writer.Write($$"""
                    /// <summary>A factor of the learning rate, so that the group follows the optimizer's schedule at a rate of its own. Initially 1.</summary>
                    public {{ElementType}} LearningRateScale { get; set; } = 1;
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
        public {{ElementType}}? {{hyperparameter.Name}}
        {
            get => {{hyperparameter.ScalarName}};
            set
            {
                if (value is { } given)
                {
                    {{GeneratedMembers.Definition}}.Hyperparameters[{{IndexOf(hyperparameter)}}].Require(given, group);
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
                writer.Write($"{IndexOf(hyperparameter)} => global::OptimGen.StepMath.Widen({hyperparameter.Name}),");
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
                writer.Write($"case {IndexOf(hyperparameter)}: {hyperparameter.Name} = ({ElementType})value; break;");
            }

            writer.Write("default: throw new global::System.ArgumentOutOfRangeException(nameof(index));");
        }

        writer.Blank();
    }

    private void WritePrepareStep(SourceWriter writer)
    {
        HashSet<string> inDouble = [.. lowered.StepScalars.SelectMany(scalar => scalar.Value.Nodes).OfType<Scalar>().Select(scalar => scalar.Name)];
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("protected override void PrepareStep(long step, int group)"))
        {
            if (rule.Hyperparameters.Count > 0)
            {
                writer.Write($"{GeneratedMembers.GroupType} own = {GeneratedMembers.Groups}[group];");
                writer.Write("string groupName = base.Parameters.Groups[group].Name;");
            }

            foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
            {
                string value = $"own.{hyperparameter.Name} ?? {hyperparameter.Name}";
                string scaled = hyperparameter.ScalarName == Names.LearningRate ? $"({value}) * own.LearningRateScale" : value;
                writer.Write($"""
                    {ElementType} {hyperparameter.ScalarName} = {scaled};
                    {GeneratedMembers.Definition}.Hyperparameters[{IndexOf(hyperparameter)}].Require({hyperparameter.ScalarName}, groupName);
                    """);
            }

            if (lowered.StepScalars.Count > 0)
            {
                writer.Blank();
                writer.Write("// Once a step, in double.");
                foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters.Where(one => inDouble.Contains(one.ScalarName)))
                {
                    writer.Write($"double {Exact(hyperparameter.ScalarName)} = global::OptimGen.StepMath.Widen({hyperparameter.ScalarName});");
                }

                var dialect = new ScalarDialect("double", NameInDouble);
                foreach (StepScalarSpec scalar in lowered.StepScalars)
                {
                    writer.WriteCommented($"double {scalar.Name} = {dialect.Print(scalar.Value)};", scalar.Comment);
                }
            }

            writer.Blank();
            WriteNarrowing(writer);
        }

        writer.Blank();
    }

    private void WriteNarrowing(SourceWriter writer)
    {
        if (lowered.KernelScalars.Count == 0)
        {
            writer.Write($"{GeneratedMembers.Scalars}[group] = default;");
            return;
        }

        var dialect = new ScalarDialect(ElementType, NameNarrowed);
        writer.Write($"{GeneratedMembers.Scalars}[group] = new {GeneratedMembers.ScalarsType}");
        using (writer.Block("{", "};"))
        {
            foreach (KernelScalar scalar in lowered.KernelScalars)
            {
                writer.Write($"{Text.Capitalize(scalar.Name)} = {dialect.Print(scalar.Value)},");
            }
        }
    }

    private void WriteUpdateElements(SourceWriter writer)
    {
        writer.Write("/// <inheritdoc/>");
        using (writer.Block($"protected override void UpdateElements(int group, global::OptimGen.KernelStreams<{ElementType}> streams)"))
        {
            writer.Write($"""
                ref readonly {GeneratedMembers.ScalarsType} own = ref {GeneratedMembers.Scalars}[group];
                ref {ElementType} parameterStream = ref streams.Parameter;
                ref {ElementType} gradientStream = ref streams.Gradient;
                """);
            for (int i = 0; i < rule.States.Count; i++)
            {
                writer.Write($"ref {ElementType} {rule.States[i].Name}Stream = ref streams.State({i});");
            }

            if (lowered.FadingScalars.Count == 0)
            {
                WriteDispatch(writer, lowered.Kernels[0]);
            }
            else
            {
                string faded = string.Join(" && ", lowered.FadingScalars.Select(name => $"own.{Text.Capitalize(name)} == 1"));
                using (writer.Block($"if ({faded})"))
                {
                    WriteDispatch(writer, lowered.Kernels[1]);
                }

                using (writer.Block("else"))
                {
                    WriteDispatch(writer, lowered.Kernels[0]);
                }
            }
        }

        writer.Blank();
    }

    private void WriteDispatch(SourceWriter writer, KernelBody kernel)
    {
        string[] streams = [Names.Parameter, Names.Gradient, .. rule.States.Select(state => state.Name)];
        string arguments = string.Concat(streams.Select(stream => $"ref {stream}Stream, ")) + "streams.Count, in own";
        using (writer.Block("switch (base.InstructionSet)"))
        {
            foreach (KernelTarget target in KernelTarget.All)
            {
                string label = target.VectorBits == 0 ? "default" : $"case global::OptimGen.InstructionSet.{target.Name}";
                writer.Write($"{label}:");
                writer.WriteStatement($"    {target.ClassName}.{kernel.Name}({arguments});");
                writer.Write("    break;");
            }
        }
    }

    private void WriteScalars(SourceWriter writer)
    {
        writer.Write("/// <summary>What is the same for every element of a step.</summary>");
        using (writer.Block($"private struct {GeneratedMembers.ScalarsType}"))
        {
            foreach (KernelScalar scalar in lowered.KernelScalars)
            {
                writer.Write($"public {ElementType} {Text.Capitalize(scalar.Name)};");
            }
        }
    }

    private int IndexOf(HyperparameterSpec hyperparameter)
    {
        int index = 0;
        while (rule.Hyperparameters[index].Name != hyperparameter.Name)
        {
            index++;
        }

        return index;
    }

    private bool IsHyperparameter(string scalar) => rule.Hyperparameters.Any(one => one.ScalarName == scalar);

    private string NameInDouble(string scalar) => IsHyperparameter(scalar) ? Exact(scalar) : scalar;

    private string NameNarrowed(string scalar) =>
        IsHyperparameter(scalar) ? scalar : $"global::OptimGen.StepMath.Narrow<{ElementType}>({scalar}, nameof({scalar}))";

    private static string Exact(string scalar) => "exact" + Text.Capitalize(scalar);
}
