using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>Prints what the user of an optimizer sees: its base class, constructor, hyperparameters, groups and states.</summary>
/// <param name="spec">The optimizer.</param>
/// <param name="creation">The expression that creates its rule.</param>
/// <param name="program">What a step does; <see langword="null"/> for a declaration with errors.</param>
internal sealed class SurfaceEmitter(OptimizerSpec spec, string creation, StepProgram? program)
{
    private readonly RuleSpec rule = spec.Rule;
    private readonly string element = spec.Rule.ElementType.Keyword();

    /// <summary>The members that are generated into the user's class, beside its hyperparameters.</summary>
    public static class Members
    {
        public const string For = "For";
        public const string GroupType = "GroupHyperparameters";
        public const string States = "States";
        public const string StatesType = "StateAccess";

        /// <summary>What the hyperparameters of a group have beside those of the rule.</summary>
        public const string LearningRateScale = "LearningRateScale";
    }

    /// <summary>The name of the constructor among <see cref="OptimizerSpec.OmittedMembers"/>.</summary>
    public const string Constructor = ".ctor";

    public void Write(SourceWriter writer)
    {
        WriteRemarks(writer);
        using (writer.Block($"partial class {spec.Type.Name} : global::OptimGen.Optimizer<{element}>"))
        {
            writer.Separate(Parts(writer));
        }
    }

    private IEnumerable<Action> Parts(SourceWriter writer)
    {
        if (Has(Constructor))
        {
            yield return () => WriteConstructor(writer);
        }

        foreach ((HyperparameterSpec hyperparameter, int index) in rule.Hyperparameters.Select((one, index) => (one, index))
            .Where(pair => !pair.one.Declared && Has(pair.one.Name)))
        {
            yield return () => WriteProperty(writer, hyperparameter, index);
        }

        if (Has(Members.For) && Has(Members.GroupType))
        {
            yield return () => WriteGroups(writer);
        }

        if (rule.States.Count + rule.ScalarStates.Count > 0 && Has(Members.States) && Has(Members.StatesType))
        {
            yield return () => WriteStates(writer);
        }
    }

    /// <summary>Whether a member is generated: every one, unless the declaration has errors.</summary>
    private bool Has(string member) => !spec.OmittedMembers.Contains(member);

    private void WriteRemarks(SourceWriter writer)
    {
        if (program is null)
        {
            writer.Write("/// <remarks>The declaration has errors, so there is no kernel. The constructor throws.</remarks>");
            return;
        }

        RemarksEmitter.Write(writer, rule, program);
    }

    private void WriteConstructor(SourceWriter writer)
    {
        writer.Write($$"""
            /// <summary>Makes the optimizer for the parameters of a set, whose layout is final from here on. The state starts at step 0.</summary>
            /// <param name="parameters">The parameters to update, at least one.</param>
            {{GeneratedFile.Attribute}}
            public {{spec.Type.Name}}(global::OptimGen.ParameterSet<{{element}}> parameters)
                : this(parameters, (global::OptimGen.OptimizerOptions?)null)
            {
            }

            /// <summary>The same, with what the optimizer keeps for good, such as the form of its states.</summary>
            /// <param name="parameters">The parameters to update, at least one.</param>
            /// <param name="options">The options; null for what the declaration says.</param>
            {{GeneratedFile.Attribute}}
            #pragma warning disable CS8618 // What the user's class declares is the user's to set.
            public {{spec.Type.Name}}(global::OptimGen.ParameterSet<{{element}}> parameters, global::OptimGen.OptimizerOptions? options)
            #pragma warning restore CS8618
            """);
        if (spec.HasErrors)
        {
            writer.WriteStatement($"    : base(parameters, {creation}, options: options)");
            using (writer.Block())
            {
            }

            return;
        }

        if (!rule.Hyperparameters.Any(one => one.Declared))
        {
            writer.WriteStatement($"    : base(parameters, {creation}, static optimizer => new {Members.GroupType}(optimizer), options: options)");
            using (writer.Block())
            {
            }

            return;
        }

        // Through lambdas of the class itself, so that a hyperparameter may be private.
        (HyperparameterSpec Hyperparameter, int Index)[] declared =
            rule.Hyperparameters.Select((one, index) => (one, index)).Where(pair => pair.one.Declared).ToArray();
        writer.Write("    : base(");
        writer.Write("        parameters,");
        writer.WriteStatement($"        {creation},");
        writer.Write($"        static optimizer => new {Members.GroupType}(optimizer),");
        writer.Write("        static (optimizer, values) =>");
        writer.Write("        {");
        writer.Write("            bool hasChanged = false;");
        foreach ((HyperparameterSpec hyperparameter, int index) in declared)
        {
            writer.Write(
                $"            hasChanged |= global::OptimGen.CompilerServices.StepMath.Update(ref values[{index}], "
                + $"(({spec.Type.FullName})optimizer).{Identifier.Escape(hyperparameter.Name)});");
        }

        writer.Write("            return hasChanged;");
        writer.Write("        },");
        writer.Write("        static (optimizer, index, value) =>");
        writer.Write("        {");
        writer.Write("            switch (index)");
        writer.Write("            {");
        foreach ((HyperparameterSpec hyperparameter, int index) in declared)
        {
            writer.Write($"                case {index}: (({spec.Type.FullName})optimizer).{Identifier.Escape(hyperparameter.Name)} = value; break;");
        }

        writer.Write("            }");
        writer.Write("        },");
        writer.Write("        options)");
        using (writer.Block())
        {
        }
    }

