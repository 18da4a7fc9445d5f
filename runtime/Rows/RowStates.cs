using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>The states with one number for each row (<see cref="StateGranularity.Row"/>): for each parameter and state as many as the size of the first dimension.</summary>
internal sealed class RowStates<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ElementMemory<T>[][] numbers;

    private RowStates(IReadOnlyList<StateDefinition> definitions, ParameterSet<T> parameters)
    {
        Indices = [.. Enumerable.Range(0, definitions.Count).Where(index => definitions[index].Granularity == StateGranularity.Row)];
        numbers = [.. parameters.Select(parameter => definitions.Select(definition => Allocate(definition, parameter.Shape[0])).ToArray())];
    }

    /// <summary>The positions of the states in the definition.</summary>
    public int[] Indices { get; }

    /// <summary>The bytes of all of them.</summary>
    public long ByteCount => numbers.Sum(tensor => tensor.Sum(state => (long)state.Memory.Length * Unsafe.SizeOf<T>()));

    /// <returns>The states, at their initial values; <see langword="null"/> if no state is one of rows.</returns>
    /// <exception cref="NotSupportedException">Such a state is defined to be kept in another form, or to start as a copy of the parameters.</exception>
    public static RowStates<T>? Of(IReadOnlyList<StateDefinition> definitions, ParameterSet<T> parameters)
    {
        foreach (StateDefinition definition in definitions)
        {
            if (definition.Granularity == StateGranularity.Row && (definition.CopiesParameter || definition.Storage != Storage.Native))
            {
                throw new NotSupportedException(
                    $"State '{definition.Name}' has one number for each row, and cannot "
                    + (definition.CopiesParameter ? "start as a copy of the parameters." : $"be kept as {definition.Storage}; it is kept in the element type."));
            }
        }

        return definitions.Any(definition => definition.Granularity == StateGranularity.Row) ? new RowStates<T>(definitions, parameters) : null;
    }

    /// <summary>The numbers of a state of a parameter.</summary>
    public Memory<T> MemoryOf(int tensor, int index) => numbers[tensor][index].Memory;

    /// <summary>The number of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(int tensor, int index, int row) => ref numbers[tensor][index].At(row);

    private static ElementMemory<T> Allocate(StateDefinition definition, int rowCount)
    {
        if (definition.Granularity != StateGranularity.Row)
        {
            return new ElementMemory<T>(default);
        }

        Memory<T> memory = AlignedMemory.Allocate<T>(rowCount);
        memory.Span.Fill(T.CreateTruncating(definition.InitialValue));
        return new ElementMemory<T>(memory);
    }
}
