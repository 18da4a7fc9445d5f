namespace OptimGen;

/// <summary>
/// The contents of a checkpoint or a safetensors file are wrong: the file is damaged, truncated, not of the format, or does not fit what it is loaded into.
/// </summary>
/// <remarks>
/// It does not derive from <see cref="IOException"/>: an I/O error may pass and is worth a retry, but wrong contents stay wrong, and an older checkpoint is
/// the remedy. Errors of the file system itself, such as a missing file or a full disk, are the <see cref="IOException"/> that the platform throws.
/// </remarks>
public sealed class CheckpointException : Exception
{
    internal CheckpointException(string finding, string? path = null, Exception? innerException = null)
        : base(path is null ? finding : $"'{path}': {finding}", innerException) => Path = path;

    /// <summary>The path of the file; <see langword="null"/> for a stream without a name.</summary>
    public string? Path { get; }
}
