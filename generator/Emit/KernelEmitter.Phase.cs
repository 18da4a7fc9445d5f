using OptimGen.Generator.Lowering;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>
/// The kernels that do the whole optimizer phase: the gradient is scaled and clipped before the rule, the gradient zeroed and the moving average of the
/// parameters brought up to date after it. Each is asked for at run time, by a branch that goes the same way for all elements; a step that asks for
/// none of them runs the kernel without them.
/// </summary>
internal sealed partial class KernelEmitter
{
    private const string Factor = "phaseFactor";
    private const string Limit = "phaseLimit";
    private const string Share = "phaseShare";
    private const string Average = "phaseAverage";

    private void WritePhaseKernel(SourceWriter writer, KernelBody kernel)
    {
        writer.Write($"// As {kernel.Condition.MethodName}, with what surrounds the rule in a step.");
        WriteSignature(writer, "void", kernel.MethodName, $",\n    in global::OptimGen.StepPhase<{element}> phase");
        using (writer.Block())
        {
            writer.Write($"ref {element} {Average}Stream = ref phase.Average;");
            WriteLoops(writer, kernel, unroll: 1);
        }
    }

    private static void WritePhaseScalars(SourceWriter writer, string type, Func<string, string> create)
    {
        writer.Write($"{type} {Factor} = {create("phase.GradientFactor")};");
        writer.Write($"{type} {Limit} = {create("phase.GradientLimit")};");
        writer.Write($"{type} {Share} = {create("phase.AverageShare")};");
    }

    /// <summary>Asks for what comes later, where it comes from memory. Arm's instruction for it is out of C#'s reach.</summary>
    private void WriteFetch(SourceWriter writer, IEnumerable<string> streams, string index)
    {
        if (target.IsX86)
        {
            using (writer.Block("if (phase.FetchesAhead)"))
            {
                foreach (string stream in streams)
                {
                    writer.Write($"global::OptimGen.Prefetch.Ahead(ref {stream}Stream, {index});");
                }

                using (writer.Block("if (phase.AveragesParameters)"))
                {
                    writer.Write($"global::OptimGen.Prefetch.Ahead(ref {Average}Stream, {index});");
                }
            }

            writer.Blank();
        }
    }

    private static void WriteBefore(SourceWriter writer, KernelBody kernel, Dialect dialect)
    {
        if (!kernel.Loads.Contains(Names.Gradient))
        {
            return;
        }

        var gradient = new Local(Names.Gradient);
        var limit = new Scalar(Limit);
        writer.Write("// before the rule: g ← clamp(f·g, −c, +c)");
        writer.Write($"{Names.Gradient} = {dialect.Print(gradient * new Scalar(Factor))};");
        using (writer.Block("if (phase.ClipsGradients)"))
        {
            Expression clipped = Expression.Of(Operator.Minimum, Expression.Of(Operator.Maximum, gradient, -limit), limit);
            writer.Write($"{Names.Gradient} = {dialect.Print(clipped)};");
        }

        writer.Blank();
    }

    private static void WriteAfter(
        SourceWriter writer, KernelBody kernel, HashSet<string> declared, Dialect dialect, string type, Func<string, string> load, Func<string, string> store)
    {
        writer.Blank();
        writer.Write("// after the rule: ā ← ā + (1 − β)(θ − ā), and g ← 0");
        using (writer.Block("if (phase.AveragesParameters)"))
        {
            var average = new Local(Average);
            string parameter = declared.Contains(Names.Parameter) ? "" : $"{type} {Names.Parameter} = {load(Names.Parameter)};\n";
            writer.Write($"{parameter}{type} {Average} = {load(Average)};");
            writer.Write($"{Average} = {dialect.Print(average + new Scalar(Share) * (new Local(Names.Parameter) - average))};");
            writer.Write(store(Average));
        }

        writer.Blank();
        using (writer.Block("if (phase.ZeroesGradients)"))
        {
            writer.Write($"{(declared.Contains(Names.Gradient) ? "" : type + " ")}{Names.Gradient} = {dialect.Print(0)};");
            writer.Write(store(Names.Gradient));
        }
    }
}
