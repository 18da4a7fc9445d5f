using System.Buffers;
using System.Security.Cryptography;

namespace OptimGen;

/// <summary>
/// Writes a file so that its path always has either the old contents or all of the new, whatever happens meanwhile: an exception, cancellation, the end of
/// the process or a loss of power.
/// </summary>
/// <remarks>
/// <para>
/// The contents are written to <c>.name.tmp-</c> and 16 random digits in the same folder, flushed to the disk, and renamed over the target, which is atomic.
/// Then the folder is flushed, since a rename is an entry of the folder. When a call returns, the new contents survive a loss of power.
/// </para>
/// <para>
/// A failed or cancelled write deletes its temporary file. One of a killed process stays; the next write to the same target deletes it. A temporary
/// file is locked until its rename is done, so the one of a process that is still alive is recognized and left alone. Where the file system has no locks, or
/// they are disabled, nothing is deleted.
/// </para>
/// <para>
/// If the target is a symbolic link, the file that it leads to is replaced, and the link stays. A file that is replaced keeps its Unix mode; its owner
/// becomes that of the process, and other hard links to it keep the old contents. A new file has the mode of any new file. On Windows, replacing a file that
/// is open fails unless it was opened with <see cref="FileShare.Delete"/>.
/// </para>
/// </remarks>
internal static class DurableFile
{
    private const string TemporaryInfix = ".tmp-";
    private const int RandomDigits = 16;
    private const int Attempts = 8;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Writes a file.</summary>
    /// <param name="path">The target. Its folder must exist.</param>
    /// <param name="write">Writes the contents to the stream, which is empty, seekable and without a buffer.</param>
    /// <param name="isStaleTarget">
    /// Of which files, by name, the stale temporaries are deleted beside the target's own; <see langword="null"/> for no other.
    /// </param>
    /// <param name="cancellationToken">Is checked for the last time before the rename.</param>
    /// <exception cref="IOException">The file cannot be written. The target is unchanged, unless the message says otherwise.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. The target is unchanged.</exception>
    public static void Write(string path, Action<Stream> write, Func<string, bool>? isStaleTarget = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var temporary = Temporary.Create(path, isStaleTarget);
        write(temporary.Stream);
        cancellationToken.ThrowIfCancellationRequested();
        temporary.Commit();
    }

    /// <inheritdoc cref="Write"/>
    public static async Task WriteAsync(
        string path, Func<Stream, CancellationToken, Task> write, Func<string, bool>? isStaleTarget = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var temporary = Temporary.Create(path, isStaleTarget);
        await write(temporary.Stream, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        // A flush can take seconds, and there is none that does not block.
        await Task.Run(temporary.Commit, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The target's name if the file's name is that of a temporary; else <see langword="null"/>.</summary>
    internal static string? TargetOf(string fileName)
    {
        int infix = fileName.Length - RandomDigits - TemporaryInfix.Length;
        return infix > 1 && fileName[0] == '.' && string.CompareOrdinal(fileName, infix, TemporaryInfix, 0, TemporaryInfix.Length) == 0
            && !fileName.AsSpan(infix + TemporaryInfix.Length).ContainsAnyExcept(Digits)
            ? fileName[1..infix]
            : null;
    }

    /// <summary>The file that is written, until it is the target.</summary>
    private sealed class Temporary : IDisposable
    {
        private readonly string target;
        private readonly string path;
        private bool isCommitted;

        private Temporary(string target, string path, FileStream stream) => (this.target, this.path, Stream) = (target, path, stream);

        public FileStream Stream { get; }

        public static Temporary Create(string path, Func<string, bool>? isStaleTarget)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            string target = Resolve(path);
            if (Directory.Exists(target))
            {
                throw new IOException($"'{path}' is a folder, and cannot be replaced by a file.");
            }

            string folder = Path.GetDirectoryName(target)!;
            Temporary temporary = CreateLocked(target, folder);
            try
            {
                if (!OperatingSystem.IsWindows() && File.Exists(target))
                {
                    File.SetUnixFileMode(temporary.Stream.SafeFileHandle, File.GetUnixFileMode(target));
                }

                temporary.DeleteStale(folder, isStaleTarget);
                return temporary;
            }
            catch
            {
                temporary.Dispose();
                throw;
            }
        }

        /// <summary>Makes the file the target.</summary>
        public void Commit()
        {
            Stream.Flush(flushToDisk: true);
            // Still open, and so still locked: closed, it would look stale to another writer until it is renamed.
            File.Move(path, target, overwrite: true);
            isCommitted = true;
            FolderFlush.Flush(Path.GetDirectoryName(target)!);
        }

        public void Dispose()
        {
            if (!isCommitted)
            {
                TryDelete(path);
            }

            Stream.Dispose();
        }

        private static string Resolve(string path)
        {
            string full = Path.GetFullPath(path);
            return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
        }

        private static Temporary CreateLocked(string target, string folder)
        {
            for (int attempt = 1; ; attempt++)
            {
                string random = RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
                string path = Path.Combine(folder, $".{Path.GetFileName(target)}{TemporaryInfix}{random}");
                FileStream stream;
                try
                {
                    // On Unix, any sharing but None is a shared lock: it excludes the exclusive lock of DeleteStale, and admits the readers who open
                    // the target as soon as it is renamed.
                    stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
                }
                catch (IOException e) when (attempt < Attempts && e.GetType() == typeof(IOException))
                {
                    // Another writer took it for stale between its creation and its lock, and may have deleted it by now. What else is wrong stays so.
                    continue;
                }

                if (File.Exists(path) || attempt == Attempts)
                {
                    return new Temporary(target, path, stream);
                }

                // Another writer has deleted it just before the lock.
                stream.Dispose();
            }
        }

        private void DeleteStale(string folder, Func<string, bool>? isStaleTarget)
        {
            string name = Path.GetFileName(target);
            try
            {
                foreach (string file in Directory.EnumerateFiles(folder))
                {
                    if (file != path && TargetOf(Path.GetFileName(file)) is { } other && (other == name || isStaleTarget?.Invoke(other) == true))
                    {
                        if (!IsLocked(path))
                        {
                            // Locks have no effect here, so whether the other file is in use cannot be known.
                            return;
                        }

                        DeleteUnlocked(file);
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A folder that must not be listed. What is left over harms no one.
            }
        }

        private static bool IsLocked(string file)
        {
            try
            {
                using var probe = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }

        private static void DeleteUnlocked(string file)
        {
            try
            {
                // Deleted while the lock is held, so no writer can get it in between.
                using var stale = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // In use, already deleted, or another user's.
            }
        }

        private static void TryDelete(string file)
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The error that led here is the one to be seen; the next write deletes the file.
            }
        }
    }
}
