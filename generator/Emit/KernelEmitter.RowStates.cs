using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>
/// What kernels do with states of rows. They are called for elements of one row, and take its numbers: a state before the step, or the mean that the engine
/// has made of the sums of other kernels.
/// </summary>
internal sealed partial class KernelEmitter
{
    private void WriteRowMeanCalls(SourceWriter writer, string method, KernelBody[] sums)
    {
        using (writer.Block($"public override void {method}(int state, in {StreamsOf(sums[0].Kernel)}<{element}> streams, in StepPhase<{element}> phase, ref double lanes)"))
        using (writer.Block("switch (state)"))
        {
            foreach (IGrouping<int?, KernelBody> ofState in sums.GroupBy(body => body.Kernel.RowState))
            {
                KernelBody[] kernels = ofState.ToArray();
                writer.Write($"case {PositionOf(ofState.Key!.Value)}:");
                if (kernels.Length == 1)
                {
                    writer.WriteStatement($"    {CallOf(kernels[0])}");
                    writer.Write("    break;");
                    continue;
                }

                using (writer.Block())
                {
                    WriteCallByFlags(writer, kernels);
                    writer.Blank();
                    writer.Write("break;");
                }
            }
        }
    }

    private string RowArguments(KernelBody body) => body.Kernel.IsOverRows ? ""
        : string.Concat(body.RowParameters.Keys.Select(id => program.Values[id]).Select(value => $", in streams.{Accessor(value)}({PositionOf(value.Index)})"));

    /// <summary>The numbers of one row of a list, and what is computed of them.</summary>
    private void WriteRowNumbers(SourceWriter writer, KernelBody body)
    {
        foreach ((Value value, string name) in body.Uniforms.Where(uniform => body.RowParameters.ContainsKey(uniform.Value.Id)))
        {
            WriteBroadcast(writer, value, name, $"rows.{Accessor(value)}({PositionOf(value.Index)}, k)");
        }

        WriteOfRow(writer, body);
    }

    /// <summary>The method of the streams that gives a number of a row.</summary>
    private static string Accessor(Value value) => value.Kind == ValueKind.RowState ? "RowState" : "RowMean";

    /// <summary>What is the same for every element of the row.</summary>
    private void WriteOfRow(SourceWriter writer, KernelBody body)
    {
        Dialect dialect = DialectOf(body);
        foreach ((Value value, string name) in body.OfRow)
        {
            string declared = IsScalar && value.Type == ScalarType.Boolean ? "bool" : type, statement = $"{declared} {name} = {dialect.PrintDefinition(value)};";
            if (value.Comment is { } comment)
            {
                writer.WriteCommented(statement, comment);
            }
            else
            {
                writer.WriteStatement(statement);
            }
        }
    }

    /// <summary>The position of a state in the definition, by its stream.</summary>
    private int PositionOf(int stream) => stream - program.Streams.First(one => one.Role == StreamRole.State).Id;
}
