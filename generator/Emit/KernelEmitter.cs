using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>
/// Prints the kernels of a rule for one instruction set. A vector kernel goes over whole vectors; what is left the engine gives to the scalar kernel of the
/// same name, which is printed from the same instructions.
/// </summary>
internal sealed partial class KernelEmitter
{
    private readonly StepProgram program;
    private readonly KernelBodies bodies;
    private readonly RuleEmitter rule;
    private readonly KernelTarget target;
    private readonly string element;
    private readonly string type;
    private readonly int vectorLength;

    public KernelEmitter(StepProgram program, KernelBodies bodies, RuleEmitter rule, KernelTarget target)
    {
        (this.program, this.bodies, this.rule, this.target) = (program, bodies, rule, target);
        element = program.ElementType.Keyword();
        type = IsScalar ? element : $"{target.VectorType}<{element}>";
        vectorLength = IsScalar ? 1 : target.VectorBits / program.ElementType.Bits();
    }

    private bool IsScalar => target.VectorBits == 0;

    public void Write(SourceWriter writer)
    {
        writer.Write($"""
            /// <summary>The kernels for {target.Description}.</summary>
            {GeneratedFile.Attribute}
            """);
        using (writer.Block($"file sealed class {target.ClassName}({(rule.KernelsTakeRule ? "Rule rule" : "")}) : {BaseClass}({vectorLength})"))
        {
            WriteUpdateCall(writer, "Update", "", bodies.Updates);
            writer.Blank();
            WriteUpdateCall(writer, "UpdateInPhase", $", in StepPhase<{element}> phase", bodies.PhaseUpdates);
            if (HasStoredUpdates)
            {
                writer.Blank();
                WriteUpdateCall(writer, "UpdateStored" + TypeParameters, $", in StoredStreams stored, in StepPhase<{element}> phase", bodies.StoredUpdates);
            }

            if (bodies.RowUpdates.Length > 0)
            {
                writer.Blank();
                WriteUpdateCall(writer, "UpdateRows", $", in StepPhase<{element}> phase", bodies.RowUpdates);
            }

            if (bodies.Reductions.Length > 0)
            {
                writer.Blank();
                WriteReductionCalls(writer);
            }

            if (bodies.RowMeans.Length > 0)
            {
                writer.Blank();
                WriteRowMeanCalls(writer, "ReduceRow", bodies.RowMeans);
            }

            if (bodies.RowListMeans.Length > 0)
            {
                writer.Blank();
                WriteRowMeanCalls(writer, "ReduceRows", bodies.RowListMeans);
            }

            foreach (KernelBody body in bodies.All.Where(body => !body.Kernel.IsStored || !IsScalar))
            {
                writer.Blank();
                WriteKernel(writer, body);
            }
        }
    }

    private void WriteUpdateCall(SourceWriter writer, string method, string more, KernelBody[] kernels)
    {
        string signature = $"public override void {method}(in {StreamsOf(kernels[0].Kernel)}<{element}> streams{more})";
        if (kernels.Length == 1)
        {
            if (kernels[0].Kernel.IsStored || kernels[0].Kernel.IsOverRows)
            {
                writer.WriteStatement($"{signature} =>");
                writer.WriteStatement($"    {CallOf(kernels[0])}");
                return;
            }

            writer.WriteStatement($"{signature} => {CallOf(kernels[0])}");
            return;
        }

        writer.WriteStatement(signature);
        using (writer.Block())
        {
            WriteCallByFlags(writer, kernels);
        }
    }

    private void WriteCallByFlags(SourceWriter writer, KernelBody[] kernels)
    {
        for (int i = 0; i < kernels.Length; i++)
        {
            string condition = string.Join(" && ", kernels[i].Kernel.Flags.Select(flag => (flag.IsSet ? "" : "!") + FieldOf(flag.Value, fromStreams: true)));
            using (writer.Block(i == kernels.Length - 1 ? "else" : $"{(i == 0 ? "if" : "else if")} ({condition})"))
            {
                writer.WriteStatement(CallOf(kernels[i]));
            }
        }
    }

