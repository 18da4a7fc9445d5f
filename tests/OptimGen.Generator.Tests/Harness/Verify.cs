// Verify (https://github.com/VerifyTests/Verify) by its call shape. Where its packages Verify.Xunit and Verify.SourceGenerators are to be
// had, reference them and delete this file: names of files, their first line and the calls are theirs.
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Xunit.Sdk;

namespace VerifyXunit
{
    /// <summary>Compares with the files <c>Class.Method#file.verified.cs</c>, or with one file.</summary>
    public static class Verifier
    {
        /// <summary>Compares a text.</summary>
        public static VerifyTests.SettingsTask Verify(
            string target, string extension = "txt", [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
            new(new Dictionary<string, string> { [""] = target }, extension, sourceFile, method);

        public static VerifyTests.SettingsTask Verify(
            GeneratorDriver driver, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
            new(driver.GetRunResult(), sourceFile, method);
    }
}

namespace VerifyTests
{
    /// <summary>A comparison that is made when it is awaited.</summary>
    /// <param name="texts">The texts, by what their files' names end in.</param>
    /// <param name="extension">The extension of the files.</param>
    /// <param name="sourceFile">The file of the test.</param>
    /// <param name="method">The test.</param>
    /// <param name="environment">The environment variables.</param>
    public sealed class SettingsTask(
        IReadOnlyDictionary<string, string> texts, string extension, string sourceFile, string method, Func<string, string?>? environment = null)
    {
        /// <summary>Set to 1, what differs is accepted: read the difference in version control before it is committed.</summary>
        private const string AcceptVariable = "OPTIMGEN_ACCEPT_SNAPSHOTS";

        private readonly Func<string, string?> environment = environment ?? Environment.GetEnvironmentVariable;
        private string directory = Path.GetDirectoryName(sourceFile)!;
        private string parameters = "";

        public SettingsTask(GeneratorDriverRunResult result, string sourceFile, string method, Func<string, string?>? environment = null)
            : this(
                result.Results.SelectMany(one => one.GeneratedSources).ToDictionary(
                    source => "#" + Path.GetFileNameWithoutExtension(source.HintName), source => $"//HintName: {source.HintName}\n{source.SourceText}"),
                "cs", sourceFile, method, environment)
        {
        }

        /// <summary>The directory of the files, relative to the test's.</summary>
        public SettingsTask UseDirectory(string relative)
        {
            directory = Path.Combine(Path.GetDirectoryName(sourceFile)!, relative);
            return this;
        }

        /// <summary>What tells the files of one test case from those of another.</summary>
        public SettingsTask UseTextForParameters(string text)
        {
            parameters = "_" + text;
            return this;
        }

        public TaskAwaiter GetAwaiter() => Compare().GetAwaiter();

        private async Task Compare()
        {
            string prefix = $"{Path.GetFileNameWithoutExtension(sourceFile)}.{method}{parameters}";
            Dictionary<string, string> received = texts.ToDictionary(text => prefix + text.Key, text => text.Value);
            string[] verified = Directory.Exists(directory) && texts.Keys.All(end => end.Length > 0)
                ? [.. Directory.GetFiles(directory, $"{prefix}#*.verified.{extension}").Select(file => Path.GetFileName(file)[..^$".verified.{extension}".Length])]
                : [];

            bool accepts = environment(AcceptVariable) == "1";
            if (accepts && environment("CI") is { Length: > 0 })
            {
                throw new XunitException($"{AcceptVariable} is set where CI is set. Snapshots are accepted by a person, not by a build.");
            }

            var complaints = new List<string>();
            Directory.CreateDirectory(directory);
            foreach (string name in received.Keys.Union(verified).Order(StringComparer.Ordinal))
            {
                if (await CompareFile(Path.Combine(directory, name), received.GetValueOrDefault(name), extension, accepts) is { } complaint)
                {
                    complaints.Add(complaint);
                }
            }

            if (complaints.Count > 0)
            {
                complaints.Add($"If this is what it should be: {AcceptVariable}=1 dotnet test, and read the difference in version control.");
                throw new XunitException(string.Join("\n\n", complaints));
            }
        }

        /// <returns>What is wrong, if something is.</returns>
        private static async Task<string?> CompareFile(string path, string? received, string extension, bool accepts)
        {
            string verifiedPath = $"{path}.verified.{extension}", receivedPath = $"{path}.received.{extension}";
            File.Delete(receivedPath);
            string? verified = File.Exists(verifiedPath) ? (await File.ReadAllTextAsync(verifiedPath)).Replace("\r\n", "\n", StringComparison.Ordinal) : null;
            if (verified == received)
            {
                return null;
            }

            if (received is null)
            {
                if (accepts)
                {
                    File.Delete(verifiedPath);
                    return null;
                }

                return $"{verifiedPath}\n  is no longer generated.";
            }

            await File.WriteAllTextAsync(accepts ? verifiedPath : receivedPath, received, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return accepts ? null
                : verified is null ? $"{verifiedPath}\n  does not exist yet; the text is in the .received.{extension} beside it."
                : $"{verifiedPath}\n{FirstDifference(verified, received)}";
        }

        internal static string FirstDifference(string verified, string received)
        {
            string[] before = verified.Split('\n'), after = received.Split('\n');
            int line = 0;
            while (line < before.Length && line < after.Length && before[line] == after[line])
            {
                line++;
            }

            return $"""
                  differs first in line {line + 1} (of {before.Length}; received {after.Length}):
                    verified: {(line < before.Length ? before[line] : "(end of file)")}
                    received: {(line < after.Length ? after[line] : "(end of file)")}
                """;
        }
    }
}
