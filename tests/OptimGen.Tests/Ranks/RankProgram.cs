using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace OptimGen.Tests.Ranks;

/// <summary>What the processes of <see cref="MpiTests"/> do.</summary>
internal static class RankProgram
{
    public const string Step = "step", Exchange = "exchange", Truncate = "truncate", Throw = "throw", Hang = "hang", Die = "die";

    /// <summary>How long a rank waits for one that hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int ShardCount = 6;

    public static int Run(string task) => MpiCommunicator.Run(communicator =>
    {
        switch (task)
        {
            case Step:
                WriteLine($"{communicator.Rank} of {communicator.Size}: {StepAndHash(communicator)}");
                break;
            case Exchange:
                ExchangeLongMessages(communicator);
                WriteLine($"{communicator.Rank} of {communicator.Size}: {communicator.LibraryName}");
                break;
            case Truncate:
                ReceiveTooLongAMessage(communicator);
                break;
            case Throw:
                if (communicator.Rank == 1)
                {
                    throw new FormatException("no digits");
                }

                ((ICommunicator)communicator).Barrier();
                break;
            case Hang:
                communicator.Patience = Patience;
                if (communicator.Rank == 1)
                {
                    Thread.Sleep(Timeout.Infinite);
                }

                ((ICommunicator)communicator).Barrier();
                break;
            case Die:
                if (communicator.Rank == 1)
                {
                    Process.GetCurrentProcess().Kill();
                }

                ((ICommunicator)communicator).Barrier();
                break;
            default:
                throw new ArgumentException($"task is '{task}', which is unknown.", nameof(task));
        }
    });

    /// <summary>Takes steps whose gradients are clipped, and whose states are encoded, and hashes everything that they leave.</summary>
    public static string StepAndHash(ICommunicator? communicator)
    {
        var options = new OptimizerOptions { Communicator = communicator, StateStorage = Storage.Block8, StateRounding = StorageRounding.Stochastic };
        ParameterSet parameters = ShardedRun.MakeParameters();
        var optimizer = new Lamb(parameters, options) { MaxGradientNorm = 0.7 };
        optimizer.AverageParameters(0.9);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] content in new ShardedRun(parameters, optimizer, ShardCount).Take().Contents())
        {
            hash.AppendData(content);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Every rank sends to every other one at the same time, more than a library sends without its receiver, in parts of which the last is short.</summary>
    private static void ExchangeLongMessages(MpiCommunicator communicator)
    {
        foreach (int length in (int[])[0, 1, 99_999, 3_000_000])
        {
            byte[] own = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 + communicator.Rank))];
            byte[] all = new byte[length * communicator.Size];
            ((ICommunicator)communicator).AllGather(own, all);
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i] != (byte)(i % length * 7 + i / length))
                {
                    throw new InvalidOperationException($"Byte {i} of {all.Length} is {all[i]}.");
                }
            }
        }
    }

    /// <summary>Rank 1 sends rank 0 more bytes than that receives.</summary>
    private static void ReceiveTooLongAMessage(ICommunicator communicator)
    {
        if (communicator.Rank == 1)
        {
            communicator.Send(0, new byte[8]);
            return;
        }

        try
        {
            communicator.Receive(1, new byte[4]);
        }
        catch (InvalidOperationException error)
        {
            WriteLine($"{communicator.Rank} of {communicator.Size}: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    // One call, so that the lines of the ranks are not mixed.
    private static void WriteLine(FormattableString line) => Console.Out.Write(line.ToString(CultureInfo.InvariantCulture) + "\n");
}