    private void WriteReductionCalls(SourceWriter writer)
    {
        using (writer.Block($"public override void Reduce(int reduction, in KernelStreams<{element}> streams, in StepPhase<{element}> phase, ref double lanes)"))
        using (writer.Block("switch (reduction)"))
        {
            for (int i = 0; i < bodies.Reductions.Length; i++)
            {
                writer.Write($"case {i}:");
                writer.WriteStatement($"    {CallOf(bodies.Reductions[i])}");
                writer.Write("    break;");
            }
        }
    }

    private string CallOf(KernelBody body)
    {
        IEnumerable<string> streams = body.Streams.Where(stream => !body.Kernel.IsOverRows || IsTable(stream)).Select(stream => program.Streams[stream].Role switch
        {
            _ when IsStored(body, stream) => MakeAccess(stream),
            StreamRole.Parameter => "ref streams.Parameter",
            StreamRole.Gradient => "ref streams.Gradient",
            StreamRole.Average => "ref phase.Average",
            _ => $"ref streams.State({stream - 2})",
        });
        if (body.Kernel.IsStored)
        {
            streams = streams.Append($"{RandomAccess}.Of(in stored)");
        }

        string more = RowArguments(body);
        more += Uses(body, rule.Groups) ? ", in rule.Groups[streams.Group]" : "";
        more += Uses(body, rule.Tensors) ? ", in rule.Tensors[streams.Tensor]" : "";
        more += body.UsesPhase ? ", in phase" : "";
        more += body.Kernel.Reduction is null ? "" : ", ref lanes";
        string elements = body.Kernel.IsOverRows ? "in streams" : "streams.Count";
        return $"{body.Kernel.Name}{(body.Kernel.IsStored ? TypeParameters : "")}({string.Concat(streams.Select(stream => stream + ", "))}{elements}{more});";
    }

