using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>
/// The kernels over states in fewer bits. They are generic over how a state is read and written, which the runtime has a struct for in each form; the
/// arithmetic is that of the other kernels.
/// </summary>
internal sealed partial class KernelEmitter
{
    /// <summary>As the runtime has them: the elements of a block, and those of a group, whose two halves share their random bits.</summary>
    private const int BlockLength = 256, GroupLength = 32, HalfGroup = GroupLength / 2;

    private const string TypeParameters = "<TState, TNonNegative>";

    /// <summary>The part of a group that a copy of the body is for; none in a kernel over states in the element type.</summary>
    private enum Half
    {
        None,
        Lower,
        Upper,
    }

    private bool HasStoredUpdates => !IsScalar && bodies.StoredUpdates.Length > 0;

    private string Words => $"{target.VectorType}<uint>";

    private string BaseClass => HasStoredUpdates ? $"StoredStateKernels<{element}, {Words}>" : $"RuleKernels<{element}>";

    private bool IsStored(KernelBody body, int stream) => body.Kernel.IsStored && program.Streams[stream].Role == StreamRole.State;

    private string AccessOf(int stream) => program.Streams[stream].IsNonNegative ? "TNonNegative" : "TState";

    private void WriteStoredConstraints(SourceWriter writer)
    {
        foreach (string parameter in TypeParameters.Trim('<', '>').Split([", "], StringSplitOptions.None))
        {
            writer.Write($"    where {parameter} : struct, IStoredState<{parameter}, {Words}>");
        }
    }

    private void WriteStoredLoops(SourceWriter writer, KernelBody body)
    {
        int[] states = body.Streams.Where(stream => IsStored(body, stream)).ToArray();
        int[] stored = states.Where(stream => body.Kernel.Body.OfType<Store>().Any(store => store.Stream == stream)).ToArray();
        using (writer.Block($"for (nuint start = 0; start < count; start += {BlockLength})"))
        {
            foreach (int stream in states)
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
        string bits = $"{target.VectorType}.AsUInt32({value})", lower = body.LowerName(stream);
        writer.WriteStatement(half == Half.Lower ? $"{lower} = {bits};" : $"{body.StreamName(stream)}.Store({lower}, {bits}, i);");
    }
}
