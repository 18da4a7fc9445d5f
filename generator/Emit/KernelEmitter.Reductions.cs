using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>
/// The kernels that reduce. Element i is added to lane i mod 16, in double; the engine adds the lanes by a fixed tree. So a sum has the same bits whatever
/// the width of a vector.
/// </summary>
internal sealed partial class KernelEmitter
{
    private const int LanesOfReduction = 16;

    private void WriteReduction(SourceWriter writer, KernelBody body, ReductionKind reduction)
    {
        if (IsScalar)
        {
            using (writer.Block("for (nuint i = 0; i < count; i++)"))
            {
                WriteElements(writer, body, 0, withComments: true);
                writer.Write($"double wide = {PrintReduced(body)};");
                writer.Write($"ref double lane = ref Unsafe.Add(ref lanes, i % {LanesOfReduction});");
                writer.Write(Accumulate(reduction, "lane", "wide", "double"));
            }

            return;
        }

        string wide = $"{target.VectorType}<double>";
        int sums = LanesOfReduction * ElementType.Double.Bits() / target.VectorBits, inSum = LanesOfReduction / sums;
        for (int sum = 0; sum < sums; sum++)
        {
            writer.Write($"{wide} sum{sum} = {target.VectorType}.LoadUnsafe(ref lanes, {sum * inSum});");
        }

        writer.Write($"// {LanesOfReduction} elements at a time, one for each lane.");
        using (writer.Block($"for (nuint i = 0; i < count; i += {LanesOfReduction})"))
        {
            for (int vector = 0; vector < LanesOfReduction / vectorLength; vector++)
            {
                using (writer.Block())
                {
                    WriteElements(writer, body, vector * vectorLength, withComments: vector == 0);
                    if (program.ElementType == ElementType.Double)
                    {
                        writer.Write($"{wide} wide = {PrintReduced(body)};");
                        writer.Write(Accumulate(reduction, $"sum{vector}", "wide", target.VectorType));
                        continue;
                    }

                    writer.Write($"({wide} lower, {wide} upper) = {target.VectorType}.Widen({PrintReduced(body)});");
                    writer.Write(Accumulate(reduction, $"sum{2 * vector}", "lower", target.VectorType));
                    writer.Write(Accumulate(reduction, $"sum{2 * vector + 1}", "upper", target.VectorType));
                }
            }
        }

        writer.Blank();
        for (int sum = 0; sum < sums; sum++)
        {
            writer.Write($"{target.VectorType}.StoreUnsafe(sum{sum}, ref lanes, {sum * inSum});");
        }
    }

    private string PrintReduced(KernelBody body) => DialectOf(body).Print(body.Kernel.Body.OfType<Accumulate>().Single().Value);

    private static string Accumulate(ReductionKind reduction, string sum, string value, string math) => reduction switch
    {
        ReductionKind.Sum => $"{sum} += {value};",
        ReductionKind.MaxAbs => $"{sum} = {math}.Max({sum}, {math}.Abs({value}));",
        _ => $"{sum} += {value} * {value};",
    };
}
