using System.Collections.Concurrent;

namespace OptimGen.Tests.Execution;

/// <summary>Threads that take a step together.</summary>
public class TeamTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(8)]
    public void EveryElement_IsDoneExactlyOnce(int degree)
    {
        int[] lengths = [5, 40_000, 1, 1, 16_384, 100_000, 16_385, 7];
        var division = new Division(lengths);
        for (int repeat = 0; repeat < 50; repeat++)
        {
            var counted = new Counting(lengths);
            division.ForEachPiece(counted, degree, fromTheEnd: repeat % 2 == 0, merges: repeat % 4 < 2);
            counted.AssertOnce();
        }
    }

    [Fact]
    public void Pieces_DependOnTheLengthsAlone()
    {
        var division = new Division([40_000, 3]);
        Assert.Equal(
            [new Piece(0, 0, 0, 16_384), new Piece(1, 0, 16_384, 16_384), new Piece(2, 0, 32_768, 7_232), new Piece(3, 1, 0, 3)],
            division.Pieces.ToArray());
    }

    /// <summary>On any machine: the members meet, so each must have come.</summary>
    [Fact]
    public void Members_WorkAtTheSameTime()
    {
        var team = new Team(TimeSpan.FromSeconds(10));
        var work = new Meeting(4);
        team.Run(work, 4);
        Assert.Equal([0, 1, 2, 3], work.Members.Order());
    }

    [Fact]
    public void AFailure_ReachesTheCallerAndTheTeamGoesOn()
    {
        var team = new Team(TimeSpan.FromSeconds(10));
        for (int repeat = 0; repeat < 20; repeat++)
        {
            var failure = Assert.Throws<InvalidOperationException>(() => team.Run(new Meeting(3, failing: 2), 3));
            Assert.Equal("member 2", failure.Message);
        }

        var work = new Meeting(3);
        team.Run(work, 3);
        Assert.Equal(3, work.Members.Count);
    }

    /// <summary>As when memory that someone else owns has been disposed of, and every member comes upon it.</summary>
    [Fact]
    public void WhenSeveralMembersFail_TheCallerGetsOneFailure_WhenAllHaveEnded()
    {
        var team = new Team(TimeSpan.FromSeconds(10));
        int inside = 0;
        var failing = new Doing(member =>
        {
            Interlocked.Increment(ref inside);
            SpinWait.SpinUntil(() => Volatile.Read(ref inside) >= 4);
            if (member > 0)
            {
                // The first is waited for first, and the others are still at it then.
                Thread.Sleep(50 * (member - 1));
                Interlocked.Increment(ref inside);
                throw new InvalidOperationException($"member {member}");
            }
        });
        Assert.Equal("member 1", Assert.Throws<InvalidOperationException>(() => team.Run(failing, 4)).Message);
        Assert.Equal(7, inside);

        var work = new Meeting(4);
        team.Run(work, 4);
        Assert.Equal([0, 1, 2, 3], work.Members.Order());
    }

    [Fact]
    public void ItsThreads_KeepNothingOfWhoeverMadeThem()
    {
        var team = new Team(TimeSpan.FromSeconds(10));
        var local = new AsyncLocal<string?> { Value = "the first caller's" };
        var seen = new ConcurrentBag<string?>();
        var meeting = new Meeting(3);
        team.Run(
            new Doing(member =>
            {
                meeting.Work(member);
                if (member > 0)
                {
                    seen.Add(local.Value);
                }
            }),
            3);
        Assert.Equal([null, null], seen);
    }

    [Fact]
    public void ATeamThatIsBusy_LeavesTheWorkToItsCaller()
    {
        var team = new Team(TimeSpan.FromSeconds(10));
        var inner = new ConcurrentBag<int>();
        team.Run(
            new Doing(member =>
            {
                if (member == 0)
                {
                    team.Run(
                        new Doing(member =>
                        {
                            inner.Add(member);
                            // Time for others to come, if they were called.
                            Thread.Sleep(50);
                        }),
                        4);
                }
            }),
            2);
        Assert.Equal([0], inner);
    }

    /// <summary>Whoever sets no limit gets neither a thread nor memory for each of two billion.</summary>
    [Fact]
    public void AsManyThreadsAsYouLike_AreAsManyAsAreOfUse()
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", 3_000_000);
        var optimizer = new Lars(parameters) { MaxDegreeOfParallelism = int.MaxValue, GradientScale = 0.5 };
        weights.Values.Fill(1);
        weights.Gradients.Fill(1);
        optimizer.Step();
        Assert.Equal(-1, weights.Values.IndexOfAnyExcept(weights.Values[0]));
        Assert.Equal(1, new Division([100]).MembersAt(int.MaxValue));
        Assert.Equal(2, new Division([40_000, 30_000]).MembersAt(2));
        Assert.Equal(Team.MostMembers, new Division([100_000_000]).MembersAt(int.MaxValue));
    }

    [Fact]
    public async Task SeveralOptimizers_StepAtOnce()
    {
        float[] Run(int threads)
        {
            var parameters = new ParameterSet();
            Parameter<float> weights = parameters.Add("weights", 70_001);
            var optimizer = new Adam(parameters) { MaxDegreeOfParallelism = threads };
            for (int step = 0; step < 60; step++)
            {
                for (int i = 0; i < weights.Length; i++)
                {
                    weights.Gradients[i] = (i % 31) - 15 + step;
                }

                optimizer.Step();
            }

            return weights.Values.ToArray();
        }

        float[] expected = Run(1);
        float[][] results = await Task.WhenAll(Enumerable.Range(2, 6).Select(threads => Task.Run(() => Run(threads))));
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public void AsShipped_AStepUsesAtMostTheProcessors() => Assert.Equal(Environment.ProcessorCount, MoreThreadsThanProcessors.MostMembersAsShipped);

    [Fact]
    public void ThreadsWithoutWork_EndAndAreMadeAgain()
    {
        var team = new Team(TimeSpan.FromMilliseconds(30));
        for (int repeat = 0; repeat < 4; repeat++)
        {
            var work = new Meeting(4);
            team.Run(work, 4);
            Assert.Equal([0, 1, 2, 3], work.Members.Order());
            Assert.True(SpinWait.SpinUntil(() => team.ThreadCount == 0, TimeSpan.FromSeconds(30)), $"{team.ThreadCount} threads are left.");
        }
    }

    /// <summary>Work that comes just when threads end is done, and its failures are told, whichever comes first.</summary>
    [Fact]
    public void WorkThatComesWhenThreadsEnd_IsDone()
    {
        var team = new Team(TimeSpan.FromMilliseconds(1));
        for (int repeat = 0; repeat < 300; repeat++)
        {
            var work = new Meeting(3, failing: repeat % 2 == 0 ? 2 : -1);
            Exception? failure = Record.Exception(() => team.Run(work, 3));
            Assert.Equal(repeat % 2 == 0 ? "member 2" : null, failure?.Message);
            Assert.Equal([0, 1, 2], work.Members.Order());
            // The threads fall asleep after 3 ms.
            Thread.Sleep(repeat % 10);
        }
    }

    /// <summary>A thread that failed and ended while the caller was still at work.</summary>
    [Fact]
    public void AFailureOfAThreadThatHasEnded_ReachesTheCaller()
    {
        var team = new Team(TimeSpan.FromMilliseconds(1));
        var meeting = new Meeting(2, failing: 1);
        var failure = Assert.Throws<InvalidOperationException>(() => team.Run(
            new Doing(member =>
            {
                meeting.Work(member);
                Assert.True(SpinWait.SpinUntil(() => team.ThreadCount == 0, TimeSpan.FromSeconds(30)));
            }),
            2));
        Assert.Equal("member 1", failure.Message);
    }

    private sealed class Counting(int[] lengths) : IPieceWork
    {
        private readonly int[][] counts = [.. lengths.Select(length => new int[length])];

        public void Do(in Piece piece)
        {
            for (int i = piece.Start; i < piece.Start + piece.Length; i++)
            {
                Interlocked.Increment(ref counts[piece.Run][i]);
            }
        }

        public void AssertOnce() => Assert.All(counts, run => Assert.Equal(-1, run.AsSpan().IndexOfAnyExcept(1)));
    }

    /// <summary>Waits until all members are there.</summary>
    private sealed class Meeting(int members, int failing = -1) : ITeamWork
    {
        private int missing = members;

        public ConcurrentBag<int> Members { get; } = [];

        public void Work(int member)
        {
            Members.Add(member);
            Interlocked.Decrement(ref missing);
            SpinWait.SpinUntil(() => Volatile.Read(ref missing) == 0);
            if (member == failing)
            {
                throw new InvalidOperationException($"member {member}");
            }
        }
    }

    private sealed class Doing(Action<int> action) : ITeamWork
    {
        public void Work(int member) => action(member);
    }
}
