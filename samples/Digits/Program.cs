using Digits;
using Samples.Shared;
using Spectre.Console;

IAnsiConsole console = SampleConsole.Create();
return CommandLine.Invoke(
    args,
    Console.Out,
    Console.Error,
    options => options.Ranks ? RankCommand.Run(options, console, Console.Error) : DigitsCommand.Run(options, console, Console.Error));
