namespace OptimGen.Tests.Training;

public class MiniBatchTests
{
    public static TheoryData<int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, int>();
            foreach (int examples in new[] { 1, 2, 3, 7, 64, 65, 100, 257 })
            {
                foreach (int batch in new[] { 1, 2, 3, 10, 63, 64, 100, 256, 257 }.Where(batch => batch <= examples))
                {
                    sizes.Add(examples, batch);
                }
            }

            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void EveryEpoch_HasEveryExampleOnce_AndOnlyTheLastBatchIsShort(int exampleCount, int batchSize)
    {
        List<Batch> batches = Batches(exampleCount, batchSize, epochs: 3, seed: 1);
        int steps = (exampleCount + batchSize - 1) / batchSize;
        Assert.Equal(3 * steps, batches.Count);
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            Batch[] ofEpoch = [.. batches.Where(batch => batch.Epoch == epoch)];
            Assert.Equal(Enumerable.Range(0, exampleCount), ofEpoch.SelectMany(batch => batch.Examples).Order());
            Assert.Equal(Enumerable.Range(0, steps), ofEpoch.Select(batch => batch.Index));
            Assert.All(ofEpoch[..^1], batch => Assert.Equal(batchSize, batch.Examples.Length));
            Assert.Equal(exampleCount - ((steps - 1) * batchSize), ofEpoch[^1].Examples.Length);
        }

        Assert.Equal(Enumerable.Range(1, batches.Count).Select(step => (long)step), batches.Select(batch => batch.Step));
    }

    /// <summary>The numbers are those of a second implementation, in Python, written from the papers' definitions.</summary>
    [Fact]
    public void TheOrder_IsTheSameOnEveryPlatform()
    {
        Assert.Equal([0, 2, 11, 3, 9, 10, 5, 7, 8, 6, 4, 1], Order(12, seed: 42, epoch: 1));
        Assert.Equal([4, 0, 6, 9, 10, 1, 3, 2, 8, 7, 5, 11], Order(12, seed: 42, epoch: 2));
        Assert.Equal([7, 0, 1, 10, 3, 2, 9, 4, 11, 5, 8, 6], Order(12, seed: -1, epoch: 1));
    }

    [Fact]
    public void TheOrder_DiffersBetweenEpochsAndBetweenSeeds()
    {
        int[][] orders = [.. from seed in Enumerable.Range(0, 5) from epoch in Enumerable.Range(1, 20) select Order(50, seed, epoch)];
        Assert.Equal(orders.Length, orders.Select(order => string.Join(',', order)).Distinct().Count());
    }

    [Fact]
    public void TheShuffle_PutsEveryExampleAtEveryPlaceEquallyOften()
    {
        const int Epochs = 12_000;
        var counts = new int[4, 4];
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            int[] order = Order(4, seed: 8, epoch);
            for (int place = 0; place < 4; place++)
            {
                counts[place, order[place]]++;
            }
        }

        // 3,000 each; the standard deviation is 47.
        Assert.All(counts.Cast<int>(), count => Assert.InRange(count, 2760, 3240));
    }

    [Fact]
    public void WithoutShuffle_TheExamplesComeInTheirOwnOrder()
    {
        List<Batch> batches = Batches(10, 4, epochs: 2, seed: null);
        int[][] expected = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9], [0, 1, 2, 3], [4, 5, 6, 7], [8, 9]];
        Assert.Equal(expected, batches.Select(batch => batch.Examples));
    }

    [Theory]
    [InlineData(5_000_000, 1_000, 5_000)]
    [InlineData(5_000_001, 1_000, 5_001)]
    [InlineData(5_000_000, 5_000_000, 1)]
    [InlineData(5_000_000, 1, 5_000_000)]
    [InlineData(int.MaxValue, int.MaxValue - 1, 2)]
    [InlineData(int.MaxValue, 2, 1 << 30)]
    public void StepsPerEpoch_NeedsNoMemory(int exampleCount, int batchSize, int steps)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Trainer<double> trainer = Idle(exampleCount);
        trainer.BatchSize = batchSize;
        Assert.Equal(steps, trainer.StepsPerEpoch);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    /// <summary>Without shuffling only the indices of one batch are stored: those of all examples would take 8 GB here.</summary>
    [Fact]
    public void WithoutShuffling_TrainingNeedsMemoryForOneBatch()
    {
        Trainer<double> trainer = Idle(int.MaxValue);
        (trainer.Shuffle, trainer.BatchSize) = (false, 1000);
        using var cancellation = new CancellationTokenSource();
        var progress = new ReportedProgress(step =>
        {
            if (step.Step == 10)
            {
                cancellation.Cancel();
            }
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<OperationCanceledException>(() => trainer.Train(1, progress, cancellation.Token));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(10, trainer.StepCount);
    }

    /// <summary>Shuffle and batch size may change between epochs, and the memory of the indices with them.</summary>
    [Fact]
    public void ShufflingByTurns_GivesEachEpochEveryExample()
    {
        var seen = new List<int>();
        var trainer = new Trainer<double>(new GradientDescent<double>(Regression.Parameters()), 10, (_, batch) =>
        {
            seen.AddRange(batch.Examples);
            return 0;
        });
        foreach ((bool shuffle, int batchSize) in ((bool, int)[])[(false, 3), (true, 4), (false, 10), (false, 4), (true, 10), (false, 1)])
        {
            seen.Clear();
            (trainer.Shuffle, trainer.BatchSize) = (shuffle, batchSize);
            trainer.Train(1);
            Assert.Equal(Enumerable.Range(0, 10), shuffle ? seen.Order() : seen);
        }
    }

    [Fact]
    public void AMiniBatch_CanBeMadeByHand()
    {
        var batch = new MiniBatch([3, 1], epoch: 2, step: 7, index: 1);
        Assert.Equal([3, 1], batch.Examples.ToArray());
        Assert.Equal((2, 2, 7L, 1), (batch.Count, batch.Epoch, batch.Step, batch.Index));
    }

    [Fact]
    public void AMiniBatch_RefusesWhatNoBatchHas()
    {
        Refusal.Require<ArgumentException>("examples", "at least one example", () => new MiniBatch([]).Count);
        Assert.Throws<ArgumentOutOfRangeException>("epoch", () => new MiniBatch([1], epoch: 0).Count);
        Assert.Throws<ArgumentOutOfRangeException>("step", () => new MiniBatch([1], step: 0).Count);
        Assert.Throws<ArgumentOutOfRangeException>("index", () => new MiniBatch([1], index: -1).Count);
    }

    private static int[] Order(int exampleCount, long seed, int epoch)
    {
        int[] memory = [];
        return new RunningEpoch(epoch, exampleCount, exampleCount, seed, ref memory).NextExamples().ToArray();
    }

    private static Trainer<double> Idle(int exampleCount) =>
        new(new GradientDescent<double>(Regression.Parameters()), exampleCount, (_, _) => 0);

    private static List<Batch> Batches(int exampleCount, int batchSize, int epochs, long? seed)
    {
        var batches = new List<Batch>();
        var trainer = new Trainer<double>(new GradientDescent<double>(Regression.Parameters()), exampleCount, (_, batch) =>
        {
            batches.Add(new Batch(batch.Examples.ToArray(), batch.Epoch, batch.Step, batch.Index));
            return 0;
        })
        {
            BatchSize = batchSize,
            Shuffle = seed is not null,
            Seed = seed ?? 0,
        };
        trainer.Train(epochs);
        return batches;
    }

    private sealed record Batch(int[] Examples, int Epoch, long Step, int Index);
}
