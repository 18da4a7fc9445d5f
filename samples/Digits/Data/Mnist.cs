namespace Digits.Data;

/// <summary>The MNIST digits from a folder of IDX files with their usual names.</summary>
internal static class Mnist
{
    private const int TrainingPartOfTestFiles = 8_000;
    private const int HeldOutPartOfTestFiles = 2_000;

    /// <summary>
    /// Reads a folder. With both pairs of files, the train pair is trained on and the t10k pair is held out. With the t10k pair alone,
    /// its first 8,000 digits are trained on and its last 2,000 are held out.
    /// </summary>
    /// <exception cref="InvalidDataException">A file is missing or damaged; the message names it.</exception>
    public static DigitData Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException(
                File.Exists(folder) ? $"{folder} is a file; --mnist needs the folder of the IDX files." : $"There is no folder {folder}.");
        }

        if (Find(folder, "train", "images", 3) is null && Find(folder, "train", "labels", 1) is null)
        {
            DigitSet all = ReadPair(folder, "t10k");
            const int needed = TrainingPartOfTestFiles + HeldOutPartOfTestFiles;
            return all.Count >= needed
                ? new DigitData(
                    "MNIST, the t10k files: first 8,000 to train, last 2,000 held out",
                    all.Slice(0, TrainingPartOfTestFiles),
                    all.Slice(all.Count - HeldOutPartOfTestFiles, HeldOutPartOfTestFiles))
                : throw new InvalidDataException(
                    $"{folder}: the t10k files have {all.Count} digits; without the train files, {needed} are needed.");
        }

        DigitSet training = ReadPair(folder, "train"), heldOut = ReadPair(folder, "t10k");
        return new DigitData("MNIST, the train files to train, the t10k files held out", training, heldOut);
    }

    private static DigitSet ReadPair(string folder, string part)
    {
        string imagesPath = Require(folder, part, "images", 3), labelsPath = Require(folder, part, "labels", 1);
        byte[] images = IdxReader.ReadImages(imagesPath), labels = IdxReader.ReadLabels(labelsPath);
        int imageCount = images.Length / DigitSet.PixelsPerImage;
        if (imageCount != labels.Length)
        {
            throw new InvalidDataException($"{imagesPath} has {imageCount} images, but {labelsPath} has {labels.Length} labels.");
        }

        return imageCount > 0 ? new DigitSet(images, labels) : throw new InvalidDataException($"{imagesPath} has no images.");
    }

    private static string Require(string folder, string part, string content, int dimensions) =>
        Find(folder, part, content, dimensions)
        ?? throw new InvalidDataException(
            $"{folder}: no {part}-{content}-idx{dimensions}-ubyte or {part}-{content}-idx{dimensions}-ubyte.gz in this folder.");

    private static string? Find(string folder, string part, string content, int dimensions) =>
        Names(part, content, dimensions).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The usual names of a file: with a hyphen or a dot before "idx", plain or gzipped.</summary>
    private static IEnumerable<string> Names(string part, string content, int dimensions) =>
        from separator in "-."
        from ending in (string[])["", ".gz"]
        select $"{part}-{content}{separator}idx{dimensions}-ubyte{ending}";
}
