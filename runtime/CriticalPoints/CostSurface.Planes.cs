using System.Numerics;

namespace OptimGen;

/// <content>The planes over which surfaces are computed.</content>
public sealed partial record CostSurface
{
    /// <summary>
    /// Computes the cost over two random directions, each filter of which has the norm of the parameters' filter (Li and others, "Visualizing the loss landscape
    /// of neural nets", NeurIPS 2018, arXiv:1712.09913).
    /// </summary>
    /// <param name="parameters">The parameters, at the point. They are moved and put back to the bit.</param>
    /// <param name="objective">Computes the mean loss of the mini-batch; deterministic. Gradients are not needed.</param>
    /// <param name="batch">The examples.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <remarks>
    /// The elements of the directions are normally distributed before they are scaled. A filter is a row of a matrix, the elements of one first index of a larger
    /// tensor, and the whole of a vector of weights. Biases do not move, as in the paper's experiments. A unit of an axis is thus as large as the weights:
    /// at x = 1 each filter has moved by its own norm.
    /// </remarks>
    /// <exception cref="ArgumentException">The set has no parameters, or the batch is empty.</exception>
    /// <exception cref="InvalidOperationException">
    /// A cost is not finite, or the objective is not deterministic, or the parameters are biases and zeros only, so that the directions are 0.
    /// </exception>
    /// <exception cref="OperationCanceledException">The computation was cancelled.</exception>
    public static CostSurface Random<T>(ParameterSet<T> parameters, Objective<T> objective, MiniBatch batch, CostSurfaceOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new CostSurfaceOptions();
        var selection = new ParameterSelection<T>(parameters, group: null);
        using var point = new FixedObjective<T>(selection, objective, batch, options.CancellationToken);
        var random = new RandomDirection(options.Seed);
        double[] u = random.Next(point.Length), v = random.Next(point.Length);
        if (!FilterNormalization.Apply(selection, point.Point, u) | !FilterNormalization.Apply(selection, point.Point, v))
        {
            throw new InvalidOperationException(
                "The parameters are biases and zeros only, so directions that are scaled to their norms are 0. Use Along, with directions of another scale.");
        }

        return Compute(point, "Two random directions, in norms of the weights", ("first direction", u), ("second direction", v), options);
    }

    /// <summary>
    /// Computes the cost over the eigenvectors of the largest and of the smallest eigenvalue of an analysis: the directions along which the cost curves up and
    /// down most. Both have the norm 1, so the axes are distances of the parameters.
    /// </summary>
    /// <param name="parameters">The parameters, at the point of the analysis. They are moved and put back to the bit.</param>
    /// <param name="objective">Computes the mean loss of the mini-batch; deterministic. Gradients are not needed.</param>
    /// <param name="batch">The examples.</param>
    /// <param name="analysis">An analysis of the same parameters, or of a group of them.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <inheritdoc cref="Random{T}"/>
    /// <exception cref="ArgumentException">
    /// The set has no parameters, the batch is empty, or the analysis is one of another set, or of a single parameter, whose two eigenvectors are the same.
    /// </exception>
    /// <exception cref="InvalidOperationException">A cost is not finite, or the objective is not deterministic.</exception>
    public static CostSurface Extremes<T>(
        ParameterSet<T> parameters, Objective<T> objective, MiniBatch batch, CriticalPointAnalysis<T> analysis, CostSurfaceOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(analysis);
        if (analysis.Dimension < 2)
        {
            throw new ArgumentException("The analysis is of a single element, which has one direction; a surface needs two.", nameof(analysis));
        }

        HessianEigenvalue<T> largest = analysis.Largest[0], smallest = analysis.Smallest[0];
        return Along(
            parameters, objective, batch, "The directions of the largest and the smallest curvature",
            (AxisOf(largest), largest.Vector), (AxisOf(smallest), smallest.Vector), nameof(analysis), options);

        static string AxisOf(HessianEigenvalue<T> one) =>
            FormattableString.Invariant($"distance along λ = {one.Value:G3} ± {one.Error:G2}").Replace('-', '−');
    }

