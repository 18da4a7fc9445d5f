using System.Text;

namespace OptimGen.Tests.Checkpoints;

/// <summary>Any change of a file that has a checksum is found.</summary>
public class SafeTensorsChecksumTests
{
    private static readonly byte[] File = SafeTensorsBytes.Write(
        [new("model", "demo"), new("step", "1200")],
        [TensorSource.Of<float>("weight", [2, 2], new float[] { 1, 2, 3, 4 }), TensorSource.Of<double>("empty", [0], Array.Empty<double>()), TensorSource.Of<bool>("flag", [], new[] { true })]);

    [Fact]
    public void TheUnchangedFile_IsAccepted()
    {
        (SafeTensorsHeader header, _) = SafeTensorsBytes.Read(File);
        Assert.NotNull(header.Checksum);
        Assert.Equal(["model", "step"], header.Metadata.Keys);
    }

    /// <summary>The definition, computed anew: SHA-256 of the file with zeros for the digits.</summary>
    [Fact]
    public void TheChecksum_IsTheHashOfTheFileWithZerosForItsDigits()
    {
        string text = Encoding.Latin1.GetString(File);
        int start = text.IndexOf("optimgen-sha256:", StringComparison.Ordinal) + "optimgen-sha256:".Length;
        byte[] zeroed = [.. File];
        zeroed.AsSpan(start, 64).Fill((byte)'0');
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(zeroed)), text.Substring(start, 64));
    }

    [Fact]
    public async Task EveryFlippedBit_IsFound()
    {
        for (int bit = 0; bit < 8 * File.Length; bit++)
        {
            byte[] damaged = [.. File];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CheckpointException>(() => SafeTensorsBytes.Read(damaged));
            if (bit % 8 == 0)
            {
                await Assert.ThrowsAsync<CheckpointException>(() => SafeTensorsBytes.ReadTrickleAsync(damaged));
            }
        }
    }

    [Fact]
    public void EveryReplacedHexDigit_IsFound_InEitherCase()
    {
        string text = Encoding.Latin1.GetString(File);
        int start = text.IndexOf("optimgen-sha256:", StringComparison.Ordinal) + "optimgen-sha256:".Length;
        foreach (int position in Enumerable.Range(start, 64).Where(position => char.IsLetter(text[position])))
        {
            byte[] upper = [.. File];
            upper[position] = (byte)char.ToUpperInvariant(text[position]);
            SafeTensorsBytes.RequireRefused(upper, "64 lower-case hexadecimal digits");
        }
    }

    [Fact]
    public void ATensorOfAnotherFile_IsFound()
    {
        byte[] other = [.. File];
        other[^17] = 5;
        CheckpointException error = Assert.Throws<CheckpointException>(() => SafeTensorsBytes.Read(other));
        Assert.Contains("The file has changed since it was written: its checksum is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutTheKey_TheFileIsThatOfAnotherLibrary_AndAccepted()
    {
        byte[] file = SafeTensorsBytes.Write([], [TensorSource.Of<byte>("a", [1], new byte[] { 7 })], withChecksum: false);
        file[^1] ^= 1;
        Assert.Equal([6], SafeTensorsBytes.Read(file).Tensors[0]);
    }
}
