using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>
/// Prints the rule that the runtime's engine steps by: what it says of itself, the kernels for each instruction set, and a method for each time at which
/// something is computed before the kernels.
/// </summary>
internal sealed class RuleEmitter
{
    private readonly OptimizerSpec spec;
    private readonly StepProgram program;
    private readonly string element;
    private readonly Value[] needed;
    private readonly Dictionary<int, string> hostFields = [];
    private readonly Dictionary<int, string> hostTypes = [];
    private readonly Dictionary<string, string> fields = [];

    public RuleEmitter(OptimizerSpec spec, StepProgram program)
    {
        (this.spec, this.program) = (spec, program);
        element = program.ElementType.Keyword();
        needed = program.Needed.ToArray();
        Value[] carried = program.Carried.ToArray();
        Groups = new ValueStruct(program, carried, perTensor: false);
        Tensors = new ValueStruct(program, carried, perTensor: true);
        KernelsTakeRule = program.UsedByKernels.Any();
        var members = new NameTable(ReservedNames.OfRule);
        var types = new NameTable(ReservedNames.OfFile);
        for (int i = 0; i < program.HostCalls.Count; i++)
        {
            string method = program.HostCalls[i].Method.TrimStart('@');
            hostFields.Add(i, members.Take(Identifier.Uncapitalize(method)));
            hostTypes.Add(i, types.Take(Identifier.Capitalize(method) + "Method"));
        }

        foreach (Value field in needed.Where(value => value.Kind == ValueKind.Field))
        {
            fields.Add(field.Path, members.Take(field.Name));
        }
    }

    public ValueStruct Groups { get; }

    public ValueStruct Tensors { get; }

    /// <summary>
    /// What the user's class hands to the rule's constructor: its methods that compute scalars, and its fields, which may both be private.
    /// </summary>
    public string ConstructorArguments => string.Join(", ", program.HostCalls.Select(call => $"{spec.Type.FullName}.{call.Method}").Concat(fields.Keys));

    /// <summary>Whether a kernel takes something that the rule computes.</summary>
    public bool KernelsTakeRule { get; }

    public void Write(SourceWriter writer)
    {
        foreach (ValueStruct one in new[] { Groups, Tensors }.Where(one => !one.IsEmpty))
        {
            one.Write(writer);
            writer.Blank();
        }

        for (int i = 0; i < program.HostCalls.Count; i++)
        {
            WriteDelegate(writer, program.HostCalls[i], hostTypes[i]);
        }

        writer.Write($"""
            /// <summary>The rule of {Text.Xml(spec.Type.FullName)}, for the engine that takes its steps.</summary>
            {GeneratedFile.Attribute}
            """);
        string handed = string.Join(
            ", ", program.HostCalls.Select((_, i) => $"{hostTypes[i]} {hostFields[i]}").Concat(fields.Values.Select(field => $"{element} {field}")));
        using (writer.Block($"file sealed class Rule({handed}) : StepRule<{element}>(Definition)"))
        {
            DefinitionEmitter.Write(writer, spec, program);
            if (!Groups.IsEmpty)
            {
                writer.Write($"public {Groups.Name}[] Groups = [];");
            }

            if (!Tensors.IsEmpty)
            {
                writer.Write($"public {Tensors.Name}[] Tensors = [];");
            }

            if (program.RowMeans.Count > 0)
            {
                writer.Write($"public override global::System.ReadOnlySpan<int> AssignedRowStates => [{string.Join(", ", program.RowMeans.Select(kernel => PositionOf(kernel.RowState!.Value)).Distinct())}];");
            }

            if (!Computed(Time.Step).Any())
            {
                writer.Write("public override bool PreparesSteps => false;");
            }
            else if (!Computed(Time.Step).Any(value => value.Kind == ValueKind.HostCall))
            {
                writer.Write("public override bool CanPrepareAhead => true;");
            }

            writer.Blank();
            WriteKernelsFor(writer);
            WriteAllocate(writer);
            WritePrepare(writer, Time.Settings, "PrepareSettings", $"int group, global::System.ReadOnlySpan<{element}> hyperparameters");
            WritePrepare(writer, Time.Step, "PrepareStep", "int group, long step, global::System.Span<double> states");
            WritePrepare(
                writer, Time.Global, "PrepareGlobal", "int group, long step, global::System.ReadOnlySpan<double> reductions, global::System.Span<double> states");
            WritePrepare(
                writer, Time.Tensor, "PrepareTensor",
                "int group, int tensor, long step, long elementCount, global::System.ReadOnlySpan<double> reductions, global::System.Span<double> states");
        }
    }

