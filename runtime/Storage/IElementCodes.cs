namespace OptimGen;

/// <summary>Something that is kept for the elements of a tensor, or of the part of it that one rank has. Positions are those in the tensor.</summary>
internal interface IElementCodes
{
    /// <summary>The number of bytes of so many elements.</summary>
    int BytesOf(int count);

    /// <summary>Copies the bytes of elements from <paramref name="start"/> on, a multiple of <see cref="StorageCoder.RangeAlignment"/>, as they are.</summary>
    void CopyTo(Span<byte> bytes, int start, int count);

    /// <summary>Sets the bytes of elements to those that <see cref="CopyTo"/> of another one has copied.</summary>
    void CopyFrom(ReadOnlySpan<byte> bytes, int start, int count);
}
