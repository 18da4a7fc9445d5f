using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>
/// The kernels over some rows of a table. A row is a few vectors, so a call for each would cost as much as its arithmetic: here the scalars of the step are
/// broadcast once for all rows, and the rows that come later are prefetched.
/// </summary>
internal sealed partial class KernelEmitter
{
    /// <summary>The bits of a cache line.</summary>
    private const int LineBits = 512;

    private static string StreamsOf(Kernel kernel) => kernel.IsOverRows ? "RowStreams" : "KernelStreams";

    /// <summary>Whether a stream is the same part of every row of the table; the gradients of a row, and the average, are found for each row.</summary>
    private bool IsTable(int stream) => program.Streams[stream].Role is StreamRole.Parameter or StreamRole.State;

    private void WriteRowLoops(SourceWriter writer, KernelBody body)
    {
        writer.Write("nuint count = rows.Count;");
        using (writer.Block("for (int k = 0; k < rows.RowCount; k++)"))
        {
            // Rows whose means come first are in a cache when they are updated.
            if (target.IsX86 && bodies.RowMeans.Length == 0)
            {
                WriteRowPrefetch(writer, body);
            }

            if (body.Streams.Any(stream => program.Streams[stream].Role != StreamRole.Gradient))
            {
                writer.Write("nuint row = rows.Start(k);");
            }

            foreach (int stream in body.Streams)
            {
                string first = program.Streams[stream].Role switch
                {
                    StreamRole.Gradient => "rows.Gradient(k)",
                    StreamRole.Average => "phase.AverageAt(row)",
                    _ => $"Unsafe.Add(ref {body.TableName(stream)}, row)",
                };
                writer.Write($"ref {element} {body.StreamName(stream)} = ref {first};");
            }

            WriteRowNumbers(writer, body);
            if (body.Kernel.Reduction is { } reduction)
            {
                WriteReduction(writer, body, reduction);
                writer.Write("// Those of the next row.");
                writer.Write($"lanes = ref Unsafe.Add(ref lanes, {LanesOfReduction});");
                return;
            }

            using (writer.Block($"for (nuint i = 0; i < count; i{(IsScalar ? "++" : $" += {vectorLength}")})"))
            {
                WriteElements(writer, body, 0, withComments: true);
            }
        }
    }

    private void WriteRowPrefetch(SourceWriter writer, KernelBody body)
    {
        writer.Write("// Several rows at once, so that the processor translates the addresses of their pages side by side.");
        using (writer.Block("for (int ahead = rows.FirstAhead(k, out int end); ahead < end; ahead++)"))
        {
            writer.Write("nuint start = rows.Start(ahead);");
            using (writer.Block($"for (nuint i = 0; i < rows.PrefetchedCount; i += {LineBits / program.ElementType.Bits()})"))
            {
                foreach (int stream in body.Streams.Where(IsTable))
                {
                    writer.Write($"Prefetch.Line(ref {body.TableName(stream)}, start + i);");
                }

                using (writer.Block("if (phase.AveragesParameters)"))
                {
                    writer.Write("Prefetch.Line(ref phase.Average, start + i);");
                }
            }
        }

        writer.Blank();
    }
}
