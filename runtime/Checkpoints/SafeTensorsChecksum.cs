using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace OptimGen;

/// <summary>
/// The checksum of a safetensors file that this library has written: the SHA-256 of all bytes of the file, from the length of the header to the end of the
/// data, where the 64 digits of the checksum itself count as zeros. It stands in the metadata as <c>"optimgen.checksum": "optimgen-sha256:…"</c>.
/// </summary>
/// <remarks>
/// The value repeats whose checksum it is, so damage to the key does not make a file one without a checksum: such a value under another key is refused.
/// Digits are lower-case, so that each byte of them is significant. The class hashes bytes in the order of the file and replaces the digits on their way.
/// </remarks>
internal sealed class SafeTensorsChecksum : IDisposable
{
    public const string Key = "optimgen.checksum";
    public const string Prefix = "optimgen-sha256:";
    public const int DigitCount = 2 * SHA256.HashSizeInBytes;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);
    private static readonly byte[] Zeros = [.. Enumerable.Repeat((byte)'0', DigitCount)];

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long digitsStart;
    private long position;

    /// <summary>Starts at the first byte of the file.</summary>
    /// <param name="digitsStart">The position of the digits in the file.</param>
    public SafeTensorsChecksum(long digitsStart) => this.digitsStart = digitsStart;

    /// <summary>The value before it is known, of the length that it will have.</summary>
    public static string Placeholder => Prefix + Encoding.ASCII.GetString(Zeros);

    /// <summary>Whether a value has the form of a checksum.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> value) =>
        value.Length == Prefix.Length + DigitCount && value.StartsWith(Encoding.ASCII.GetBytes(Prefix))
            && !value[Prefix.Length..].ContainsAnyExcept(HexDigits);

    /// <summary>Adds the next bytes of the file.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        long start = position;
        position += bytes.Length;
        int first = (int)Math.Clamp(digitsStart - start, 0, bytes.Length);
        int last = (int)Math.Clamp(digitsStart + DigitCount - start, 0, bytes.Length);
        hash.AppendData(bytes[..first]);
        hash.AppendData(Zeros.AsSpan(0, last - first));
        hash.AppendData(bytes[last..]);
    }

    /// <summary>The digits, after the last byte of the file.</summary>
    public byte[] Digits() => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));

    public void Dispose() => hash.Dispose();
}
