using OptimGen.Generator.Lowering;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>
/// Prints what a step does around its kernels: hyperparameters are checked, scalars computed in double and narrowed once, and the kernel chosen.
/// Where there are reductions, that comes in three parts: before them, after them for a group, and for a tensor.
/// </summary>
internal sealed partial class StepEmitter
{
    // A user's first steps are as fast as all others, and a short run has no others.
    private static readonly string Overridden = $"""
        /// <inheritdoc/>
        {new PlatformNames(qualified: true).OptimizedAtOnce}
        """;

    private readonly RuleSpec rule;
    private readonly LoweredRule lowered;
    private readonly string element;
    private readonly bool followsStep;
    private readonly HashSet<string> needExact;
    private readonly HashSet<string> readForGroup;
    private readonly HashSet<string> readForTensor;

    public StepEmitter(OptimizerSpec spec, LoweredRule lowered)
    {
        rule = spec.Rule;
        this.lowered = lowered;
        element = rule.ElementType.Keyword();
        followsStep = rule.InParts || rule.ScalarMethods.Count > 0
            || lowered.StepScalars.SelectMany(scalar => scalar.Value.Nodes).OfType<Scalar>().Any(scalar => scalar.Name == Names.Step);
        needExact =
        [
            .. lowered.StepScalars.SelectMany(scalar => scalar.Value.Nodes).OfType<Scalar>().Select(scalar => scalar.Name),
            .. rule.ScalarMethods.SelectMany(method => method.Arguments).Where(one => one is { Kind: ArgumentKind.Scalar, Type: "double" }).Select(one => one.Name),
        ];
        IEnumerable<string> byKernels = lowered.KernelScalars.SelectMany(scalar => scalar.Value.Nodes).OfType<Scalar>().Select(scalar => scalar.Name).Concat(rule.Flags);
        readForGroup = [.. ReadBy(IsForGroupLate), .. rule.InParts && !rule.PerTensor ? byKernels : []];
        readForTensor = [.. ReadBy(method => method.PerTensor), .. rule.PerTensor ? byKernels : []];
    }

    public void Write(SourceWriter writer)
    {
        List<Action> parts = [() => WritePrepareStep(writer)];
        if (rule.Reductions.Count > 0)
        {
            parts.Add(() => WriteReduceElements(writer));
        }

        if (rule.InParts && (rule.ScalarMethods.Any(IsForGroupLate) || LateNames().Any(readForTensor.Contains) || !rule.PerTensor))
        {
            parts.Add(() => WritePrepareReduced(writer));
        }

        if (rule.PerTensor)
        {
            parts.Add(() => WritePrepareTensor(writer));
        }

        parts.Add(() => WriteUpdateElements(writer));
        parts.Add(() => WriteUpdateInPhase(writer));
        if (rule.Method is not null)
        {
            parts.Add(() => WriteUpdateByMethod(writer));
        }

        if (rule.ScalarStates.Count > 0)
        {
            parts.Add(() => WriteCommitStep(writer));
        }

        parts.Add(() => WriteStructs(writer));
        writer.Separate(parts);
    }

    private void WritePrepareStep(SourceWriter writer)
    {
        writer.Write(Overridden);
        using (writer.Block("protected override void PrepareStep(long step, int group)"))
        {
            if (!HasHyperparameters)
            {
                WriteStepScalars(writer);
                return;
            }

            WriteGiven(writer);
            writer.Write("// What has not changed since the last step has been checked.");
            using (writer.Block($"if ({string.Join("\n    || ", Differences())})"))
            {
                WriteChecks(writer);
                if (!followsStep)
                {
                    WriteStepScalars(writer);
                }

                WriteKnown(writer);
            }

            if (followsStep)
            {
                writer.Blank();
                WriteStepScalars(writer);
            }
        }
    }

    private void WriteGiven(SourceWriter writer)
    {
        writer.Write($"""
            {GeneratedMembers.GroupType} own = {GeneratedMembers.Groups}[group];
            ref {GeneratedMembers.KnownType} known = ref {GeneratedMembers.Known}[group];
            """);
        foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
        {
            string value = $"own.{hyperparameter.Name} ?? {hyperparameter.Name}";
            if (hyperparameter.HasGroupScale)
            {
                writer.Write($"{element} given = {value};");
                value = $"known.{Identifier.Capitalize(hyperparameter.ScalarName)}";
            }

            writer.Write($"{element} {hyperparameter.ScalarName} = {value};");
        }

        writer.Blank();
    }

    /// <summary>What makes a group's hyperparameters others than those that the last step has checked.</summary>
    private IEnumerable<string> Differences()
    {
        yield return "!known.IsKnown";
        foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
        {
            if (hyperparameter.HasGroupScale)
            {
                yield return "global::OptimGen.StepMath.Differ(given, known.Given)";
                yield return "global::OptimGen.StepMath.Differ(own.LearningRateScale, known.LearningRateScale)";
            }
            else
            {
                yield return $"global::OptimGen.StepMath.Differ({hyperparameter.ScalarName}, known.{Identifier.Capitalize(hyperparameter.ScalarName)})";
            }
        }
    }

