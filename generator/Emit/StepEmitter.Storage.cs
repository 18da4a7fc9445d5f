using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>What the optimizer keeps for its steps: scalars for the kernels, what one part of a step hands to the next, and scalars from step to step.</summary>
internal sealed partial class StepEmitter
{
    /// <summary>The fields that the scalars of a step need.</summary>
    public void WriteFields(SourceWriter writer)
    {
        if (HasHyperparameters)
        {
            writer.Write($"private readonly {GeneratedMembers.KnownType}[] {GeneratedMembers.Known};");
        }

        if (HandsOn)
        {
            writer.Write("private readonly Prepared[] prepared;");
        }

        if (rule.InParts)
        {
            writer.Write($"private readonly {GeneratedMembers.ScalarsType}[] earlyScalars;");
        }

        foreach (string scope in ScopesOfStates)
        {
            writer.Write($"private {scope}State[] {Identifier.Uncapitalize(scope)}States;");
            writer.Write($"private {scope}State[] next{scope}States;");
        }
    }

    /// <summary>What the constructor does for them.</summary>
    public void WriteInitialization(SourceWriter writer)
    {
        if (HasHyperparameters)
        {
            writer.Write($"{GeneratedMembers.Known} = new {GeneratedMembers.KnownType}[parameters.Groups.Count];");
        }

        if (HandsOn)
        {
            writer.Write("prepared = new Prepared[parameters.Groups.Count];");
        }

        if (rule.InParts)
        {
            writer.Write($"earlyScalars = new {GeneratedMembers.ScalarsType}[parameters.Groups.Count];");
        }

        foreach (string scope in ScopesOfStates)
        {
            writer.Write($"{Identifier.Uncapitalize(scope)}States = new {scope}State[parameters.{(scope == "Tensor" ? "Count" : "Groups.Count")}];");
            writer.Write($"next{scope}States = new {scope}State[{Identifier.Uncapitalize(scope)}States.Length];");
            string values = string.Join(", ", StatesOf(scope).Select(state => $"{Identifier.Capitalize(state.Name)} = {Text.Constant(state.InitialValue)}"));
            writer.Write($"global::System.Array.Fill({Identifier.Uncapitalize(scope)}States, new {scope}State {{ {values} }});");
        }
    }

    private void WriteCommitStep(SourceWriter writer)
    {
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("protected override void CommitStep()"))
        {
            foreach (string scope in ScopesOfStates)
            {
                writer.Write($"({Identifier.Uncapitalize(scope)}States, next{scope}States) = (next{scope}States, {Identifier.Uncapitalize(scope)}States);");
            }
        }
    }

    private void WriteStructs(SourceWriter writer)
    {
        IEnumerable<Action> structs =
        [
            () => WriteStruct(
                writer, GeneratedMembers.ScalarsType, "What is the same for every element of a step.",
                [.. lowered.KernelScalars.Select(scalar => (element, scalar.Name)), .. rule.Flags.Select(flag => ("bool", flag))]),
            .. HasHyperparameters
                ? [() => WriteStruct(
                    writer, GeneratedMembers.KnownType, "A group's hyperparameters as the last step found them, and what follows from them alone.",
                    KnownFields().Select(field => (field.Type, field.Name)))]
                : Array.Empty<Action>(),
            .. HandsOn
                ? [() => WriteStruct(
                    writer, "Prepared", "What a step has computed for a group before its kernels run.", PreparedFields([.. EarlyNames(), .. LateNames()]))]
                : Array.Empty<Action>(),
            .. ScopesOfStates.Select(scope => (Action)(() => WriteStruct(
                writer, scope + "State", $"The scalars that are kept for each {(scope == "Tensor" ? "tensor" : "group")} from step to step.",
                StatesOf(scope).Select(state => ("double", state.Name))))),
        ];
        writer.Separate(structs);
    }

    private static void WriteStruct(SourceWriter writer, string name, string summary, IEnumerable<(string Type, string Name)> fields)
    {
        writer.Write($"/// <summary>{summary}</summary>");
        using (writer.Block($"private struct {name}"))
        {
            foreach ((string type, string field) in fields)
            {
                writer.Write($"public {type} {Identifier.Capitalize(field)};");
            }
        }
    }

    /// <summary>The fields of what is known of a group's hyperparameters, and the values that they are given where these have been checked.</summary>
    private IEnumerable<(string Type, string Name, string Value)> KnownFields()
    {
        yield return ("bool", "IsKnown", "true");
        foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
        {
            if (hyperparameter.HasGroupScale)
            {
                yield return (element, "Given", "given");
                yield return (element, "LearningRateScale", "own.LearningRateScale");
            }

            yield return (element, Identifier.Capitalize(hyperparameter.ScalarName), hyperparameter.ScalarName);
        }

        foreach (string name in followsStep ? ExactNames() : [])
        {
            yield return ("double", Identifier.Capitalize(GeneratedMembers.Exact(name)), Widen(name));
        }
    }

    /// <summary>Whether one part of a step hands something to the next.</summary>
    private bool HandsOn => PreparedFields([.. EarlyNames(), .. LateNames()]).Any();

    /// <summary>The fields of what is kept between the parts of a step, for those names that a later part reads.</summary>
    private IEnumerable<(string Type, string Name)> PreparedFields(IEnumerable<string> names)
    {
        HashSet<string> late = [.. LateNames()];
        foreach (string name in names)
        {
            bool isReadLater = readForTensor.Contains(name) || (readForGroup.Contains(name) && !late.Contains(name));
            if (!isReadLater || name == Names.Step || rule.Fields.Any(field => field.Name == name))
            {
                continue;
            }

            ArgumentSpec? handedOut = rule.ScalarMethods.SelectMany(method => method.Arguments)
                .FirstOrDefault(argument => argument.Name == name && argument.Kind is ArgumentKind.OutScalar or ArgumentKind.OutFlag);
            yield return (IsHyperparameter(name) ? element : handedOut?.Type ?? "double", name);
        }
    }

    /// <summary>What keeps scalars from step to step: groups, tensors, or both.</summary>
    private string[] ScopesOfStates =>
    [
        .. rule.ScalarStates.Any(state => !state.PerTensor) ? ["Group"] : Array.Empty<string>(),
        .. rule.ScalarStates.Any(state => state.PerTensor) ? ["Tensor"] : Array.Empty<string>(),
    ];

    private IEnumerable<ScalarStateSpec> StatesOf(string scope) =>
        rule.ScalarStates.Where(state => state.PerTensor == (scope == "Tensor"));
}
