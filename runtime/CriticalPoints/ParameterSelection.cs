using System.Numerics;

namespace OptimGen;

/// <summary>The parameters of a set, or of one group of it, as one vector.</summary>
internal sealed class ParameterSelection<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] offsets;

    public ParameterSelection(ParameterSet<T> parameters, ParameterGroup<T>? group)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (group is not null && group.Owner != parameters)
        {
            throw new ArgumentException($"The group '{group.Name}' is one of another parameter set.", nameof(group));
        }

        if (parameters.FirstOrDefault(parameter => parameter.Block.IsStored) is { } stored)
        {
            throw new ArgumentException(
                $"Parameter '{stored.Name}' has values or gradient in bfloat16, whose spacing is larger than the differences that are taken here.", nameof(parameters));
        }

        Set = parameters;
        Parameters = [.. parameters.Where(parameter => group is null || parameter.Group == group)];
        if (Parameters.Length == 0)
        {
            throw group is null
                ? new ArgumentException("The set has no parameters.", nameof(parameters))
                : new ArgumentException($"The group '{group.Name}' has no parameters.", nameof(group));
        }

        offsets = new int[Parameters.Length];
        long length = 0;
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = (int)length;
            length += Parameters[i].Length;
            if (length > Array.MaxLength)
            {
                throw new ArgumentException($"The parameters have more than {Array.MaxLength} elements, the most that one vector has.", nameof(parameters));
            }
        }

        Length = (int)length;
    }

    public ParameterSet<T> Set { get; }

    public Parameter<T>[] Parameters { get; }

    /// <summary>The number of elements of all of the parameters, n.</summary>
    public int Length { get; }

    /// <summary>The position of the first element of the parameter at an index.</summary>
    public int Offset(int index) => offsets[index];
}
