using OptimGen.Generator.Lowering;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>
/// Prints the kernels of a rule for one instruction set: a loop over several vectors, a loop over one vector, and a loop over single elements
/// for the rest, all from one tree.
/// </summary>
internal sealed partial class KernelEmitter
{
    private readonly OptimizerSpec spec;
    private readonly LoweredRule rule;
    private readonly KernelTarget target;
    private readonly PlatformNames names;
    private readonly string vectorType;
    private readonly string[] streams;
    private readonly string element;
    private readonly Dialect scalar;
    private readonly Dialect vector;
    private readonly int vectorLength;

    private KernelEmitter(OptimizerSpec spec, LoweredRule rule, KernelTarget target)
    {
        (this.spec, this.rule, this.target) = (spec, rule, target);
        streams = [.. spec.Rule.Streams];
        element = spec.Rule.ElementType.Keyword();
        scalar = new ScalarDialect(element, name => name);
        names = new PlatformNames(spec.Type.HidesPlatformNames);
        vectorType = names.Vector(target);
        vector = new VectorDialect(vectorType, element);
        vectorLength = target.VectorBits / spec.Rule.ElementType.Bits();
    }

    public static string Emit(OptimizerSpec spec, LoweredRule rule, KernelTarget target) => new KernelEmitter(spec, rule, target).Emit();

    private string Emit() => GeneratedFile.Write(spec.Type, names.Usings(target), writer =>
    {
        using (writer.Block($"partial class {spec.Type.Name}"))
        {
            writer.Write($"""
                /// <summary>The rule for {target.Description}.</summary>
                {GeneratedFile.Attribute}
                """);
            using (writer.Block($"private static class {target.ClassName}"))
            {
                IEnumerable<Action> methods =
                [
                    .. rule.Kernels.Select(kernel => (Action)(() => WriteKernel(writer, kernel))),
                    .. rule.PhaseKernels.Select(kernel => (Action)(() => WritePhaseKernel(writer, kernel))),
                    .. rule.Reductions.Select((kernel, index) => (Action)(() => WriteReduction(writer, kernel, spec.Rule.Reductions[index]))),
                ];
                writer.Separate(methods);
            }
        }
    });

    private void WriteKernel(SourceWriter writer, KernelBody kernel)
    {
        if (kernel.Condition.Description is { } description)
        {
            writer.Write($"// For the steps on which {description}.");
        }

        WriteSignature(writer, "void", kernel.Condition.MethodName);
        using (writer.Block())
        {
            WriteLoops(writer, kernel, Unrolling.FactorFor(kernel));
        }
    }

    private void WriteLoops(SourceWriter writer, KernelBody kernel, int unroll)
    {
        if (target.VectorBits == 0)
        {
            WriteScalars(writer, kernel);
            WriteElementLoop(writer, kernel, "nuint i = 0");
        }
        else
        {
            WriteVectorLoops(writer, kernel, unroll);
        }
    }

    private void WriteSignature(SourceWriter writer, string returned, string name, string more = "")
    {
        writer.Write($"""
            // Optimized at once, or the first steps would be about fifty times slower; and alone, with every register to itself.
            {names.OptimizedAlone}
            public static {returned} {name}(
            """);
        foreach (string stream in streams)
        {
            writer.Write($"    ref {element} {stream}Stream,");
        }

        writer.Write($"""
                nuint count,
                in Scalars scalars{more})
            """);
    }

    private void WriteGuard(SourceWriter writer)
    {
        string supported = string.Join(" && ", target.Guards.Select(guard => $"{names.Guard(guard)}.IsSupported"));
        writer.Write($$"""
            if (!{{(target.Guards.Length > 1 ? $"({supported})" : supported)}})
            {
                throw new global::System.PlatformNotSupportedException("This kernel needs {{target.Description.Split(':')[0]}}.");
            }

            """);
    }

    private void WriteScalars(SourceWriter writer, KernelBody kernel) => WriteScalars(writer, kernel, element, value => value);

    private void WriteBroadcasts(SourceWriter writer, KernelBody kernel) =>
        WriteScalars(writer, kernel, $"{vectorType}<{element}>", value => $"{vectorType}.Create({value})");

