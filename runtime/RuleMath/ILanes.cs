namespace OptimGen;

/// <summary>
/// The operations that the functions of <see cref="RuleMath"/> use, on one double or on a vector of doubles. Each is a correctly rounded
/// IEEE operation or a bit operation, so a function written with them gives the same bits for any width of vector.
/// </summary>
/// <remarks>
/// The operations take <typeparamref name="T"/> itself and not a wrapper struct with operators: wrapper structs would give the just-in-time compiler
/// several temporaries for each operation, and it stops inlining when a method has too many locals. For the same reason there are overloads with
/// constant operands, and no function returns a tuple, whose constructor would be the first call not to be inlined.
/// Arithmetic right shifts and conversions of 64-bit integers are avoided, because AVX2 has no instructions for them.
/// </remarks>
/// <typeparam name="T">One lane or several: <see cref="double"/>, or a vector of doubles.</typeparam>
/// <typeparam name="TBits">The bits of the lanes, unsigned.</typeparam>
/// <typeparam name="TTruth">A truth value for each lane: <see cref="bool"/>, or a mask.</typeparam>
internal interface ILanes<T, TBits, TTruth>
{
    static abstract T Create(double value);

    static abstract T Add(T left, T right);

    static abstract T Add(T left, double right);

    static abstract T Subtract(T left, T right);

    static abstract T Subtract(T left, double right);

    static abstract T Subtract(double left, T right);

    static abstract T Multiply(T left, T right);

    static abstract T Multiply(T left, double right);

    static abstract T Divide(T left, T right);

    static abstract T Divide(double left, T right);

    /// <summary>left·right + addend, rounded once.</summary>
    static abstract T MultiplyAdd(T left, T right, T addend);

    /// <inheritdoc cref="MultiplyAdd(T, T, T)"/>
    static abstract T MultiplyAdd(T left, T right, double addend);

    /// <inheritdoc cref="MultiplyAdd(T, T, T)"/>
    static abstract T MultiplyAdd(T left, double right, T addend);

    /// <inheritdoc cref="MultiplyAdd(T, T, T)"/>
    static abstract T MultiplyAdd(T left, double right, double addend);

    /// <summary>addend − left·right, rounded once.</summary>
    static abstract T SubtractProduct(T left, T right, T addend);

    static abstract T Absolute(T value);

    static abstract T Negate(T value);

    static abstract T CopySign(T magnitude, T sign);

    static abstract T Floor(T value);

    static abstract TTruth LessThan(T left, double right);

    static abstract TTruth GreaterThan(T left, double right);

    static abstract TTruth Equal(T left, T right);

    static abstract TTruth Equal(T left, double right);

    static abstract TTruth And(TTruth left, TTruth right);

    static abstract TTruth Or(TTruth left, TTruth right);

    static abstract TTruth Xor(TTruth left, TTruth right);

    static abstract TTruth Not(TTruth value);

    static abstract T Select(TTruth condition, T whenTrue, T whenFalse);

    static abstract T Select(TTruth condition, T whenTrue, double whenFalse);

    static abstract T Select(TTruth condition, double whenTrue, T whenFalse);

    static abstract T Select(TTruth condition, double whenTrue, double whenFalse);

    static abstract TBits ToBits(T value);

    static abstract T FromBits(TBits bits);

    static abstract TBits Add(TBits left, ulong right);

    static abstract TBits And(TBits left, ulong right);

    static abstract TBits Or(TBits left, ulong right);

    static abstract TBits Xor(TBits left, TBits right);

    /// <summary>Moves the lowest bits into the exponent field.</summary>
    static abstract TBits ShiftLeftBy52(TBits bits);

    /// <summary>Moves the second lowest bit into the sign, and the lowest one below it.</summary>
    static abstract TBits ShiftLeftBy62(TBits bits);

    /// <summary>Moves the lowest bit into the sign.</summary>
    static abstract TBits ShiftLeftBy63(TBits bits);

    /// <summary>Moves the sign and the exponent field to the lowest bits.</summary>
    static abstract TBits ShiftRightBy52(TBits bits);
}
