namespace Samples.Shared;

/// <summary>Files that the command line names.</summary>
internal static class SampleFile
{
    /// <summary>Opens a text file.</summary>
    /// <exception cref="IOException">There is no such file; the message names it.</exception>
    public static StreamReader OpenText(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException($"{path} is a folder; a file is needed.");
        }

        return File.Exists(path) ? new StreamReader(path) : throw new FileNotFoundException($"There is no file {path}.");
    }

    /// <summary>Checks that the report can be written, so that an error is found before training and not after it. Creates and changes no file.</summary>
    /// <exception cref="IOException">The report cannot be written; the message names the path and the reason.</exception>
    public static void RequireWritable(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new IOException($"--report is {path}, which is a folder; it must be a file.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(full)))
        {
            throw new IOException($"--report is {path}, but there is no folder {Path.GetDirectoryName(full)}.");
        }

        try
        {
            if (!File.Exists(full))
            {
                new FileStream(full, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            }
            else if (new FileInfo(full).Length > 0)
            {
                // Opens only files that have content. Opening and closing a named pipe, whose length is 0, would signal end of file to its reader.
                new FileStream(full, FileMode.Open, FileAccess.Write).Dispose();
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--report is {path}, which cannot be written: {failure.Message}", failure);
        }
    }
}
