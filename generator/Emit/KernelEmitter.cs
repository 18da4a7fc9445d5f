using OptimGen.Generator.Lowering;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>
/// Prints the kernels of a rule for one instruction set: a loop over several vectors, a loop over one vector, and a loop over single elements
/// for the rest, all from one tree.
/// </summary>
internal sealed class KernelEmitter
{
    private const string ElementType = "float";
    private const int ElementBits = 32;

    private readonly OptimizerSpec spec;
    private readonly LoweredRule rule;
    private readonly KernelTarget target;
    private readonly PlatformNames names;
    private readonly string vectorType;
    private readonly string[] streams;
    private readonly Dialect scalar = new ScalarDialect(ElementType, name => name);
    private readonly Dialect vector;
    private readonly int lanes;

    private KernelEmitter(OptimizerSpec spec, LoweredRule rule, KernelTarget target)
    {
        (this.spec, this.rule, this.target) = (spec, rule, target);
        streams = [Names.Parameter, Names.Gradient, .. spec.Rule.States.Select(state => state.Name)];
        names = new PlatformNames(spec.Type.HidesPlatformNames);
        vectorType = names.Vector(target);
        vector = new VectorDialect(vectorType, ElementType);
        lanes = target.VectorBits / ElementBits;
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
                for (int i = 0; i < rule.Kernels.Count; i++)
                {
                    if (i > 0)
                    {
                        writer.Blank();
                    }

                    WriteKernel(writer, rule.Kernels[i]);
                }
            }
        }
    });

    private void WriteKernel(SourceWriter writer, KernelBody kernel)
    {
        if (kernel.Name != RuleLowering.MainKernel)
        {
            writer.Write("// For the steps on which the bias correction has become exactly 1.");
        }

        writer.Write($"""
            // Without this attribute the first steps would run unoptimized, about fifty times slower.
            {names.AggressiveOptimization}
            public static void {kernel.Name}(
            """);
        foreach (string stream in streams)
        {
            writer.Write($"    ref {ElementType} {stream}Stream,");
        }

        writer.Write("""
                nuint count,
                in Scalars scalars)
            """);
        using (writer.Block())
        {
            if (target.VectorBits == 0)
            {
                WriteElementLoop(writer, kernel, "nuint i = 0");
            }
            else
            {
                WriteVectorLoops(writer, kernel);
            }
        }
    }

    private void WriteVectorLoops(SourceWriter writer, KernelBody kernel)
    {
        int unroll = Unrolling.FactorFor(kernel);
        string supported = string.Join(" && ", target.Guards.Select(guard => $"{names.Guard(guard)}.IsSupported"));
        writer.Write($$"""
            if (!{{(target.Guards.Length > 1 ? $"({supported})" : supported)}})
            {
                throw new global::System.PlatformNotSupportedException("This kernel needs {{target.Description.Split(':')[0]}}.");
            }

            nuint i = 0;
            """);
        using (writer.Block())
        {
            foreach (string name in kernel.Scalars)
            {
                writer.Write($"{vectorType}<{ElementType}> {name} = {vectorType}.Create(scalars.{Text.Capitalize(name)});");
            }

            if (kernel.Scalars.Count > 0)
            {
                writer.Blank();
            }

            if (unroll > 1)
            {
                writer.Write($"// {unroll} vectors of {lanes} elements at a time: {Unrolling.Reason(kernel)}");
                using (writer.Block($"for (; count - i >= {unroll * lanes}; i += {unroll * lanes})"))
                {
                    for (int copy = 0; copy < unroll; copy++)
                    {
                        using (writer.Block())
                        {
                            WriteElements(writer, kernel, copy * lanes);
                        }
                    }
                }

                writer.Blank();
            }

            writer.Write($"// One vector of {lanes} elements at a time.");
            using (writer.Block($"for (; count - i >= {lanes}; i += {lanes})"))
            {
                WriteElements(writer, kernel, 0);
            }
        }

        writer.Blank();
        writer.Write($"// The last 0 to {lanes - 1} elements, by the same operations.");
        using (writer.Block())
        {
            WriteElementLoop(writer, kernel, "");
        }
    }

    private void WriteElementLoop(SourceWriter writer, KernelBody kernel, string initialization)
    {
        foreach (string name in kernel.Scalars)
        {
            writer.Write($"{ElementType} {name} = scalars.{Text.Capitalize(name)};");
        }

        if (kernel.Scalars.Count > 0)
        {
            writer.Blank();
        }

        using (writer.Block($"for ({initialization}; i < count; i++)"))
        {
            WriteBody(
                writer, kernel, scalar, ElementType,
                load: stream => $"{names.Unsafe}.Add(ref {stream}Stream, i)",
                store: stream => $"{names.Unsafe}.Add(ref {stream}Stream, i) = {stream};");
        }
    }

    private void WriteElements(SourceWriter writer, KernelBody kernel, int offset)
    {
        string index = offset == 0 ? "i" : $"i + {offset}";
        WriteBody(
            writer, kernel, vector, $"{vectorType}<{ElementType}>",
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

        foreach (Assignment assignment in kernel.Assignments)
        {
            if (assignment.Comment is { } comment)
            {
                writer.Write("// " + comment);
            }

            string declaration = declared.Add(assignment.Name) ? (assignment.Value.IsBoolean && type == ElementType ? "bool " : type + " ") : "";
            writer.WriteStatement($"{declaration}{assignment.Name} = {dialect.Print(assignment.Value)};");
        }

        foreach (string stream in kernel.Stores)
        {
            writer.Write(store(stream));
        }
    }
}
