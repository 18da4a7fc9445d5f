using Landscape;
using Samples.Shared;

return LandscapeCommand.Invoke(args, SampleConsole.Create(), Console.Out, Console.Error);
