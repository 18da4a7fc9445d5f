namespace OptimGen;

/// <summary>
/// The element type of a tensor in a safetensors file. The members are those of the format
/// (<see href="https://github.com/huggingface/safetensors"/>), whose names have underscores.
/// </summary>
public enum SafeTensorsDtype
{
    /// <summary>BOOL: one byte, 0 or 1.</summary>
    Bool,

    /// <summary>F4: 4-bit floating point (E2M1), two elements a byte.</summary>
    F4,

    /// <summary>F6_E2M3: 6-bit floating point, four elements in three bytes.</summary>
    F6E2M3,

    /// <summary>F6_E3M2: 6-bit floating point, four elements in three bytes.</summary>
    F6E3M2,

    /// <summary>U8: unsigned 8-bit integer.</summary>
    U8,

    /// <summary>I8: signed 8-bit integer.</summary>
    I8,

    /// <summary>F8_E5M2: 8-bit floating point.</summary>
    F8E5M2,

    /// <summary>F8_E4M3: 8-bit floating point.</summary>
    F8E4M3,

    /// <summary>F8_E8M0: 8-bit power of two, the scale of a block of elements.</summary>
    F8E8M0,

    /// <summary>F8_E4M3FNUZ: 8-bit floating point without infinities and negative zero.</summary>
    F8E4M3Fnuz,

    /// <summary>F8_E5M2FNUZ: 8-bit floating point without infinities and negative zero.</summary>
    F8E5M2Fnuz,

    /// <summary>I16: signed 16-bit integer.</summary>
    I16,

    /// <summary>U16: unsigned 16-bit integer.</summary>
    U16,

    /// <summary>F16: IEEE half precision.</summary>
    F16,

    /// <summary>BF16: bfloat16, the upper half of a single-precision number.</summary>
    BF16,

    /// <summary>I32: signed 32-bit integer.</summary>
    I32,

    /// <summary>U32: unsigned 32-bit integer.</summary>
    U32,

    /// <summary>F32: IEEE single precision.</summary>
    F32,

    /// <summary>C64: a complex number of two single-precision numbers, the real part first.</summary>
    C64,

    /// <summary>F64: IEEE double precision.</summary>
    F64,

    /// <summary>I64: signed 64-bit integer.</summary>
    I64,

    /// <summary>U64: unsigned 64-bit integer.</summary>
    U64,
}

/// <summary>The names and sizes of the element types.</summary>
internal static class SafeTensorsDtypes
{
    /// <summary>By the value of the enumeration.</summary>
    private static readonly (string Name, int Bits)[] Table =
    [
        ("BOOL", 8), ("F4", 4), ("F6_E2M3", 6), ("F6_E3M2", 6), ("U8", 8), ("I8", 8), ("F8_E5M2", 8), ("F8_E4M3", 8), ("F8_E8M0", 8),
        ("F8_E4M3FNUZ", 8), ("F8_E5M2FNUZ", 8), ("I16", 16), ("U16", 16), ("F16", 16), ("BF16", 16), ("I32", 32), ("U32", 32), ("F32", 32),
        ("C64", 64), ("F64", 64), ("I64", 64), ("U64", 64),
    ];

    /// <summary>The name of the format, such as F8_E5M2.</summary>
    public static string FormatName(this SafeTensorsDtype dtype) => Table[(int)dtype].Name;

    /// <summary>The size of an element.</summary>
    public static int Bits(this SafeTensorsDtype dtype) => Table[(int)dtype].Bits;

    public static bool IsDefined(SafeTensorsDtype dtype) => (uint)dtype < (uint)Table.Length;

    public static bool TryParse(string name, out SafeTensorsDtype dtype)
    {
        int index = Array.FindIndex(Table, entry => entry.Name == name);
        dtype = (SafeTensorsDtype)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>The element type that <typeparamref name="T"/> is stored as.</summary>
    /// <exception cref="NotSupportedException">The format has no such type.</exception>
    public static SafeTensorsDtype Of<T>()
        where T : unmanaged => default(T) switch
        {
            float => SafeTensorsDtype.F32,
            double => SafeTensorsDtype.F64,
            Half => SafeTensorsDtype.F16,
            BFloat16 => SafeTensorsDtype.BF16,
            bool => SafeTensorsDtype.Bool,
            byte => SafeTensorsDtype.U8,
            sbyte => SafeTensorsDtype.I8,
            short => SafeTensorsDtype.I16,
            ushort => SafeTensorsDtype.U16,
            int => SafeTensorsDtype.I32,
            uint => SafeTensorsDtype.U32,
            long => SafeTensorsDtype.I64,
            ulong => SafeTensorsDtype.U64,
            _ => throw new NotSupportedException($"A safetensors file has no element type for {typeof(T)}."),
        };
}
