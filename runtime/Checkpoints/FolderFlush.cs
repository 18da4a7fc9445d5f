using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// Flushes a folder to the disk, by which the names of its files, and so a rename, survive a loss of power. On Unix this is <c>fsync</c> of the folder; on
/// Windows there is no such call, and the file system's journal keeps the rename.
/// </summary>
internal static partial class FolderFlush
{
    // The same numbers on Linux and macOS.
    private const int ReadOnly = 0;
    private const int AccessDenied = 13;
    private const int BadFile = 9;
    private const int Interrupted = 4;
    private const int InvalidArgument = 22;

    /// <exception cref="IOException">The disk reports an error.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsBrowser() || OperatingSystem.IsWasi())
        {
            return;
        }

        int descriptor;
        while ((descriptor = Open(folder, ReadOnly)) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == AccessDenied)
            {
                // A folder that may be written and not be read cannot be flushed. PostgreSQL's fsync_fname ignores the same errors.
                return;
            }

            Require(error == Interrupted, error, folder);
        }

        try
        {
            while (Synchronize(descriptor) < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error is BadFile or InvalidArgument)
                {
                    // The file system cannot flush folders.
                    return;
                }

                Require(error == Interrupted, error, folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static void Require(bool isInterrupted, int error, string folder)
    {
        if (!isInterrupted)
        {
            throw new IOException(
                $"The folder '{folder}' has its new entries, but they could not be flushed to the disk: {Marshal.GetPInvokeErrorMessage(error)}.",
                new Win32Exception(error));
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
