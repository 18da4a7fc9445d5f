namespace OptimGen;

/// <summary>A complete subtree of the binary tree over shards: 2^Level leaves, from Index·2^Level on.</summary>
/// <param name="Level">The height; 0 for a leaf.</param>
/// <param name="Index">The position among the subtrees of that height.</param>
internal readonly record struct SumNode(int Level, int Index)
{
    private SumNode Parent => new(Level + 1, Index >> 1);

    /// <summary>The ranks' leaves: rank r of n has those from ⌊r·S/n⌋ to ⌊(r + 1)·S/n⌋.</summary>
    public static (int Start, int End) LeavesOf(int rank, int size, int leafCount) =>
        ((int)((long)rank * leafCount / size), (int)((long)(rank + 1) * leafCount / size));

    /// <summary>The largest complete subtrees that a range of leaves consists of, from left to right; at most 2·log₂ of its length.</summary>
    public static SumNode[] Cover(int start, int end)
    {
        var nodes = new TreeSum<SumNode>((left, _) => left.Parent);
        for (int leaf = start; leaf < end; leaf++)
        {
            nodes.Add(new SumNode(0, leaf), new SumNode(0, leaf));
        }

        return [.. nodes.Partial.Select(partial => partial.Node)];
    }

    /// <summary>Whether the two are the halves of one subtree.</summary>
    public static bool TryJoin(SumNode left, SumNode right, out SumNode whole)
    {
        whole = left.Parent;
        return left.Level == right.Level && (left.Index & 1) == 0 && right.Index == left.Index + 1;
    }
}

/// <summary>
/// A sum over the leaves 0, 1, …, S − 1 in the order of one binary tree: neighbouring sums of 2^k leaves, at multiples of 2^k, are added as soon as both are there,
/// and at the end those that are left from right to left. Where a sum begins with sums of complete subtrees instead of leaves, its bits are the same; so the leaves may
/// be divided among any number of ranks. It is pairwise summation, whose rounding error grows with log₂ S (Higham, Accuracy and Stability of Numerical Algorithms,
/// 2nd edition, section 4.2).
/// </summary>
/// <param name="add">Adds the right sum to the left one; it may reuse the memory of both.</param>
internal sealed class TreeSum<TSum>(Func<TSum, TSum, TSum> add)
{
    private readonly List<(SumNode Node, TSum Sum)> partial = [];

    /// <summary>The sums of complete subtrees so far, from left to right.</summary>
    public IReadOnlyList<(SumNode Node, TSum Sum)> Partial => partial;

    /// <summary>Adds the sum of a subtree, which follows the last one.</summary>
    public void Add(SumNode node, TSum sum)
    {
        while (partial.Count > 0 && SumNode.TryJoin(partial[^1].Node, node, out SumNode whole))
        {
            (node, sum) = (whole, add(partial[^1].Sum, sum));
            partial.RemoveAt(partial.Count - 1);
        }

        partial.Add((node, sum));
    }

    /// <summary>The sum of all leaves, of which there is at least one; the next sum begins anew.</summary>
    public TSum Complete()
    {
        TSum sum = partial[^1].Sum;
        for (int i = partial.Count - 2; i >= 0; i--)
        {
            sum = add(partial[i].Sum, sum);
        }

        partial.Clear();
        return sum;
    }

    /// <summary>Forgets the sums so far.</summary>
    public void Clear() => partial.Clear();
}
