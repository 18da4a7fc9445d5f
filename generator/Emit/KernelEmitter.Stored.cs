using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>
/// The kernels over streams in fewer bits. They are generic over how a stream is read and written, which the runtime has a struct for in each form; the
/// arithmetic is that of the other kernels.
/// </summary>
internal sealed partial class KernelEmitter
{
    /// <summary>As the runtime has them: the elements of a block, and those of a group, whose two halves share their random bits.</summary>
    private const int BlockLength = 256, GroupLength = 32, HalfGroup = GroupLength / 2;

    /// <summary>The accesses of the streams, with the interfaces that they have.</summary>
    private static readonly (string Name, string Interface)[] Accesses =
    [
        (ParameterAccess, "IStreamAccess"), (GradientAccess, "IGradientAccess"), (StateAccess, "IStreamAccess"), (NonNegativeAccess, "IStreamAccess"), (RandomAccess, "IRandomWords"),
    ];

    private const string ParameterAccess = "TParameter", GradientAccess = "TGradient", StateAccess = "TState", NonNegativeAccess = "TNonNegative", RandomAccess = "TRandom";

    private static readonly string TypeParameters = $"<{string.Join(", ", Accesses.Select(access => access.Name))}>";

    /// <summary>The part of a group that a copy of the body is for; none in a kernel over streams in the element type.</summary>
    private enum Half
    {
        None,
        Lower,
        Upper,
    }

    private bool HasStoredUpdates => !IsScalar && bodies.StoredUpdates.Length > 0;

    private string Words => $"{target.VectorType}<uint>";

    private string BaseClass => HasStoredUpdates ? $"StoredKernels<{element}, {Words}>" : $"RuleKernels<{element}>";

    private bool IsStored(KernelBody body, int stream) => body.Kernel.IsStored && program.Streams[stream].Role != StreamRole.Average;

    /// <summary>Whether a group is written at once, which the computed half then waits for.</summary>
    private bool IsWrittenByGroups(KernelBody body, int stream) => IsStored(body, stream) && program.Streams[stream].Role != StreamRole.Gradient;

    /// <summary>Whether all that a condition guards is done for both halves of a group at once: gradients are set to zero.</summary>
    private bool IsForGroup(KernelBody body, When condition) =>
        condition.Body.All(one => one is Store store && IsStored(body, store.Stream) && program.Streams[store.Stream].Role == StreamRole.Gradient);

    private string AccessOf(int stream) => program.Streams[stream].Role switch
    {
        StreamRole.Parameter => ParameterAccess,
        StreamRole.Gradient => GradientAccess,
        _ => program.Streams[stream].IsNonNegative ? NonNegativeAccess : StateAccess,
    };

    private string MakeAccess(int stream) => program.Streams[stream].Role switch
    {
        StreamRole.Parameter => $"{ParameterAccess}.Of(in stored, StoredStreams.Parameter)",
        StreamRole.Gradient => $"{GradientAccess}.Of(in stored)",
        _ => $"{AccessOf(stream)}.Of(in stored, {stream - 2})",
    };

    private void WriteStoredConstraints(SourceWriter writer)
    {
        foreach ((string name, string type) in Accesses)
        {
            writer.Write($"    where {name} : struct, {type}<{name}, {Words}>");
        }
    }

    private void WriteStoredLoops(SourceWriter writer, KernelBody body)
    {
        int[] read = body.Streams.Where(stream => IsWrittenByGroups(body, stream)).ToArray();
        int[] stored = read.Where(stream => body.Kernel.Body.OfType<Store>().Any(store => store.Stream == stream)).ToArray();
        using (writer.Block($"for (nuint start = 0; start < count; start += {BlockLength})"))
        {
            foreach (int stream in read)
            {
                writer.Write($"{body.StreamName(stream)}.BeginBlock(start);");
            }

            if (body.Uniforms.Count > 0)
            {
                writer.Blank();
                writer.Write("// Broadcast for each block: across the calls that encode one they would be spilled, and reloaded in the inner loop.");
            }

            WriteUniforms(writer, body);
            writer.Write($"nuint end = nuint.Min(start + {BlockLength}, count);");
            writer.Write($"// The elements i and i + {HalfGroup} of each {GroupLength} share the random bits of their rounding.");
            string next = vectorLength == HalfGroup ? $"i += {GroupLength}" : $"i += {vectorLength} + (i + {vectorLength} & {HalfGroup})";
            using (writer.Block($"for (nuint i = start; i < end; {next})"))
            {
                if (stored.Length > 0)
                {
                    writer.Write($"{Words} {body.RandomWordsName} = {body.RandomName}.Next();");
                    writer.WriteStatement($"{Words} {string.Join(", ", stored.Select(body.LowerName))};");
                }

                foreach (Half half in new[] { Half.Lower, Half.Upper })
                {
                    using (writer.Block())
                    {
                        WriteElements(writer, body, half == Half.Upper ? HalfGroup : 0, withComments: half == Half.Lower, half);
                    }
                }
            }

            writer.Blank();
            foreach (int stream in stored)
            {
                writer.Write($"{body.StreamName(stream)}.EndBlock();");
            }

            foreach (int stream in stored)
            {
                writer.Write($"{body.StreamName(stream)}.EncodeBlock(start);");
            }
        }

        writer.Blank();
        foreach (int stream in stored)
        {
            writer.Write($"{body.StreamName(stream)}.End(count);");
        }
    }

    private void WriteStoredStore(SourceWriter writer, KernelBody body, int stream, string value, Half half)
    {
        if (program.Streams[stream].Role == StreamRole.Gradient)
        {
            // What a step stores to gradients is zero.
            if (half == Half.Upper)
            {
                writer.Write($"{body.StreamName(stream)}.Clear(i);");
            }

            return;
        }

        string bits = $"{target.VectorType}.AsUInt32({value})", lower = body.LowerName(stream);
        writer.WriteStatement(half == Half.Lower ? $"{lower} = {bits};" : $"{body.StreamName(stream)}.Store({lower}, {bits}, {body.RandomWordsName}, i);");
    }
}
