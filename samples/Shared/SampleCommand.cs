using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Samples.Shared;

/// <summary>What the command lines of the samples have in common: exit codes, options that are paths, and one line for each error.</summary>
internal static class SampleCommand
{
    public const int Success = 0;

    /// <summary>The arguments are right, but a file or folder that they name is not.</summary>
    public const int Failure = 1;

    public const int BadUsage = 2;

    /// <summary>An option whose value is a path. An empty path is a usage error.</summary>
    /// <param name="name">The option, such as --report.</param>
    /// <param name="kind">The kind of path: file or folder.</param>
    /// <param name="description">The description in the help text.</param>
    /// <param name="usual">The default path; <see langword="null"/> if there is none.</param>
    public static Option<string?> PathOption(string name, string kind, string description, string? usual = null)
    {
        var option = new Option<string?>(name)
        {
            Description = description,
            HelpName = kind,
            CustomParser = result => ReadPath(result, name, kind),
        };
        if (usual is not null)
        {
            option.DefaultValueFactory = _ => usual;
        }

        return option;
    }

    /// <summary>An option whose value is the name of a member of an enumeration, in any case; the default is the first. Another one is a usage error.</summary>
    /// <param name="name">The option, such as --storage.</param>
    /// <param name="description">The description in the help text.</param>
    public static Option<T> ChoiceOption<T>(string name, string description)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(one => one.ToLowerInvariant())];
        return new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            DefaultValueFactory = _ => default,
            CustomParser = result =>
            {
                string text = result.Tokens[^1].Value;
                int index = Array.FindIndex(names, one => one.Equals(text, StringComparison.OrdinalIgnoreCase));
                if (index < 0)
                {
                    result.AddError($"{name} is '{text}'; it must be one of {string.Join(", ", names)}.");
                    return default;
                }

                return Enum.GetValues<T>()[index];
            },
        };
    }

    /// <summary>The path of an option or argument. An empty path is an error that names the option.</summary>
    public static string ReadPath(ArgumentResult result, string name, string kind)
    {
        string text = result.Tokens[^1].Value;
        if (string.IsNullOrWhiteSpace(text))
        {
            result.AddError($"{name} is '{text}'; it must be the path of a {kind}.");
        }

        return text;
    }

    /// <summary>
    /// Parses the arguments and runs the command's action. A usage error, or a file that cannot be read or written, is reported as one line.
    /// </summary>
    /// <returns>The exit code.</returns>
    public static int Invoke(RootCommand command, string[] args, TextWriter output, TextWriter error)
    {
        // Disables response files: an argument that begins with @ is an ordinary argument.
        ParseResult parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            error.WriteLine($"{parsed.Errors[0].Message} See --help.");
            return BadUsage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            error.WriteLine(failure.Message.ReplaceLineEndings(" "));
            return Failure;
        }
    }
}
