using System.CommandLine;
using System.CommandLine.Invocation;
using Samples.Shared;
using Smoothing;
using Spectre.Console;

IAnsiConsole console = SampleConsole.Create();
var csv = new Option<string?>("--csv")
{
    Description = "A CSV file: a line of headings, then a date (yyyy-mm-dd) and a temperature a line [default: a synthetic series]",
    HelpName = "file",
};
var report = new Option<string>("--report")
{
    Description = "The page to write",
    HelpName = "file",
    DefaultValueFactory = _ => "smoothing.html",
};
var command = new RootCommand("Smooths a daily temperature series by exponentially weighted averages, with and without bias correction.") { csv, report };
command.SetAction(read => SmoothingCommand.Run(read.GetValue(csv), read.GetRequiredValue(report), console, Console.Error));

ParseResult parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Action is ParseErrorAction)
{
    Console.Error.WriteLine($"{parsed.Errors[0].Message} See --help.");
    return 2;
}

return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