    /// <summary>Computes the cost over two directions.</summary>
    /// <param name="parameters">The parameters, at the point. They are moved and put back to the bit.</param>
    /// <param name="objective">Computes the mean loss of the mini-batch; deterministic. Gradients are not needed.</param>
    /// <param name="batch">The examples.</param>
    /// <param name="x">The direction of the first axis, whose length is its unit, such as an eigenvector; not 0, and not parallel to the other one.</param>
    /// <param name="y">The direction of the second axis.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <inheritdoc cref="Random{T}"/>
    /// <exception cref="ArgumentException">
    /// The set has no parameters, the batch is empty, or a direction is one of another set, is 0 or not finite, or is parallel to the other one.
    /// </exception>
    /// <exception cref="InvalidOperationException">A cost is not finite, or the objective is not deterministic.</exception>
    public static CostSurface Along<T>(
        ParameterSet<T> parameters, Objective<T> objective, MiniBatch batch, ParameterVector<T> x, ParameterVector<T> y, CostSurfaceOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Along(parameters, objective, batch, "Two directions", ("first direction", x), ("second direction", y), vectorName: null, options);
    }

    private static CostSurface Along<T>(
        ParameterSet<T> parameters, Objective<T> objective, MiniBatch batch, string title,
        (string Description, ParameterVector<T> Vector) x, (string Description, ParameterVector<T> Vector) y, string? vectorName, CostSurfaceOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new CostSurfaceOptions();
        var selection = new ParameterSelection<T>(parameters, group: null);
        double[] u = ElementsOf(x.Vector, selection, vectorName ?? nameof(x)), v = ElementsOf(y.Vector, selection, vectorName ?? nameof(y));
        double cosine = DenseVector.Dot(u, v) / (DenseVector.Norm(u) * DenseVector.Norm(v));
        if (!(Math.Abs(cosine) < 1 - 1e-6))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The directions are parallel (the cosine of their angle is {cosine:G4}); a surface needs two."), vectorName ?? nameof(y));
        }

        using var point = new FixedObjective<T>(selection, objective, batch, options.CancellationToken);
        return Compute(point, title, (x.Description, u), (y.Description, v), options);
    }

    /// <summary>The elements of a vector, as one over all parameters of the set: 0 for those that the vector has no elements of.</summary>
    private static double[] ElementsOf<T>(ParameterVector<T> vector, ParameterSelection<T> all, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (vector.Selection.Set != all.Set)
        {
            throw new ArgumentException($"{name} is of another parameter set.", name);
        }

        var elements = new double[all.Length];
        for (int i = 0; i < all.Parameters.Length; i++)
        {
            if (vector.Parameters.Contains(all.Parameters[i]))
            {
                vector[all.Parameters[i]].CopyTo(elements.AsSpan(all.Offset(i)));
            }
        }

        double norm = DenseVector.Norm(elements);
        return norm > 0 && double.IsFinite(norm)
            ? elements
            : throw new ArgumentException(FormattableString.Invariant($"The norm of {name} is {norm}; it must be finite and positive."), name);
    }

    private static CostSurface Compute<T>(
        FixedObjective<T> point, string title, (string Description, double[] Vector) x, (string Description, double[] Vector) y, CostSurfaceOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        point.EvaluatePoint();
        int center = options.Size / 2;
        double[] coordinates = [.. Enumerable.Range(-center, options.Size).Select(i => options.Radius * (i / (double)center))];
        var costs = new double[options.Size * options.Size];
        var displacement = new double[point.Length];
        for (int i = 0; i < costs.Length; i++)
        {
            (double first, double second) = (coordinates[i % options.Size], coordinates[i / options.Size]);
            if (first == 0 && second == 0)
            {
                costs[i] = point.Cost;
                continue;
            }

            x.Vector.CopyTo(displacement, 0);
            DenseVector.Scale(first, displacement);
            DenseVector.AddScaled(second, y.Vector, displacement);
            costs[i] = point.EvaluateCost(displacement);
            if (!double.IsFinite(costs[i]))
            {
                throw new InvalidOperationException(FormattableString.Invariant(
                    $"The cost is {costs[i]} at x = {first:G4} and y = {second:G4}; nothing has changed. A smaller Radius than {options.Radius:G4} may avoid it."));
            }
        }

        point.RequireSamePoint();
        IReadOnlyList<double> axis = Array.AsReadOnly(coordinates);
        return new CostSurface(title, new CostSurfaceAxis(x.Description, axis), new CostSurfaceAxis(y.Description, axis), costs, point.Batch.Count);
    }
}
