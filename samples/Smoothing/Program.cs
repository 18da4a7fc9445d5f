using Samples.Shared;
using Smoothing;

return SmoothingCommand.Invoke(args, SampleConsole.Create(), Console.Out, Console.Error);
