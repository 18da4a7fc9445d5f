using OptimGen.Generator.Lowering;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>Where a step calls its kernels: that of the instruction set in use, and of the step's condition.</summary>
internal sealed partial class StepEmitter
{
    private void WriteReduceElements(SourceWriter writer)
    {
        writer.Write(Overridden);
        using (writer.Block(
            $"protected override void ReduceElements(int group, in global::OptimGen.KernelStreams<{element}> streams, global::System.Span<double> results)"))
        {
            writer.Write($"ref readonly {GeneratedMembers.ScalarsType} own = ref earlyScalars[group];");
            WriteStreams(writer);
            using (writer.Block("switch (base.InstructionSet)"))
            {
                foreach (KernelTarget target in KernelTarget.All)
                {
                    writer.Write($"{LabelOf(target)}:");
                    for (int i = 0; i < rule.Reductions.Count; i++)
                    {
                        writer.WriteStatement($"    results[{i}] = {target.ClassName}.Reduce{Identifier.Capitalize(rule.Reductions[i].Name)}({KernelArguments()});");
                    }

                    writer.Write("    break;");
                }
            }
        }
    }

    private void WriteUpdateElements(SourceWriter writer) => WriteUpdate(writer, "UpdateElements", lowered.Kernels.ToArray(), "");

    private void WriteUpdateInPhase(SourceWriter writer) => WriteUpdate(
        writer, "UpdateElementsInPhase", lowered.PhaseKernels.ToArray(), $", in global::OptimGen.StepPhase<{element}> phase");

    private void WriteUpdate(SourceWriter writer, string method, KernelBody[] kernels, string more)
    {
        writer.Write(Overridden);
        using (writer.Block($"protected override void {method}({(more.Length > 0 ? "\n    " : "")}int slot, in global::OptimGen.KernelStreams<{element}> streams{more})"))
        {
            writer.Write($"ref readonly {GeneratedMembers.ScalarsType} own = ref {GeneratedMembers.Scalars}[slot];");
            WriteStreams(writer);
            WriteChoice(writer, kernels);
        }
    }

    /// <summary>Chooses the kernel for the flags. One for special steps comes after the general one of the same flags, and is asked for before it.</summary>
    private void WriteChoice(SourceWriter writer, KernelBody[] kernels)
    {
        if (kernels.Length == 1)
        {
            WriteDispatch(writer, kernels[0]);
            return;
        }

        for (int i = kernels.Length - 1; i >= 0; i--)
        {
            string line = i == 0 ? "else" : $"{(i == kernels.Length - 1 ? "if" : "else if")} ({ConditionOf(kernels[i])})";
            using (writer.Block(line))
            {
                WriteDispatch(writer, kernels[i]);
            }
        }
    }

    private static string ConditionOf(KernelBody kernel) => string.Join(
        " && ",
        kernel.Condition.Flags.Select(flag => $"{(flag.Value ? "" : "!")}own.{Identifier.Capitalize(flag.Name)}")
            .Concat(kernel.Condition.UnitScalars.Select(name => $"own.{Identifier.Capitalize(name)} == 1")));

    private void WriteDispatch(SourceWriter writer, KernelBody kernel)
    {
        using (writer.Block("switch (base.InstructionSet)"))
        {
            foreach (KernelTarget target in KernelTarget.All)
            {
                writer.Write($"{LabelOf(target)}:");
                writer.WriteStatement($"    {target.ClassName}.{kernel.MethodName}({KernelArguments()}{(kernel.InPhase ? ", in phase" : "")});");
                writer.Write("    break;");
            }
        }
    }

    private static string LabelOf(KernelTarget target) =>
        target.VectorBits == 0 ? "default" : $"case global::OptimGen.InstructionSet.{target.Name}";

    private string KernelArguments() => string.Concat(rule.Streams.Select(stream => $"ref {stream}Stream, ")) + "streams.Count, in own";

    private void WriteStreams(SourceWriter writer)
    {
        writer.Write($"""
            ref {element} {Names.Parameter}Stream = ref streams.Parameter;
            ref {element} {Names.Gradient}Stream = ref streams.Gradient;
            """);
        for (int i = 0; i < rule.States.Count; i++)
        {
            writer.Write($"ref {element} {rule.States[i].Stream}Stream = ref streams.State({i});");
        }
    }

    /// <summary>The user's method itself, element by element: what every kernel must agree with to the bit.</summary>
    private void WriteUpdateByMethod(SourceWriter writer)
    {
        writer.Write("/// <inheritdoc/>");
        using (writer.Block($"protected override void UpdateElementsByMethod(int slot, in global::OptimGen.KernelStreams<{element}> streams)"))
        {
            writer.Write($"ref readonly {GeneratedMembers.ScalarsType} own = ref {GeneratedMembers.Scalars}[slot];");
            WriteStreams(writer);
            KernelBody stages = lowered.Stages!;
            foreach (string name in stages.Scalars)
            {
                writer.Write($"{element} {name} = own.{Identifier.Capitalize(name)};");
            }

            using (writer.Block("for (nuint i = 0; i < streams.Count; i++)"))
            {
                writer.Write($"{element} {Names.Parameter} = global::System.Runtime.CompilerServices.Unsafe.Add(ref parameterStream, i);");
                writer.Write($"{element} {Names.Gradient} = global::System.Runtime.CompilerServices.Unsafe.Add(ref gradientStream, i);");
                for (int i = 0; i < rule.States.Count; i++)
                {
                    writer.Write($"ref {element} {rule.States[i].Stream} = ref global::System.Runtime.CompilerServices.Unsafe.Add(ref {rule.States[i].Stream}Stream, i);");
                }

                HashSet<string> declared = [.. rule.Streams];
                var dialect = new ScalarDialect(element, name => name);
                foreach (Assignment assignment in stages.Assignments)
                {
                    writer.Write($"{(declared.Add(assignment.Name) ? element + " " : "")}{assignment.Name} = {dialect.Print(assignment.Value)};");
                }

                IEnumerable<string> arguments = rule.Method!.Arguments.Select(argument => argument.Kind switch
                {
                    ArgumentKind.State => "ref " + argument.Name,
                    ArgumentKind.Scalar or ArgumentKind.Flag => "own." + Identifier.Capitalize(argument.Name),
                    _ => argument.Name,
                });
                writer.WriteStatement($"global::System.Runtime.CompilerServices.Unsafe.Add(ref parameterStream, i) = {rule.Method.Name}({string.Join(", ", arguments)});");
            }
        }
    }
}