    private void WriteChecks(SourceWriter writer)
    {
        foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
        {
            if (hyperparameter.HasGroupScale)
            {
                writer.Write($"{hyperparameter.ScalarName} = global::OptimGen.StepMath.Scale(given, own.LearningRateScale);");
            }

            writer.Write($"{GeneratedMembers.Definition}.Require({rule.IndexOf(hyperparameter)}, {hyperparameter.ScalarName}, own.group);");
        }
    }

    private void WriteKnown(SourceWriter writer)
    {
        writer.Write($"known = new {GeneratedMembers.KnownType}");
        using (writer.Block("{", "};"))
        {
            foreach ((_, string name, string value) in KnownFields())
            {
                writer.Write($"{name} = {value},");
            }
        }
    }

    private void WriteStepScalars(SourceWriter writer)
    {
        if (lowered.StepScalars.Count > 0 || needExact.Count > 0)
        {
            writer.Write(followsStep ? "// Once a step, in double." : "// In double, and rounded once.");
            foreach (string name in ExactNames())
            {
                string exact = GeneratedMembers.Exact(name);
                writer.Write($"double {exact} = {(followsStep ? $"known.{Identifier.Capitalize(exact)}" : Widen(name))};");
            }

            var dialect = new ScalarDialect("double", NameInDouble);
            foreach (StepScalarSpec scalar in lowered.StepScalars)
            {
                writer.WriteCommented($"double {scalar.Name} = {dialect.Print(scalar.Value)};", scalar.Comment);
            }
        }

        foreach (string scope in ScopesOfStates.Where(scope => scope == "Group"))
        {
            writer.Write($"next{scope}States[group] = {Identifier.Uncapitalize(scope)}States[group];");
        }

        WriteCalls(writer, method => !method.AfterReductions, "Group", "group");
        if (!rule.InParts)
        {
            WriteScalars(writer, $"{GeneratedMembers.Scalars}[group]", known: null);
            return;
        }

        string[] early = EarlyNames().ToArray();
        (string Type, string Name)[] handedOn = PreparedFields(early).ToArray();
        if (handedOn.Length > 0)
        {
            writer.Write("prepared[group] = new Prepared");
            using (writer.Block("{", "};"))
            {
                foreach ((_, string name) in handedOn)
                {
                    writer.Write($"{Identifier.Capitalize(name)} = {name},");
                }
            }
        }

        WriteScalars(writer, "earlyScalars[group]", known: early);
    }

    /// <summary>Calls the user's methods of one part; a truth value or scalar that they hand out becomes a local.</summary>
    private void WriteCalls(SourceWriter writer, Func<ScalarMethodSpec, bool> isIncluded, string scope, string index)
    {
        foreach (ScalarMethodSpec method in rule.ScalarMethods.Where(isIncluded))
        {
            IEnumerable<string> arguments = method.Arguments.Select(argument => argument.Kind switch
            {
                ArgumentKind.OutScalar or ArgumentKind.OutFlag => $"out {argument.Type} {argument.Name}",
                ArgumentKind.ScalarState => $"ref next{scope}States[{index}].{Identifier.Capitalize(argument.Name)}",
                _ => NameAsArgument(argument),
            });
            writer.WriteStatement($"{method.Name}({string.Join(", ", arguments)});");
        }
    }

    /// <param name="writer">Where to.</param>
    /// <param name="slot">The element of the array that is set.</param>
    /// <param name="known">The names that are known by now; <see langword="null"/> for all.</param>
    private void WriteScalars(SourceWriter writer, string slot, string[]? known)
    {
        KernelScalar[] scalars = lowered.KernelScalars
            .Where(scalar => known is null || scalar.Value.Nodes.OfType<Scalar>().All(one => known.Contains(one.Name)))
            .ToArray();
        string[] flags = rule.Flags.Where(flag => known is null || known.Contains(flag)).ToArray();
        if (scalars.Length + flags.Length == 0)
        {
            writer.Write($"{slot} = default;");
            return;
        }

        var dialect = new ScalarDialect(element, NameNarrowed);
        writer.Write($"{slot} = new {GeneratedMembers.ScalarsType}");
        using (writer.Block("{", "};"))
        {
            foreach (KernelScalar scalar in scalars)
            {
                writer.Write($"{Identifier.Capitalize(scalar.Name)} = {dialect.Print(scalar.Value)},");
            }

            foreach (string flag in flags)
            {
                writer.Write($"{Identifier.Capitalize(flag)} = {flag},");
            }
        }
    }

