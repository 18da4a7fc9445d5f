using OptimGen.Generator.Lowering;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>
/// The kernels that reduce. Element i is added to lane i mod 16, in double, and the lanes are added by a fixed tree; so the sum has the same bits
/// whatever the width of a vector.
/// </summary>
internal sealed partial class KernelEmitter
{
    private const int LanesOfReduction = 16;

    private void WriteReduction(SourceWriter writer, KernelBody kernel, ReductionSpec reduction)
    {
        WriteSignature(writer, "double", "Reduce" + Identifier.Capitalize(reduction.Name));
        using (writer.Block())
        {
            writer.Write("var lanes = default(global::OptimGen.ReductionLanes);");
            if (target.VectorBits > 0)
            {
                WriteGuard(writer);
            }

            writer.Write("nuint i = 0;");
            if (target.VectorBits > 0)
            {
                using (writer.Block())
                {
                    WriteBroadcasts(writer, kernel);
                    WriteLanes(writer, kernel, reduction);
                }

                writer.Blank();
            }

            using (writer.Block())
            {
                WriteScalars(writer, kernel);
                using (writer.Block("for (; i < count; i++)"))
                {
                    WriteElement(writer, kernel);
                    writer.Write($"double wide = {ReductionSpec.Value};");
                    writer.Write($"ref double lane = ref lanes[(int)(i % {LanesOfReduction})];");
                    writer.Write(Accumulate(reduction, "lane", "wide", "double"));
                }
            }

            writer.Blank();
            writer.Write($"return lanes.{(reduction.Kind == ReductionKind.MaxAbs ? "Max" : "Sum")}();");
        }
    }

    private void WriteLanes(SourceWriter writer, KernelBody kernel, ReductionSpec reduction)
    {
        string wide = $"{vectorType}<double>";
        int sums = LanesOfReduction * ElementType.Double.Bits() / target.VectorBits;
        for (int sum = 0; sum < sums; sum++)
        {
            writer.Write($"{wide} sum{sum} = {wide}.Zero;");
        }

        writer.Write($"// {LanesOfReduction} elements at a time, one for each lane.");
        using (writer.Block($"for (; count - i >= {LanesOfReduction}; i += {LanesOfReduction})"))
        {
            for (int vectorIndex = 0; vectorIndex < LanesOfReduction / vectorLength; vectorIndex++)
            {
                using (writer.Block())
                {
                    WriteElements(writer, kernel, vectorIndex * vectorLength);
                    if (spec.Rule.ElementType == ElementType.Double)
                    {
                        writer.Write(Accumulate(reduction, $"sum{vectorIndex}", ReductionSpec.Value, vectorType));
                        continue;
                    }

                    writer.Write($"({wide} lower, {wide} upper) = {vectorType}.Widen({ReductionSpec.Value});");
                    writer.Write(Accumulate(reduction, $"sum{2 * vectorIndex}", "lower", vectorType));
                    writer.Write(Accumulate(reduction, $"sum{2 * vectorIndex + 1}", "upper", vectorType));
                }
            }
        }

        writer.Blank();
        for (int sum = 0; sum < sums; sum++)
        {
            writer.Write($"{vectorType}.StoreUnsafe(sum{sum}, ref lanes[{sum * LanesOfReduction / sums}]);");
        }
    }

    private static string Accumulate(ReductionSpec reduction, string sum, string value, string math) => reduction.Kind switch
    {
        ReductionKind.Sum => $"{sum} += {value};",
        ReductionKind.MaxAbs => $"{sum} = {math}.Max({sum}, {math}.Abs({value}));",
        _ => $"{sum} += {value} * {value};",
    };
}
