using Digits;
using Samples.Shared;
using Spectre.Console;

IAnsiConsole console = SampleConsole.Create();
return CommandLine.Invoke(args, Console.Out, Console.Error, options => DigitsCommand.Run(options, console, Console.Error));