    /// <summary>The position of a state in the definition, by its stream.</summary>
    private int PositionOf(int stream) => stream - program.Streams.First(one => one.Role == StreamRole.State).Id;

    private static void WriteDelegate(SourceWriter writer, HostCall call, string type)
    {
        var names = new NameTable([]);
        IEnumerable<string> parameters = call.Arguments.Select(argument =>
            (argument.Kind switch { ArgumentKind.State => "ref ", ArgumentKind.Out => "out ", _ => "" }) + $"{argument.Type} {names.Take(argument.Name)}");
        writer.Write(GeneratedFile.Attribute);
        writer.WriteStatement($"file delegate void {type}({string.Join(", ", parameters)});");
        writer.Blank();
    }

    private void WriteKernelsFor(SourceWriter writer)
    {
        writer.Write($"public override RuleKernels<{element}> KernelsFor(InstructionSet instructionSet) => instructionSet switch");
        using (writer.Block("{", "};"))
        {
            foreach (KernelTarget target in KernelTarget.All)
            {
                string supported = string.Join(" && ", target.Guards.Select(guard => guard.Split('.')[1] + ".IsSupported"));
                writer.Write($"{(target.VectorBits == 0 ? "_" : $"InstructionSet.{target.Name} when {supported}")} => new {target.ClassName}({(KernelsTakeRule ? "this" : "")}),");
            }
        }

        writer.Blank();
    }

    private void WriteAllocate(SourceWriter writer)
    {
        if (Groups.IsEmpty && Tensors.IsEmpty)
        {
            return;
        }

        using (writer.Block("public override void Allocate(int groupCount, int tensorCount)"))
        {
            if (!Groups.IsEmpty)
            {
                writer.Write($"Groups = new {Groups.Name}[groupCount];");
            }

            if (!Tensors.IsEmpty)
            {
                writer.Write($"Tensors = new {Tensors.Name}[tensorCount];");
            }
        }

        writer.Blank();
    }

    private void WritePrepare(SourceWriter writer, Time time, string method, string parameters)
    {
        Value[] computed = Computed(time).ToArray();
        if (computed.Length > 0)
        {
            writer.Blank();
            writer.WriteStatement($"public override void {method}({parameters})");
            using (writer.Block())
            {
                WriteComputations(writer, time, computed);
            }
        }
    }

    /// <summary>What the rule computes at a time.</summary>
    private IEnumerable<Value> Computed(Time time) => needed.Where(value => value.Time == time && !value.IsConstant && !IsParameter(value));

    /// <summary>What a method of the rule takes as a parameter.</summary>
    private static bool IsParameter(Value value) => value.Kind is ValueKind.StepNumber or ValueKind.ElementCount;

