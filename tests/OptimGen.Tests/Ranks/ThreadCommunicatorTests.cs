namespace OptimGen.Tests.Ranks;

public class ThreadCommunicatorTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void AllGather_GivesTheMessagesInTheOrderOfTheRanks(int size)
    {
        byte[][] results = ThreadCommunicator.Run(size, communicator =>
        {
            byte[] all = new byte[2 * size];
            communicator.AllGather(new byte[] { (byte)communicator.Rank, 7 }, all);
            communicator.Barrier();
            return all;
        });
        Assert.All(results, all => Assert.Equal(Enumerable.Range(0, size).SelectMany(rank => new[] { (byte)rank, (byte)7 }), all));
    }

    [Fact]
    public void Messages_ArriveInTheirOrder_WhateverIsWaitedForFirst()
    {
        byte[][] results = ThreadCommunicator.Run(2, communicator =>
        {
            byte[] first = new byte[1], second = new byte[3];
            if (communicator.Rank == 0)
            {
                communicator.Send(1, new byte[] { 1 });
                communicator.Send(1, new byte[] { 2, 3, 4 });
            }
            else
            {
                Transfer one = communicator.StartReceive(0, first), two = communicator.StartReceive(0, second);
                two.Wait();
                one.Wait();
                one.Wait();
            }

            return (byte[])[.. first, .. second];
        });
        Assert.Equal([1, 2, 3, 4], results[1]);
    }

    [Fact]
    public void ExchangeOfBothSides_DoesNotWaitForEver()
    {
        byte[][] results = ThreadCommunicator.Run(2, communicator =>
        {
            int other = 1 - communicator.Rank;
            byte[] received = new byte[1 << 20];
            communicator.Send(other, Enumerable.Repeat((byte)communicator.Rank, 1 << 20).ToArray());
            communicator.Receive(other, received);
            return received;
        });
        Assert.All(results[0], value => Assert.Equal(1, value));
    }

    [Fact]
    public void RankThatThrows_EndsTheOthers_AndIsNamed()
    {
        var failure = Assert.Throws<RankFailedException>(() => ThreadCommunicator.Run(3, communicator =>
        {
            if (communicator.Rank == 1)
            {
                throw new FormatException("no digits");
            }

            communicator.Barrier();
        }));
        Assert.Equal((1, "Rank 1 of 3 threw FormatException: no digits"), (failure.Rank, failure.Message));
        Assert.IsType<FormatException>(failure.InnerException);
    }

    [Fact]
    public void RankThatHangs_IsNamedByThoseThatWait()
    {
        using var never = new ManualResetEventSlim();
        var failure = Assert.Throws<RankFailedException>(() => ThreadCommunicator.Run(
            3,
            communicator =>
            {
                if (communicator.Rank == 2)
                {
                    // Longer than the others wait, and not for ever, since the test waits for its end.
                    never.Wait(5 * Short);
                }

                communicator.Barrier();
            },
            Short));
        Assert.Equal(2, failure.Rank);
        Assert.Contains("Rank 2 of 3 does not answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Abort_EndsAll_WithItsMessage()
    {
        var failure = Assert.Throws<RankFailedException>(() => ThreadCommunicator.Run(2, communicator =>
        {
            if (communicator.Rank == 1)
            {
                communicator.Abort("the disk is full");
            }

            communicator.Barrier();
        }));
        Assert.Equal("Rank 1 of 2 has ended the others: the disk is full", failure.Message);
    }

    [Fact]
    public void MessageOfAnotherLength_IsRefused()
    {
        var failure = Assert.Throws<RankFailedException>(() => ThreadCommunicator.Run(2, communicator =>
        {
            if (communicator.Rank == 0)
            {
                communicator.Send(1, new byte[8]);
            }
            else
            {
                communicator.Receive(0, new byte[16]);
            }
        }));
        Assert.Contains("Rank 0 sent 8 bytes where rank 1 expects 16", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    public void RankThatIsNone_IsRefused(int rank)
    {
        var failure = Assert.Throws<RankFailedException>(() => ThreadCommunicator.Run(2, communicator =>
        {
            if (communicator.Rank == 0)
            {
                communicator.Send(rank, new byte[1]);
            }
        }));
        Assert.Contains($"rank is {rank}; it must be from 0 to 1 and not 0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ThreadCommunicator.Run(0, _ => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ThreadCommunicator.Run(1, _ => { }, TimeSpan.Zero));
        Assert.Throws<ArgumentNullException>(() => ThreadCommunicator.Run(1, null!));
        Assert.Throws<RankFailedException>(() => ThreadCommunicator.Run(1, communicator => communicator.AllGather(new byte[1], new byte[2])));
    }
}
