using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// A few hundred neighbouring elements of one tensor in the element type, decoded from the form in which they are kept, for the kernels to update. It
/// stays in the first-level cache, so that memory sees the encoded form alone. Each thread has one.
/// </summary>
internal sealed class StepTile<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The number of elements: whole blocks. Memory is read while a tile is updated, and hardly while it is decoded and encoded; so short tiles, which take
    /// turns quickly, gain from memory what their calls cost. Measured at 64 Mi parameters: 1,024 takes up to 1.2 times as long, and 128 too.
    /// </summary>
    public const int Length = 256;

    [ThreadStatic]
    private static StepTile<T>? ofThread;

    private Memory<T> memory;
    private ElementMemory<T> elements;
    private int[] slots = [];
    private int start;

    /// <summary>The tile of this thread.</summary>
    /// <param name="slots">For each state its slot in the tile, or −1 if it is not kept in another form.</param>
    public static StepTile<T> Of(int[] slots)
    {
        StepTile<T> tile = ofThread ??= new StepTile<T>();
        tile.slots = slots;
        if (tile.memory.Length < slots.Length * Length)
        {
            tile.memory = AlignedMemory.Allocate<T>(slots.Length * Length);
            tile.elements = new ElementMemory<T>(tile.memory);
        }

        return tile;
    }

    /// <summary>Moves the tile to an element of the run.</summary>
    public void MoveTo(int start) => this.start = start;

    /// <summary>Whether the kernels find a state here.</summary>
    public bool HasState(int index) => slots[index] >= 0;

    /// <summary>The element of a state at a position in the run.</summary>
    public ref T State(int index, int position) => ref elements.At((slots[index] * Length) + position - start);

    /// <summary>The elements of a state, which are floats.</summary>
    public Span<float> Values(int index, int count) => MemoryMarshal.CreateSpan(ref Unsafe.As<T, float>(ref State(index, start)), count);
}