    private void WritePrepareReduced(SourceWriter writer)
    {
        writer.Write(Overridden);
        using (writer.Block("protected override void PrepareReduced(long step, int group, global::System.ReadOnlySpan<double> reductions)"))
        {
            WriteLocals(writer, EarlyNames().Where(readForGroup.Contains));
            WriteReductions(writer, global: true, name => readForGroup.Contains(name) || readForTensor.Contains(name));
            WriteCalls(writer, IsForGroupLate, "Group", "group");
            if (!rule.PerTensor)
            {
                WriteScalars(writer, $"{GeneratedMembers.Scalars}[group]", known: null);
                return;
            }

            foreach ((_, string name) in PreparedFields(LateNames()))
            {
                writer.Write($"prepared[group].{Identifier.Capitalize(name)} = {name};");
            }
        }
    }

    private void WritePrepareTensor(SourceWriter writer)
    {
        writer.Write(Overridden);
        using (writer.Block(
            "protected override void PrepareTensor(long step, int group, int tensor, long elementCount, global::System.ReadOnlySpan<double> reductions)"))
        {
            WriteLocals(writer, EarlyNames().Concat(LateNames()).Where(readForTensor.Contains));
            WriteReductions(writer, global: false, readForTensor.Contains);
            if (ScopesOfStates.Contains("Tensor"))
            {
                writer.Write("nextTensorStates[tensor] = tensorStates[tensor];");
            }

            WriteCalls(writer, method => method.PerTensor, "Tensor", "tensor");
            WriteScalars(writer, $"{GeneratedMembers.Scalars}[tensor]", known: null);
        }
    }

    private void WriteLocals(SourceWriter writer, IEnumerable<string> names)
    {
        (string Type, string Name)[] fields = PreparedFields(names).ToArray();
        if (fields.Length > 0)
        {
            writer.Write("ref readonly Prepared own = ref prepared[group];");
        }

        foreach ((string type, string name) in fields)
        {
            writer.Write($"{type} {name} = own.{Identifier.Capitalize(name)};");
        }
    }

    private void WriteReductions(SourceWriter writer, bool global, Func<string, bool> isRead)
    {
        for (int i = 0; i < rule.Reductions.Count; i++)
        {
            if (rule.Reductions[i].Global == global && isRead(rule.Reductions[i].Scalar))
            {
                writer.Write($"double {rule.Reductions[i].Scalar} = reductions[{i}];");
            }
        }
    }

    /// <summary>The scalars that are known before the reductions.</summary>
    private IEnumerable<string> EarlyNames() =>
    [
        Names.Step, .. rule.Fields.Select(field => field.Name), .. rule.Hyperparameters.Select(one => one.ScalarName),
        .. ExactNames().Select(GeneratedMembers.Exact),
        .. lowered.StepScalars.Select(scalar => scalar.Name), .. HandedOut(method => !method.AfterReductions),
    ];

    /// <summary>The scalars that are known after the reductions, for a whole group.</summary>
    private IEnumerable<string> LateNames() =>
    [
        .. rule.Reductions.Where(reduction => reduction.Global).Select(reduction => reduction.Scalar),
        .. HandedOut(IsForGroupLate),
    ];

    private IEnumerable<string> HandedOut(Func<ScalarMethodSpec, bool> isIncluded) => rule.ScalarMethods.Where(isIncluded)
        .SelectMany(method => method.Arguments)
        .Where(argument => argument.Kind is ArgumentKind.OutScalar or ArgumentKind.OutFlag)
        .Select(argument => argument.Name);

    private static bool IsForGroupLate(ScalarMethodSpec method) => method is { AfterReductions: true, PerTensor: false };

    /// <summary>The scalars that methods take, as generated code names them.</summary>
    private IEnumerable<string> ReadBy(Func<ScalarMethodSpec, bool> isIncluded) => rule.ScalarMethods.Where(isIncluded)
        .SelectMany(method => method.Arguments)
        .Where(argument => argument.Kind == ArgumentKind.Scalar)
        .Select(NameAsArgument);

    private string NameAsArgument(ArgumentSpec argument) => argument.Type == "double" ? NameInDouble(argument.Name) : argument.Name;

    private bool HasHyperparameters => rule.Hyperparameters.Count > 0;

    /// <summary>The hyperparameters that something needs in double.</summary>
    private IEnumerable<string> ExactNames() => rule.Hyperparameters.Select(one => one.ScalarName).Where(needExact.Contains);

    private static string Widen(string scalar) => $"global::OptimGen.StepMath.Widen({scalar})";

    private bool IsHyperparameter(string scalar) => rule.Hyperparameters.Any(one => one.ScalarName == scalar);

    private string NameInDouble(string scalar) => IsHyperparameter(scalar) ? GeneratedMembers.Exact(scalar) : scalar;

    private string NameNarrowed(string scalar)
    {
        if (IsHyperparameter(scalar))
        {
            return scalar;
        }

        if (rule.Fields.FirstOrDefault(field => field.Name == scalar) is { } staticField)
        {
            return staticField.Path;
        }

        return $"global::OptimGen.StepMath.Narrow<{element}>({scalar}, nameof({scalar}))";
    }
}
