using System.Globalization;
using OptimGen.Generator.Catalogue;
using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>
/// Prints what is shown on hover over the class: its equations, what it keeps and moves and computes for each element, and what the literature calls it. As remarks,
/// which stand beside the summary that the user's part of the class may have.
/// </summary>
internal static class RemarksEmitter
{
    public static void Write(SourceWriter writer, RuleSpec rule, StepProgram program)
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

        string[] kept = [.. Kept(rule, perRow: false), .. Kept(rule, perRow: true)];
        string state = kept.Length == 0 ? "no state" : string.Join(", and ", kept);
        writer.Write($"""
            /// </code>
            /// <para>It keeps {state}.</para>
            /// <para>{Costs(rule, program)}.</para>
            """);
        if (KnownRules.NameOf(rule, program) is { } name)
        {
            int reference = name.IndexOf(':') + 1;
            writer.Write($"""
                /// <para>Up to rounding it is {Text.Xml(name.Substring(0, reference))}
                /// {Text.Xml(name.Substring(reference + 1))}.</para>
                """);
        }

        writer.Write("/// </remarks>");
    }

    /// <summary>The states of elements, or of rows, if there are any.</summary>
    private static IEnumerable<string> Kept(RuleSpec rule, bool perRow)
    {
        StateSpec[] states = rule.States.Where(one => one.PerRow == perRow).ToArray();
        if (states.Length > 0)
        {
            yield return $"the state {string.Join(", ", states.Select(one => one.Name))}: {states.Sum(one => BytesOf(rule, one))} bytes for each {(perRow ? "row" : "element")}";
        }
    }

    private static int BytesOf(RuleSpec rule) => rule.ElementType.Bits() / 8;

    /// <summary>Without the two bytes that a block has for its scale.</summary>
    private static int BytesOf(RuleSpec rule, StateSpec state) => state.Storage?.Format switch
    {
        StorageFormat.BFloat16 => 2,
        StorageFormat.Block8 => 1,
        _ => BytesOf(rule),
    };

    private static int BytesOf(RuleSpec rule, StepProgram program, int stream) => program.Streams[stream].Role == StreamRole.State
        ? BytesOf(rule, rule.States[stream - program.Streams.First(one => one.Role == StreamRole.State).Id])
        : BytesOf(rule);

    /// <summary>Of a rule with several kernels, the least and the most that one of them needs.</summary>
    private static string Costs(RuleSpec rule, StepProgram program)
    {
        int Count<TInstruction>(Kernel kernel) => kernel.Instructions.OfType<TInstruction>().Count();
        int Bytes(Kernel kernel) => kernel.Instructions.Sum(one => one switch
        {
            Load load => BytesOf(rule, program, load.Stream),
            Store store => BytesOf(rule, program, store.Stream),
            _ => 0,
        });
        string Range(Func<Kernel, int> count)
        {
            int[] counts = [.. program.Updates.Select(count)];
            (string least, string most) = (counts.Min().ToString(CultureInfo.InvariantCulture), counts.Max().ToString(CultureInfo.InvariantCulture));
            return least == most ? least : $"{least} to {most}";
        }

        string operations = Range(Count<Let>);
        string reductions = program.Reductions.Count == 0 ? "" : $", after {program.Reductions.Count} reduction{(program.Reductions.Count > 1 ? "s" : "")}";
        string[] means = [.. program.RowMeans.Select(kernel => program.Streams[kernel.RowState!.Value].Name).Distinct()];
        reductions += means.Length == 0 ? "" : $", after the mean{(means.Length > 1 ? "s" : "")} over each row of {string.Join(", ", means)}";
        return $"A step reads {Range(Count<Load>)} streams and writes {Range(Count<Store>)}, "
            + $"{Range(Bytes)} bytes for each element, with {operations} operation{(operations == "1" ? "" : "s")}{reductions}";
    }
}
