using System.Numerics;

namespace OptimGen;

/// <summary>
/// The gradient of a mini-batch as the sum of those of S shards, in the fixed order of one binary tree over them. The ranks have contiguous ranges of the shards; each
/// adds up the complete subtrees of its own, and the sums go on where subtrees meet. So the sum, and with it every step, has the same bits for any number of ranks, and in
/// one process without any: provided that the gradient of a shard has the same bits wherever it is computed (<see cref="GradientReproducibility"/> checks that).
/// </summary>
/// <remarks>
/// <para>
/// The sum is Σ wᵢ·gᵢ: each element is multiplied by the weight of its shard, rounded, and the products are added pairwise in the element type. With the gradients of
/// means over bᵢ of B examples, and weights bᵢ/B, it is the gradient of the mean over all. Its error is at most (2 + ⌈log₂ S⌉)·u of Σ wᵢ·|gᵢ|, with u = 2⁻²⁴ for floats
/// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, section 4.2).
/// </para>
/// <para>
/// The memory is one set of gradients for each complete subtree that waits for its neighbour, at most ⌈log₂ S⌉ + 1; with ranks, and shards of which each has a power of
/// two, those of its own shards alone. S should be a multiple of the number of ranks; those without a shard only own parameters.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var shards = new GradientShards&lt;float&gt;(optimizer, count: 8);
/// foreach (int shard in shards.Own)
/// {
///     parameters.ZeroGradients();
///     double cost = ComputeGradient(parameters, examplesOf: shard);
///     shards.Add(shard, weight: 1.0 / 8, cost);
/// }
///
/// shards.Step();
/// </code>
/// </example>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GradientShards<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Optimizer<T> optimizer;
    private readonly RankStep<T>? ranks;
    private readonly int first;
    private readonly int end;
    private readonly double[] costs;
    private readonly TreeSum<PartialGradient> sum;
    private readonly Stack<PartialGradient> unused = [];
    private int next;
    private bool isReduced;

    /// <summary>Divides the shards of an optimizer's steps among its ranks (<see cref="OptimizerOptions.Communicator"/>), or leaves them to one process.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="count">The number of shards, S; the same on every rank, and at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="optimizer"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public GradientShards(Optimizer<T> optimizer, int count)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        (this.optimizer, Count, ranks) = (optimizer, count, optimizer.Ranks);
        (first, end) = ranks is null ? (0, count) : SumNode.LeavesOf(ranks.Slices.Rank, ranks.Slices.Size, count);
        next = first;
        costs = new double[end - first];
        sum = new TreeSum<PartialGradient>((left, right) =>
        {
            left.Add(right);
            unused.Push(right);
            return left;
        });
    }

    /// <summary>The number of shards of all ranks, S.</summary>
    public int Count { get; }

    /// <summary>The shards of this rank, in the order in which they are to be added.</summary>
    public IEnumerable<int> Own => Enumerable.Range(first, end - first);

    /// <summary>The examples of a shard: shard i of a mini-batch of B has those from ⌊i·B/S⌋ to ⌊(i + 1)·B/S⌋.</summary>
    /// <param name="shard">The shard, from 0 to S − 1.</param>
    /// <param name="exampleCount">The number of examples of the mini-batch, B.</param>
    /// <returns>The position of the first, and how many they are: 0 for some shards if B is below S.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard, or <paramref name="exampleCount"/> is below 1.</exception>
    public (int Start, int Count) ExamplesOf(int shard, int exampleCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exampleCount);
        (int start, int stop) = SumNode.LeavesOf(shard, Count, exampleCount);
        return (start, stop - start);
    }

    /// <summary>Adds the gradients of the parameters, addends included, which are those of one shard.</summary>
    /// <param name="shard">The next of <see cref="Own"/>.</param>
    /// <param name="weight">The weight of the shard, wᵢ; it is rounded to the element type.</param>
    /// <param name="cost">The cost of the shard, for <see cref="Reduce"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is not finite, in the element type too.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another shard is the next, or all have been added; or a parameter is updated by rows (<see cref="Optimizer{T}.UpdateByRows"/>).
    /// </exception>
    public void Add(int shard, double weight = 1, double cost = 0)
    {
        GradientAddend<T>.RequireWeight(weight, nameof(weight));
        RequireNoTables();
        if (shard != next || shard == end)
        {
            throw new InvalidOperationException(
                $"Shard {shard} was added, and {(next == end ? "all shards of this rank have been added" : $"{next} is the next")}. "
                + $"The shards of this rank are {first} to {end - 1}, each once and in this order.");
        }

        PartialGradient leaf = unused.Count > 0 ? unused.Pop() : new PartialGradient(optimizer.Parameters);
        leaf.SetTo(optimizer.Parameters, T.CreateTruncating(weight));
        costs[shard - first] = weight * cost;
        next++;
        sum.Add(new SumNode(0, shard), leaf);
    }

    /// <summary>Drops what has been added, to begin anew: where the gradient of a shard could not be computed.</summary>
    public void Clear()
    {
        foreach ((_, PartialGradient partial) in sum.Partial)
        {
            unused.Push(partial);
        }

        sum.Clear();
        (next, isReduced) = (first, false);
    }

    /// <summary>
    /// Completes the sum, and leaves it in the gradients of the parameters; with ranks, in those that this rank owns. All ranks call it together. If a cost is not finite,
    /// the gradients are left as they are.
    /// </summary>
    /// <returns>The cost of the mini-batch, Σ wᵢ·cᵢ over all shards in the order of the tree, or the first product that is not finite; the same on every rank.</returns>
    /// <exception cref="InvalidOperationException">A shard of this rank has not been added.</exception>
    public double Reduce()
    {
        if (next != end)
        {
            throw new InvalidOperationException($"Shard {next} has not been added. The shards of this rank are {first} to {end - 1}.");
        }

        RequireNoTables();
        double[] all = ranks is null ? costs : GatherCosts(ranks.Communicator);
        int notFinite = Array.FindIndex(all, cost => !double.IsFinite(cost));
        if (notFinite >= 0)
        {
            Clear();
            return all[notFinite];
        }

        if (ranks is null)
        {
            PartialGradient total = sum.Complete();
            total.CopyTo(optimizer.Parameters);
            unused.Push(total);
        }
        else
        {
            ranks.SumGradients(Count, [.. sum.Partial.Select(partial => partial.Sum)]);
        }

        Clear();
        isReduced = true;
        optimizer.Parameters.LeaveOutAddends();
        var cost = new TreeSum<double>((left, right) => left + right);
        for (int shard = 0; shard < all.Length; shard++)
        {
            cost.Add(new SumNode(0, shard), all[shard]);
        }

        return cost.Complete();
    }

    /// <summary>Takes a step with the sum, which it completes if <see cref="Reduce"/> has not. All ranks call it together.</summary>
    /// <returns>As <see cref="Optimizer.Step"/>.</returns>
    /// <exception cref="ArithmeticException">A cost is not finite, and the step was refused.</exception>
    /// <exception cref="InvalidOperationException">A shard of this rank has not been added; or as <see cref="Optimizer.Step"/>, which throws others too.</exception>
    public StepResult Step()
    {
        if (!isReduced && Reduce() is var cost && !double.IsFinite(cost))
        {
            throw new ArithmeticException(FormattableString.Invariant($"The cost of a shard is {cost}. The step was refused; parameters and state are unchanged."));
        }

        isReduced = false;
        return optimizer.StepSummed();
    }

    /// <summary>Refuses gradients of rows, which would be in the step with the weight of no shard.</summary>
    private void RequireNoTables()
    {
        if (optimizer.HasTables)
        {
            throw optimizer.RowsRefuse($"The gradients are cut into {Count} shards", "the gradients of its rows would not be weighed by those of the shards. Give each step its gradient whole.");
        }
    }

    private double[] GatherCosts(ICommunicator communicator)
    {
        int longest = (Count + communicator.Size - 1) / communicator.Size;
        var padded = new double[longest];
        costs.CopyTo(padded, 0);
        double[] gathered = communicator.AllGather<double>(padded);
        var all = new double[Count];
        for (int rank = 0; rank < communicator.Size; rank++)
        {
            (int start, int stop) = SumNode.LeavesOf(rank, communicator.Size, Count);
            gathered.AsSpan(rank * longest, stop - start).CopyTo(all.AsSpan(start));
        }

        return all;
    }

    /// <summary>The sum of the gradients of a complete subtree of shards.</summary>
    private sealed class PartialGradient(ParameterSet<T> parameters) : IPartialGradient<T>
    {
        private readonly T[][] tensors = [.. parameters.Select(parameter => new T[parameter.Length])];

        public void CopyTo(int tensor, int start, Span<T> elements) => tensors[tensor].AsSpan(start, elements.Length).CopyTo(elements);

        public void SetTo(ParameterSet<T> parameters, T weight)
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                ElementSum.SetToScaled(tensors[i], weight, parameters[i].ReadGradients());
            }
        }

        public void Add(PartialGradient right)
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                ElementSum.Add(tensors[i], right.tensors[i]);
            }
        }

        public void CopyTo(ParameterSet<T> parameters)
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                parameters[i].SetGradients(tensors[i]);
            }
        }
    }
}
