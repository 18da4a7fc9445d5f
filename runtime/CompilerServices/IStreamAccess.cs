using System.ComponentModel;

namespace OptimGen.CompilerServices;

/// <summary>
/// How a kernel reads and writes the parameters or a state of one tensor: decoded in registers and encoded again, where they are kept in fewer bits. A
/// kernel is generic over it, and the just-in-time compiler compiles it for each form with these methods inlined.
/// </summary>
/// <remarks>
/// A kernel goes through its elements in groups of 32, the elements i and i + 16 of a group together, because they share the random bits of their
/// rounding (<see cref="StochasticRounding"/>); and through the groups in blocks of <see cref="StorageCodec.BlockLength"/>, the last of which may be shorter.
/// </remarks>
/// <typeparam name="TSelf">The implementation.</typeparam>
/// <typeparam name="T">A vector of 32-bit words, the bits of floats.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStreamAccess<TSelf, T>
    where TSelf : struct, IStreamAccess<TSelf, T>
    where T : struct
{
    /// <summary>The access to a stream.</summary>
    /// <param name="streams">The streams of a tensor.</param>
    /// <param name="index">The position of the state in the definition; <see cref="StoredStreams.Parameter"/> for the parameters.</param>
    static abstract TSelf Of(in StoredStreams streams, int index);

    /// <summary>Called before the first element of a block is read.</summary>
    /// <param name="start">The position of that element among those of the call.</param>
    void BeginBlock(nuint start);

    /// <summary>Reads a vector of elements.</summary>
    /// <param name="index">The position of the first.</param>
    /// <returns>Their bits as floats.</returns>
    T Load(nuint index);

    /// <summary>Writes two vectors of elements. In each block, the calls come in the order of the elements.</summary>
    /// <param name="lower">The bits of the elements from <paramref name="index"/> on.</param>
    /// <param name="upper">The bits of the elements from <paramref name="index"/> + 16 on.</param>
    /// <param name="random">What <see cref="IRandomWords{TSelf, T}.Next"/> has given for these elements.</param>
    /// <param name="index">The position of the first element of the lower ones.</param>
    void Store(T lower, T upper, T random, nuint index);

    /// <summary>Called after the last element of a block has been written.</summary>
    void EndBlock();

    /// <summary>
    /// Called after <see cref="EndBlock"/> of every stream, which leaves no vector that would be kept in memory over the calls of this method.
    /// </summary>
    /// <param name="start">The position of the first element of the block.</param>
    void EncodeBlock(nuint start);

    /// <summary>Called after the last block.</summary>
    /// <param name="count">The number of elements of the call.</param>
    void End(nuint count);

    /// <summary>Has the processor load what is read some iterations later.</summary>
    /// <param name="index">The position of the first element of the group that is computed now.</param>
    void Prefetch(nuint index);
}

/// <summary>How a kernel reads the gradients of one tensor. See <see cref="IStreamAccess{TSelf, T}"/>.</summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
/// <typeparam name="T">A vector of 32-bit words, the bits of floats.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IGradientAccess<TSelf, T>
    where TSelf : struct, IGradientAccess<TSelf, T>
    where T : struct
{
    /// <summary>The access to the gradients.</summary>
    static abstract TSelf Of(in StoredStreams streams);

    /// <summary>Reads a vector of elements.</summary>
    /// <param name="index">The position of the first.</param>
    /// <returns>Their bits as floats.</returns>
    T Load(nuint index);

    /// <summary>Sets two vectors of elements to zero: those from <paramref name="index"/> on, and those from <paramref name="index"/> + 16 on.</summary>
    void Clear(nuint index);

    /// <inheritdoc cref="IStreamAccess{TSelf, T}.Prefetch"/>
    void Prefetch(nuint index);
}

/// <summary>The random words of a kernel call, of which every stream makes its own (<see cref="StochasticRounding"/>).</summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
/// <typeparam name="T">A vector of 32-bit words.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRandomWords<TSelf, T>
    where TSelf : struct, IRandomWords<TSelf, T>
    where T : struct
{
    /// <summary>The words for the elements of the call.</summary>
    static abstract TSelf Of(in StoredStreams streams);

    /// <summary>The words of the next two vectors of elements, in the order of the elements.</summary>
    T Next();
}
