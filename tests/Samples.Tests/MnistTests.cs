using Digits.Data;

namespace Samples.Tests;

public sealed class MnistTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_t10k_pair_alone_is_split()
    {
        folder.Write("t10k-images-idx3-ubyte.gz", IdxFile.Gzip(IdxFile.Images(10_000)));
        folder.Write("t10k-labels.idx1-ubyte", IdxFile.Labels(10_000));

        DigitData data = Mnist.Read(folder.Path);

        Assert.Equal((8_000, 2_000), (data.Training.Count, data.HeldOut.Count));
        Assert.Equal(IdxFile.Images(10_000).AsSpan(16 + (8_000 * 784), 784), data.HeldOut.Image(0));
    }

    [Fact]
    public void Both_pairs_are_used_whole()
    {
        folder.Write("train-images.idx3-ubyte", IdxFile.Images(7));
        folder.Write("train-labels-idx1-ubyte", IdxFile.Labels(7));
        folder.Write("t10k-images-idx3-ubyte", IdxFile.Images(5));
        folder.Write("t10k-labels-idx1-ubyte.gz", IdxFile.Gzip(IdxFile.Labels(5)));

        DigitData data = Mnist.Read(folder.Path);

        Assert.Equal((7, 5), (data.Training.Count, data.HeldOut.Count));
    }

    [Fact]
    public void Refuses_counts_that_do_not_match()
    {
        folder.Write("t10k-images-idx3-ubyte", IdxFile.Images(5));
        folder.Write("t10k-labels-idx1-ubyte", IdxFile.Labels(4));

        Assert.Contains("has 5 images", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_half_a_pair()
    {
        folder.Write("train-images-idx3-ubyte", IdxFile.Images(5));

        Assert.Contains("no train-labels-idx1-ubyte", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_too_few_digits_to_split()
    {
        folder.Write("t10k-images-idx3-ubyte", IdxFile.Images(5));
        folder.Write("t10k-labels-idx1-ubyte", IdxFile.Labels(5));

        Assert.Contains("5 digits", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_folder_without_files_and_no_folder()
    {
        Assert.Contains("no t10k-images-idx3-ubyte", Refusal(), StringComparison.Ordinal);
        var refusal = Assert.Throws<InvalidDataException>(() => Mnist.Read(folder.File("nowhere")));
        Assert.Contains("no folder", refusal.Message, StringComparison.Ordinal);
    }

    private string Refusal() => Assert.Throws<InvalidDataException>(() => Mnist.Read(folder.Path)).Message;
}