    private static void WriteScalars(SourceWriter writer, KernelBody kernel, string type, Func<string, string> create)
    {
        foreach (string name in kernel.Scalars)
        {
            writer.Write($"{type} {name} = {create($"scalars.{Identifier.Capitalize(name)}")};");
        }

        if (kernel.InPhase)
        {
            WritePhaseScalars(writer, type, create);
        }

        if (kernel.Scalars.Count > 0 || kernel.InPhase)
        {
            writer.Blank();
        }
    }

    private void WriteVectorLoops(SourceWriter writer, KernelBody kernel, int unroll)
    {
        WriteGuard(writer);
        writer.Write("nuint i = 0;");
        using (writer.Block())
        {
            WriteBroadcasts(writer, kernel);
            if (unroll > 1)
            {
                writer.Write($"// {unroll} vectors of {vectorLength} elements at a time: {Unrolling.Reason(kernel)}");
                writer.Write($"nuint end = count - count % {unroll * vectorLength};");
                using (writer.Block($"for (; i < end; i += {unroll * vectorLength})"))
                {
                    for (int copy = 0; copy < unroll; copy++)
                    {
                        using (writer.Block())
                        {
                            WriteElements(writer, kernel, copy * vectorLength);
                        }
                    }
                }

                writer.Blank();
            }

            writer.Write($"// One vector of {vectorLength} elements at a time.");
            writer.Write($"{(unroll > 1 ? "" : "nuint ")}end = count - count % {vectorLength};");
            using (writer.Block($"for (; i < end; i += {vectorLength})"))
            {
                WriteElements(writer, kernel, 0);
            }
        }

        writer.Blank();
        writer.Write($"// The last 0 to {vectorLength - 1} elements, by the same operations.");
        using (writer.Block("if (i < count)"))
        {
            WriteScalars(writer, kernel);
            WriteElementLoop(writer, kernel, "");
        }
    }

    private void WriteElementLoop(SourceWriter writer, KernelBody kernel, string initialization)
    {
        using (writer.Block($"for ({initialization}; i < count; i++)"))
        {
            WriteElement(writer, kernel);
        }
    }

    private void WriteElement(SourceWriter writer, KernelBody kernel) => WriteBody(
        writer, kernel, scalar, element,
        load: stream => $"{names.Unsafe}.Add(ref {stream}Stream, i)",
        store: stream => $"{names.Unsafe}.Add(ref {stream}Stream, i) = {stream};");

    private void WriteElements(SourceWriter writer, KernelBody kernel, int offset)
    {
        string index = offset == 0 ? "i" : $"i + {offset}";
        if (kernel.InPhase)
        {
            WriteFetch(writer, streams.Where(stream => kernel.Loads.Contains(stream) || kernel.Stores.Contains(stream)), index);
        }

        WriteBody(
            writer, kernel, vector, $"{vectorType}<{element}>",
            load: stream => $"{vectorType}.LoadUnsafe(ref {stream}Stream, {index})",
            store: stream => $"{vectorType}.StoreUnsafe({stream}, ref {stream}Stream, {index});");
    }

    private static void WriteBody(
        SourceWriter writer, KernelBody kernel, Dialect dialect, string type, Func<string, string> load, Func<string, string> store)
    {
        HashSet<string> declared = [.. kernel.Loads];
        foreach (string stream in kernel.Loads)
        {
            writer.Write($"{type} {stream} = {load(stream)};");
        }

        if (kernel.InPhase)
        {
            WriteBefore(writer, kernel, dialect);
        }

        foreach (Assignment assignment in kernel.Assignments)
        {
            if (assignment.Comment is { } comment)
            {
                writer.Write("// " + comment);
            }

            string declaration = declared.Add(assignment.Name) ? (assignment.Value.IsBoolean && dialect is ScalarDialect ? "bool " : type + " ") : "";
            writer.WriteStatement($"{declaration}{assignment.Name} = {dialect.Print(assignment.Value)};");
        }

        foreach (string stream in kernel.Stores)
        {
            writer.Write(store(stream));
        }

        if (kernel.InPhase)
        {
            WriteAfter(writer, kernel, declared, dialect, type, load, store);
        }
    }
}