    private void WriteProperty(SourceWriter writer, HyperparameterSpec hyperparameter, int index) => writer.Write($$"""
        /// <summary>{{Text.Xml(hyperparameter.Summary)}}. Initially {{ShortestDecimal.Of(hyperparameter.Default)}}.</summary>
        /// <exception cref="global::System.ArgumentOutOfRangeException">The value is outside of its bounds.</exception>
        {{GeneratedFile.Attribute}}
        public {{element}} {{hyperparameter.Name}} { get => base.ReadHyperparameter({{index}}); set => base.WriteHyperparameter({{index}}, value); }
        """);

    private void WriteGroups(SourceWriter writer)
    {
        writer.Write($"""
            /// <summary>The hyperparameters that hold for one group of the parameters, in place of the optimizer's.</summary>
            /// <param name="group">A group of the optimizer's parameter set.</param>
            /// <exception cref="global::System.ArgumentException">The group belongs to another set.</exception>
            {GeneratedFile.Attribute}
            public {Members.GroupType} {Members.For}(global::OptimGen.ParameterGroup<{element}> group) => ({Members.GroupType})base.HyperparametersOf(group);

            /// <summary>The hyperparameters of one group. What is not set here is the optimizer's.</summary>
            {GeneratedFile.Attribute}
            """);
        using (writer.Block($"public sealed class {Members.GroupType} : global::OptimGen.GroupHyperparameters<{element}>"))
        {
            writer.Write($$"""
                internal {{Members.GroupType}}(global::OptimGen.Optimizer<{{element}}> optimizer)
                    : base(optimizer)
                {
                }
                """);
            for (int index = 0; index < rule.Hyperparameters.Count; index++)
            {
                HyperparameterSpec hyperparameter = rule.Hyperparameters[index];
                writer.Blank();
                writer.Write($$"""
                    /// <summary>{{Text.Xml(hyperparameter.Summary)}}. Unset: the optimizer's.</summary>
                    /// <exception cref="global::System.ArgumentOutOfRangeException">The value is outside of its bounds.</exception>
                    public {{element}}? {{Identifier.Escape(hyperparameter.Name)}} { get => base.Read({{index}}); set => base.Write({{index}}, value); }
                    """);
            }

            if (rule.Hyperparameters.Any(one => one.Name == HyperparameterSpec.LearningRate) && Has(Members.LearningRateScale))
            {
                writer.Blank();
                writer.Write($$"""
                    /// <summary>A factor of the learning rate, so that the group follows the optimizer's schedule at a rate of its own. Initially 1.</summary>
                    /// <exception cref="global::System.ArgumentOutOfRangeException">The value is negative or not finite.</exception>
                    public {{element}} {{Members.LearningRateScale}} { get => base.Scale; set => base.Scale = value; }
                    """);
            }
        }
    }

    private void WriteStates(SourceWriter writer)
    {
        writer.Write($"""
            /// <summary>The states by their names, to be read or changed in place.</summary>
            {GeneratedFile.Attribute}
            public {Members.StatesType} {Members.States} => new(this);

            /// <summary>The states of the optimizer.</summary>
            {GeneratedFile.Attribute}
            """);
        using (writer.Block($"public readonly struct {Members.StatesType}(global::OptimGen.Optimizer<{element}> optimizer)"))
        {
            var names = new NameTable([Members.StatesType, "optimizer", .. ReservedNames.OfObject]);
            writer.Separate(
            [
                .. rule.States.Select(state => (Action)(() => writer.Write($"""
                    /// <summary>The state {Text.Xml(state.Name)} of a parameter, {(state.PerRow ? "a number for each of its rows" : "as many elements as it has")}.</summary>
                    public global::System.Span<{element}> {names.Take(Identifier.Capitalize(state.Name))}(global::OptimGen.Parameter<{element}> parameter) =>
                        optimizer.GetState(parameter, {Text.Quote(state.Name)});
                    """))),
                .. rule.ScalarStates.Select(state => (Action)(() => writer.Write($"""
                    /// <summary>The state {Text.Xml(state.Name)} of a {(state.PerTensor ? "parameter" : "group")}.</summary>
                    public ref double {names.Take(Identifier.Capitalize(state.Name))}(global::OptimGen.Parameter{(state.PerTensor ? "" : "Group")}<{element}> of) =>
                        ref optimizer.GetScalarState(of, {Text.Quote(state.Name)});
                    """))),
            ]);
        }
    }
}
