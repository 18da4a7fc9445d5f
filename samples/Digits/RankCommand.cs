using OptimGen;
using Samples.Shared;
using Spectre.Console;

namespace Digits;

/// <summary>Runs the command as one of the processes that <c>mpirun</c> has started. All train; rank 0 alone shows the results and writes the report.</summary>
internal static class RankCommand
{
    /// <returns>The exit code.</returns>
    public static int Run(DigitsOptions options, IAnsiConsole console, TextWriter error)
    {
        int exitCode = SampleCommand.Success;
        try
        {
            MpiCommunicator.Run(Train);
        }
        catch (DllNotFoundException missing)
        {
            error.WriteLine(missing.Message);
            return SampleCommand.BadUsage;
        }

        return exitCode;

        void Train(MpiCommunicator communicator)
        {
            if (communicator.Rank == 0)
            {
                exitCode = DigitsCommand.Run(options, console, error, communicator);
            }
            else
            {
                DigitsOptions silent = options with { Landscape = false, Curvature = false };
                exitCode = DigitsCommand.Run(silent, SampleConsole.Plain(TextWriter.Null), TextWriter.Null, communicator);
            }
        }
    }
}
