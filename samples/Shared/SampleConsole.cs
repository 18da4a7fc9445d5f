using System.Text;
using Spectre.Console;

namespace Samples.Shared;

/// <summary>Standard output: a terminal, or a file or pipe.</summary>
internal static class SampleConsole
{
    public static IAnsiConsole Create()
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return Console.IsOutputRedirected ? Plain(Console.Out) : AnsiConsole.Console;
    }

    /// <summary>A console for output that is not a terminal: without colours, and without wrapping of lines.</summary>
    public static IAnsiConsole Plain(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 200;
        return console;
    }
}