    private void WriteKernel(SourceWriter writer, KernelBody body)
    {
        Kernel kernel = body.Kernel;
        if (kernel.Flags.Count > 0)
        {
            writer.Write($"// For the steps on which {string.Join(", and ", kernel.Flags.Select(flag => $"{flag.Name} is {(flag.IsSet ? "true" : "false")}"))}.");
        }

        writer.Write("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        List<string> parameters =
        [
            .. kernel.IsOverRows
                ? [.. body.Streams.Where(IsTable).Select(stream => $"ref {element} {body.TableName(stream)}"), $"in RowStreams<{element}> rows"]
                : body.Streams.Select(stream => $"{(IsStored(body, stream) ? AccessOf(stream) : $"ref {element}")} {body.StreamName(stream)}"),
            .. kernel.IsStored ? [$"{RandomAccess} {body.RandomName}"] : Array.Empty<string>(),
            .. kernel.IsOverRows ? Array.Empty<string>() : ["nuint count"],
            .. kernel.IsOverRows ? Array.Empty<string>() : body.RowParameters.Values.Select(name => $"in {element} {name}"),
            .. Uses(body, rule.Groups) ? [$"in {rule.Groups.Name} group"] : Array.Empty<string>(),
            .. Uses(body, rule.Tensors) ? [$"in {rule.Tensors.Name} tensor"] : Array.Empty<string>(),
            .. body.UsesPhase ? [$"in StepPhase<{element}> phase"] : Array.Empty<string>(),
            .. kernel.Reduction is not null ? ["ref double lanes"] : Array.Empty<string>(),
        ];
        writer.WriteStatement($"private static void {kernel.Name}{(kernel.IsStored ? TypeParameters : "")}({string.Join(", ", parameters)})");
        if (kernel.IsStored)
        {
            WriteStoredConstraints(writer);
        }

        using (writer.Block())
        {
            if (kernel.IsStored)
            {
                WriteStoredLoops(writer, body);
                return;
            }

            WriteUniforms(writer, body);
            if (kernel.IsOverRows)
            {
                WriteRowLoops(writer, body);
            }
            else if (kernel.Reduction is { } reduction)
            {
                WriteReduction(writer, body, reduction);
            }
            else
            {
                WriteLoops(writer, body);
            }
        }
    }

    /// <summary>What is the same for every element, broadcast where elements are handled by vectors. In a kernel over a list of rows, without what each row has.</summary>
    private void WriteUniforms(SourceWriter writer, KernelBody body)
    {
        bool isOverRows = body.Kernel.IsOverRows, isEmpty = true;
        foreach ((Value value, string name) in body.Uniforms.Where(uniform => !isOverRows || !body.RowParameters.ContainsKey(uniform.Value.Id)))
        {
            WriteBroadcast(writer, value, name, value.Kind == ValueKind.Phase ? $"phase.{(PhaseValue)value.Index}"
                : body.RowParameters.TryGetValue(value.Id, out string? parameter) ? parameter
                : FieldOf(value.Id, fromStreams: false));
            isEmpty = false;
        }

        if (!isOverRows)
        {
            WriteOfRow(writer, body);
        }

        if (!isEmpty)
        {
            writer.Blank();
        }
    }

    private void WriteBroadcast(SourceWriter writer, Value value, string name, string source)
    {
        string text = IsScalar ? source
            : value.Type == ScalarType.Boolean ? $"{source} ? {type}.AllBitsSet : {type}.Zero"
            : $"{target.VectorType}.Create({source})";
        writer.Write($"{(IsScalar && value.Type == ScalarType.Boolean ? "bool" : type)} {name} = {text};");
    }

    private void WriteLoops(SourceWriter writer, KernelBody body)
    {
        Kernel kernel = body.Kernel;
        if (IsScalar || kernel.Unroll == 1)
        {
            using (writer.Block($"for (nuint i = 0; i < count; i{(IsScalar ? "++" : $" += {vectorLength}")})"))
            {
                WriteElements(writer, body, 0, withComments: true);
            }

            return;
        }

        writer.Write("nuint i = 0;");
        writer.Write($"// {kernel.Unroll} vectors of {vectorLength} elements at a time: {kernel.UnrollReason}.");
        int together = kernel.Unroll * vectorLength;
        using (writer.Block($"for (nuint end = count - (count % {together}); i < end; i += {together})"))
        {
            for (int copy = 0; copy < kernel.Unroll; copy++)
            {
                using (writer.Block())
                {
                    WriteElements(writer, body, copy * vectorLength, withComments: copy == 0);
                }
            }
        }

        writer.Blank();
        using (writer.Block($"for (; i < count; i += {vectorLength})"))
        {
            WriteElements(writer, body, 0, withComments: false);
        }
    }

    private void WriteElements(SourceWriter writer, KernelBody body, int offset, bool withComments, Half half = Half.None)
    {
        string index = offset == 0 ? "i" : $"i + {offset}";
        if (body.UsesPhase && body.Kernel is { Reduction: null, IsOverRows: false } && target.IsX86)
        {
            WritePrefetch(writer, body, index, half);
        }

        Dialect dialect = DialectOf(body);
        body.Begin();
        foreach (Instruction instruction in body.Kernel.Body)
        {
            WriteInstruction(writer, body, instruction, dialect, index, withComments, half);
        }
    }

    private Dialect DialectOf(KernelBody body) => IsScalar
        ? new ScalarDialect(element, program.Values, body.NameOf, value => throw new InvalidOperationException($"a kernel has no {value.Kind} without a name"))
        : new VectorDialect(target.VectorType, element, program.Values, body.NameOf);

    private void WriteInstruction(SourceWriter writer, KernelBody body, Instruction instruction, Dialect dialect, string index, bool withComments, Half half)
    {
        switch (instruction)
        {
            case Load load when IsStored(body, load.Stream):
                writer.Write($"{body.Declare(load.Value, type, type)} = {body.StreamName(load.Stream)}.Load({index}).AsSingle();");
                break;

            case Load load:
                writer.Write($"{body.Declare(load.Value, type, type)} = {Read(body.StreamName(load.Stream), index)};");
                break;

            case Let let when body.HasVariable(let.Value):
                Value value = program.Values[let.Value];
                if (withComments && value.Comment is { } comment)
                {
                    writer.Write("// " + comment);
                }

                string definition = dialect.PrintDefinition(value), left = body.Declare(let.Value, type, IsScalar ? "bool" : type);
                // Only a variable that has the other value can keep it.
                using (let.NeededFor is { } condition && !left.Contains(' ') ? writer.Block($"if (phase.{condition})") : null)
                {
                    writer.WriteStatement($"{left} = {definition};");
                }

                break;

            case Store store when IsStored(body, store.Stream):
                WriteStoredStore(writer, body, store.Stream, dialect.Print(store.Value), half);
                break;

            case Store store when IsScalar:
                writer.WriteStatement($"Unsafe.Add(ref {body.StreamName(store.Stream)}, {index}) = {dialect.Print(store.Value)};");
                break;

            case Store store:
                writer.WriteStatement($"{target.VectorType}.StoreUnsafe({dialect.Print(store.Value)}, ref {body.StreamName(store.Stream)}, {index});");
                break;

            case When condition when half == Half.Lower && IsForGroup(body, condition):
                break;

            case When condition:
                if (withComments || IsForGroup(body, condition))
                {
                    writer.Write("// " + condition.Comment);
                }

                using (writer.Block($"if (phase.{condition.Condition})"))
                {
                    foreach (Instruction inner in condition.Body)
                    {
                        WriteInstruction(writer, body, inner, dialect, index, withComments, half);
                    }
                }

                break;
        }
    }

    private string Read(string stream, string index) => IsScalar ? $"Unsafe.Add(ref {stream}, {index})" : $"{target.VectorType}.LoadUnsafe(ref {stream}, {index})";

    /// <summary>Asks for memory that comes later, where the step goes over more than a cache holds. Arm's instruction for it is out of C#'s reach.</summary>
    private void WritePrefetch(SourceWriter writer, KernelBody body, string index, Half half)
    {
        using (writer.Block("if (phase.FetchesAhead)"))
        {
            foreach (int stream in body.Streams)
            {
                if (IsStored(body, stream))
                {
                    // A cache line has the codes of a whole group, or of more.
                    if (half == Half.Lower)
                    {
                        writer.Write($"{body.StreamName(stream)}.Prefetch(i);");
                    }

                    continue;
                }

                string condition = program.Streams[stream].Role == StreamRole.Average ? "if (phase.AveragesParameters) " : "";
                string call = $"Prefetch.Ahead(ref {body.StreamName(stream)}, {index});";
                if (condition.Length == 0)
                {
                    writer.Write(call);
                    continue;
                }

                using (writer.Block(condition.TrimEnd()))
                {
                    writer.Write(call);
                }
            }
        }

        writer.Blank();
    }

    private string FieldOf(int value, bool fromStreams)
    {
        bool ofTensor = rule.Tensors.Has(value);
        string place = (ofTensor, fromStreams) switch
        {
            (true, true) => "rule.Tensors[streams.Tensor]",
            (true, false) => "tensor",
            (false, true) => "rule.Groups[streams.Group]",
            (false, false) => "group",
        };
        return $"{place}.{(ofTensor ? rule.Tensors : rule.Groups).FieldOf(value)}";
    }

    private static bool Uses(KernelBody body, ValueStruct values) => body.Uniforms.Any(uniform => values.Has(uniform.Value.Id));
}
