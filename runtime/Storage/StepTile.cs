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

    /// <summary>The most elements that it has room for, where only parameters and gradients are in it.</summary>
    public const int Capacity = 1024;

    [ThreadStatic]
    private static StepTile<T>? ofThread;

    /// <summary>The slots of the parameters and of the gradients; those of the states follow.</summary>
    private const int ParameterSlot = 0, GradientSlot = 1, FirstState = 2;

    private Memory<T> memory;
    private ElementMemory<T> elements;
    private int[] slots = [];
    private int start;

    /// <summary>Whether the kernels find the parameters here.</summary>
    public bool HasParameter { get; private set; }

    /// <summary>Whether the kernels find the gradients here.</summary>
    public bool HasGradient { get; private set; }

    /// <summary>The tile of this thread.</summary>
    /// <param name="slots">For each state its slot among those in the tile, or −1 if it is not kept in another form.</param>
    /// <param name="hasParameter">Whether it is to hold the parameters.</param>
    /// <param name="hasGradient">Whether it is to hold the gradients.</param>
    public static StepTile<T> Of(int[] slots, bool hasParameter, bool hasGradient)
    {
        StepTile<T> tile = ofThread ??= new StepTile<T>();
        tile.slots = slots;
        (tile.HasParameter, tile.HasGradient) = (hasParameter, hasGradient);
        int length = (FirstState + slots.Length) * Capacity;
        if (tile.memory.Length < length)
        {
            tile.memory = AlignedMemory.Allocate<T>(length);
            tile.elements = new ElementMemory<T>(tile.memory);
        }

        return tile;
    }

    /// <summary>Moves the tile to an element of the run.</summary>
    public void MoveTo(int start) => this.start = start;

    /// <summary>Whether the kernels find a state here.</summary>
    public bool HasState(int index) => slots[index] >= 0;

    /// <summary>The parameter at a position in the run.</summary>
    public ref T Parameter(int position) => ref At(ParameterSlot, position);

    /// <summary>The gradient at a position in the run.</summary>
    public ref T Gradient(int position) => ref At(GradientSlot, position);

    /// <summary>The element of a state at a position in the run.</summary>
    public ref T State(int index, int position) => ref At(FirstState + slots[index], position);

    /// <summary>The parameters, which are floats.</summary>
    public Span<float> Parameters(int count) => Floats(ref Parameter(start), count);

    /// <summary>The gradients, which are floats.</summary>
    public Span<float> Gradients(int count) => Floats(ref Gradient(start), count);

    /// <summary>The elements of a state, which are floats.</summary>
    public Span<float> States(int index, int count) => Floats(ref State(index, start), count);

    private ref T At(int slot, int position) => ref elements.At((slot * Capacity) + position - start);

    private static Span<float> Floats(ref T first, int count) => MemoryMarshal.CreateSpan(ref Unsafe.As<T, float>(ref first), count);
}
