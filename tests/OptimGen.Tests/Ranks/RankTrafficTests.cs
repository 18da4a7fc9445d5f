namespace OptimGen.Tests.Ranks;

/// <summary>What the ranks send in a step is what runtime/docs/ranks.md says.</summary>
public class RankTrafficTests
{
    [Theory]
    [InlineData(2, 2, false)]
    [InlineData(3, 3, false)]
    [InlineData(4, 8, true)]
    [InlineData(4, 6, false)]
    [InlineData(7, 5, true)]
    public void BytesAndMessages_AreThoseOfTheFormula(int size, int shardCount, bool clips)
    {
        const int Element = sizeof(float);
        (long Messages, long Bytes)[] measured = ThreadCommunicator.Run(size, communicator =>
        {
            var counting = new CountingCommunicator(communicator);
            ParameterSet parameters = ShardedRun.MakeParameters();
            var run = new ShardedRun(parameters, new Lamb(parameters, new OptimizerOptions { Communicator = counting }) { MaxGradientNorm = clips ? 1 : null }, shardCount);
            counting.Reset();
            run.Take(1);
            return (counting.Messages, counting.Bytes);
        });

        // P, the slices Pᵣ with their messages Mᵣ and pieces Kᵣ, and the subtrees Sᵣ.
        ParameterSet parameters = ShardedRun.MakeParameters();
        ParameterRun<float>[] tensors = ParameterRun<float>.OfTensors(parameters);
        var division = new Division(tensors.Select(tensor => tensor.Length));
        RankSlices<float>[] slices = ThreadCommunicator.Run(size, communicator => new RankSlices<float>(communicator, tensors, division));
        long[] elements = [.. slices.Select(slice => slice.Own.ElementCount)];
        int[] messages = [.. Enumerable.Range(0, size).Select(slices[0].MessagesOf)];
        int[] subtrees = [.. Enumerable.Range(0, size).Select(rank => SumNode.LeavesOf(rank, size, shardCount)).Select(leaves => SumNode.Cover(leaves.Start, leaves.End).Length)];
        int mostPieces = slices.Max(slice => slice.Own.PieceCount);
        const int Reductions = 2;
        int[] smallMessages = [8 * ((shardCount + size - 1) / size), 8, clips ? 8 * mostPieces : 16, 8 * Reductions * mostPieces];
        for (int rank = 0; rank < size; rank++)
        {
            long bytes = (Element * subtrees[rank] * (elements.Sum() - elements[rank])) + ((size - 1) * ((Element * elements[rank]) + smallMessages.Sum()));
            long count = (subtrees[rank] > 0 ? messages.Sum() - messages[rank] : 0) + ((size - 1) * (messages[rank] + smallMessages.Length));
            Assert.Equal((count, bytes), measured[rank]);
        }
    }
}
