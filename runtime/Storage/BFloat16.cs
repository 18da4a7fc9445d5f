using System.Globalization;

namespace OptimGen;

/// <summary>
/// A number in bfloat16: the upper half of a float. It is a form to keep numbers in, and computes nothing. .NET has no type for it before .NET 11.
/// </summary>
public readonly struct BFloat16 : IEquatable<BFloat16>
{
    private BFloat16(ushort bits) => Bits = bits;

    /// <summary>The sixteen bits.</summary>
    public ushort Bits { get; }

    /// <summary>The number of these bits.</summary>
    public static BFloat16 FromBits(ushort bits) => new(bits);

    /// <summary>The nearest number (<see cref="StorageCodec.EncodeBFloat16(float)"/>).</summary>
    public static BFloat16 FromSingle(float value) => new(StorageCodec.EncodeBFloat16(value));

    /// <inheritdoc cref="FromSingle"/>
    public static explicit operator BFloat16(float value) => FromSingle(value);

    /// <summary>The same number, which every float can hold.</summary>
    public static implicit operator float(BFloat16 value) => value.ToSingle();

    /// <summary>Whether two have the same bits.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => left.Equals(right);

    /// <summary>Whether two have other bits.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => !left.Equals(right);

    /// <summary>The same number as a float.</summary>
    public float ToSingle() => StorageCodec.DecodeBFloat16(Bits);

    /// <summary>Whether the other has the same bits.</summary>
    public bool Equals(BFloat16 other) => Bits == other.Bits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bits;

    /// <summary>The number in the invariant culture.</summary>
    public override string ToString() => ToSingle().ToString(CultureInfo.InvariantCulture);
}