    private void WriteComputations(SourceWriter writer, Time time, Value[] computed)
    {
        ValueStruct own = time == Time.Tensor ? Tensors : Groups;
        int[] ids = computed.Select(value => value.Id).ToArray();
        var plan = new VariablePlan(
            program.Values, ids,
            ids.Select((id, position) => (id, position)).Where(one => own.Has(one.id)).ToArray(),
            value => IsOwnStatement(value, own, computed));
        var names = new NameTable([.. ReservedNames.OfRule, .. hostFields.Values, .. fields.Values]);
        var locals = new Dictionary<int, string>();
        bool readsGroup = time == Time.Tensor && computed.Any(value => value.Operands.Any(Groups.Has));
        if (!own.IsEmpty && (computed.Any(value => own.Has(value.Id)) || (time != Time.Tensor && computed.Any(value => value.Operands.Any(Groups.Has)))))
        {
            writer.Write($"ref {own.Name} values = ref {(time == Time.Tensor ? "Tensors[tensor]" : "Groups[group]")};");
        }

        if (readsGroup)
        {
            writer.Write($"ref readonly {Groups.Name} ofGroup = ref Groups[group];");
        }

        string? NameOf(Value value) =>
            locals.TryGetValue(value.Id, out string? local) ? local
            : value.Time < time && Groups.Has(value.Id) ? $"{(time == Time.Tensor ? "ofGroup" : "values")}.{Groups.FieldOf(value.Id)}"
            : null;
        Dialect? printed = null;
        var dialect = new ScalarDialect(element, program.Values, NameOf, value => PrintSource(value, printed!));
        printed = dialect;
        foreach (Value value in computed)
        {
            if (value.Kind == ValueKind.HostCall)
            {
                WriteHostCall(writer, value, dialect, names, locals, own);
                continue;
            }

            if (plan.HasVariable(value.Id) && value.Kind != ValueKind.HostResult)
            {
                string name = names.Take(NameTable.Describe(value, program.Values));
                string type = value.Type switch { ScalarType.Double => "double", ScalarType.Boolean => "bool", _ => element };
                string statement = $"{type} {name} = {dialect.PrintDefinition(value)};";
                locals.Add(value.Id, name);
                if (value.Comment is { } comment)
                {
                    writer.WriteCommented(statement, comment);
                }
                else
                {
                    writer.WriteStatement(statement);
                }
            }

            if (own.Has(value.Id))
            {
                writer.WriteStatement($"values.{own.FieldOf(value.Id)} = {dialect.Print(value.Id)};");
            }
        }
    }

    /// <summary>A value with a name has a statement of its own where the struct's field is not enough.</summary>
    private static bool IsOwnStatement(Value value, ValueStruct own, Value[] computed) =>
        value.Name.Length > 0 && (!own.Has(value.Id) || computed.Any(other => other.Operands.Contains(value.Id)));

    private void WriteHostCall(
        SourceWriter writer, Value call, Dialect dialect, NameTable names, Dictionary<int, string> locals, ValueStruct own)
    {
        HostCall method = program.HostCalls[call.Index];
        Dictionary<int, Value> results = needed
            .Where(value => value.Kind == ValueKind.HostResult && value.Operands.Contains(call.Id))
            .ToDictionary(value => value.Index);
        string Argument(HostArgument argument, int position)
        {
            switch (argument.Kind)
            {
                case ArgumentKind.Scalar:
                    return dialect.Print(argument.Index);
                case ArgumentKind.State:
                    return $"ref states[{argument.Index}]";
                default:
                    if (!results.TryGetValue(position, out Value? result))
                    {
                        return "out _";
                    }

                    locals.Add(result.Id, names.Take(result.Name));
                    return $"out {argument.Type} {locals[result.Id]}";
            }
        }

        writer.WriteStatement($"{hostFields[call.Index]}({string.Join(", ", method.Arguments.Select(Argument))});");
    }

    private string PrintSource(Value value, Dialect dialect) => value.Kind switch
    {
        ValueKind.Hyperparameter => $"hyperparameters[{value.Index}]",
        ValueKind.Field => fields[value.Path],
        ValueKind.StepNumber => "step",
        ValueKind.ElementCount => "elementCount",
        ValueKind.Reduction => $"reductions[{value.Index}]",
        ValueKind.Widen when program.ElementType == ElementType.Double => dialect.Print(value.Operands[0]),
        ValueKind.Widen => $"StepMath.Widen({dialect.Print(value.Operands[0])})",
        ValueKind.Narrow =>
            $"StepMath.Narrow<{element}>({dialect.Print(value.Operands[0])}, \"{NameTable.Describe(program.Values[value.Operands[0]], program.Values)}\")",
        _ => throw new InvalidOperationException($"{value.Kind} is computed by no statement"),
    };
}
