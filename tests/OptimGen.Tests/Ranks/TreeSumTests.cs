namespace OptimGen.Tests.Ranks;

public class TreeSumTests
{
    [Theory]
    [InlineData(1, "0")]
    [InlineData(2, "(0+1)")]
    [InlineData(3, "((0+1)+2)")]
    [InlineData(5, "(((0+1)+(2+3))+4)")]
    [InlineData(7, "(((0+1)+(2+3))+((4+5)+6))")]
    [InlineData(8, "(((0+1)+(2+3))+((4+5)+(6+7)))")]
    public void Order_IsThatOfTheTree(int leafCount, string expected) => Assert.Equal(expected, SumOf(leafCount, size: 1));

    [Fact]
    public void Order_DoesNotDependOnTheNumberOfRanks()
    {
        for (int leafCount = 1; leafCount <= 40; leafCount++)
        {
            string alone = SumOf(leafCount, size: 1);
            for (int size = 2; size <= 12; size++)
            {
                Assert.Equal(alone, SumOf(leafCount, size));
            }
        }
    }

    [Fact]
    public void Cover_HasFewSubtrees()
    {
        Assert.Equal([new SumNode(3, 1)], SumNode.Cover(8, 16));
        Assert.Equal([new SumNode(0, 3), new SumNode(2, 1), new SumNode(1, 4)], SumNode.Cover(3, 10));
        Assert.Empty(SumNode.Cover(5, 5));
    }

    [Fact]
    public void LeavesOf_AreAllLeavesInTheirOrder()
    {
        for (int leafCount = 1; leafCount < 20; leafCount++)
        {
            for (int size = 1; size < 9; size++)
            {
                IEnumerable<int> leaves = Enumerable.Range(0, size).Select(rank => SumNode.LeavesOf(rank, size, leafCount)).SelectMany(range => Enumerable.Range(range.Start, range.End - range.Start));
                Assert.Equal(Enumerable.Range(0, leafCount), leaves);
            }
        }
    }

    /// <summary>The sum as a text with its brackets: each rank adds its own leaves, and then what they have is added.</summary>
    private static string SumOf(int leafCount, int size)
    {
        static string Add(string left, string right) => $"({left}+{right})";
        var whole = new TreeSum<string>(Add);
        for (int rank = 0; rank < size; rank++)
        {
            (int start, int end) = SumNode.LeavesOf(rank, size, leafCount);
            var own = new TreeSum<string>(Add);
            for (int leaf = start; leaf < end; leaf++)
            {
                own.Add(new SumNode(0, leaf), $"{leaf}");
            }

            Assert.Equal(SumNode.Cover(start, end), own.Partial.Select(partial => partial.Node));
            foreach ((SumNode node, string sum) in own.Partial)
            {
                whole.Add(node, sum);
            }
        }

        return whole.Complete();
    }
}
