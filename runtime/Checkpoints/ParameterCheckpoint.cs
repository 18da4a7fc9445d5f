using System.Numerics;

namespace OptimGen;

/// <summary>The values of parameters in a checkpoint, by the parameters' names.</summary>
internal static class ParameterCheckpoint
{
    /// <exception cref="InvalidOperationException">The parameters stand at an average, or wrapped memory cannot be used any more.</exception>
    public static void Save<T>(ParameterSet<T> parameters, CheckpointWriter writer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireTrained(parameters, "saved");
        parameters.RequireMemory();
        foreach (Parameter<T> parameter in parameters)
        {
            if (parameter.ValueStorage == Storage.BFloat16)
            {
                writer.Write<BFloat16>(parameter.Name, parameter.Block.BFloat16Values.Memory, [.. parameter.Shape]);
            }
            else
            {
                writer.Write<T>(parameter.Name, parameter.Block.Values.Slice(parameter.Offset, parameter.Length), [.. parameter.Shape]);
            }
        }
    }

    public static Action Load<T>(ParameterSet<T> parameters, CheckpointReader reader)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireTrained(parameters, "loaded");
        parameters.RequireMemory();
        Action commit = () => { };
        foreach (Parameter<T> parameter in parameters)
        {
            if (parameter.ValueStorage == Storage.BFloat16)
            {
                BFloat16[] values = reader.ReadArray<BFloat16>(parameter.Name, [.. parameter.Shape]);
                commit += () => values.CopyTo(parameter.BFloat16Values);
            }
            else
            {
                T[] values = reader.ReadArray<T>(parameter.Name, [.. parameter.Shape]);
                commit += () => values.CopyTo(parameter.Values);
            }
        }

        return commit;
    }

    private static void RequireTrained<T>(ParameterSet<T> parameters, string action)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (parameters.TrainingPoint.IsReplaced)
        {
            throw new InvalidOperationException(
                $"The parameters cannot be {action} while they stand at an average. Dispose of the {nameof(EvaluatedAverages)} first; "
                + $"to save the average itself, copy it ({nameof(ParameterAverage<T>)}.{nameof(ParameterAverage<T>.Of)}).");
        }
    }
}
