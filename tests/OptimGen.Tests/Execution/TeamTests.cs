using System.Collections.Concurrent;

namespace OptimGen.Tests.Execution;

/// <summary>Fork and join of the threads of a step, and the division of work among them.</summary>
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

    /// <summary>Each member waits for all others, so the work ends only if all run at the same time, on any number of processors.</summary>
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

    /// <summary>For example, wrapped memory has been disposed of, and every member accesses it.</summary>
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
                // Member 1 is joined first, and fails while the others still work.
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
                            // Gives other members time to run, if they were wrongly started.
                            Thread.Sleep(50);
                        }),
                        4);
                }
            }),
            2);
        Assert.Equal([0], inner);
    }

    /// <summary>A degree of int.MaxValue creates only as many threads as are of use, and no counter for each of two billion.</summary>
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

    /// <summary>A race between new work and threads that exit: the work is done, and its failure is reported, whichever is first.</summary>
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
            // Varies the pause around 3 ms, after which the threads block, and 1 ms later exit.
            Thread.Sleep(repeat % 10);
        }
    }

    /// <summary>The failure is reported even if the thread has exited before the caller joins.</summary>
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

    /// <summary>Work that waits until all members have started (a barrier).</summary>
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
