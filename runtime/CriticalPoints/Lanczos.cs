namespace OptimGen;

/// <summary>
/// Lanczos's method with full reorthogonalization: it builds an orthonormal basis Q of a Krylov space of a symmetric matrix H and the tridiagonal matrix QᵀHQ,
/// whose eigenvalues, the Ritz values, approximate the extreme eigenvalues of H. Each vector is orthogonalized twice against all before it, which is enough
/// (Parlett, The Symmetric Eigenvalue Problem, 1980, section 6.9).
/// </summary>
/// <remarks>
/// From one start vector it cannot tell how often an eigenvalue occurs. Where the Krylov space is exhausted, it goes on with a random vector that is
/// orthogonal to it, and so finds further copies.
/// </remarks>
internal sealed class Lanczos
{
    private const double UnitRoundoff = 1.0 / (1L << 52);

    private readonly Action<double[], double[]> multiply;
    private readonly int length;
    private readonly List<double[]> basis = [];
    private readonly List<double> diagonal = [], offDiagonal = [];
    private RandomDirection random;
    private double[] next;

    /// <param name="multiply">Computes Hv into its second argument, for a v of norm 1.</param>
    /// <param name="start">The first vector, of norm 1.</param>
    /// <param name="random">Draws the vectors with which an exhausted Krylov space is left.</param>
    public Lanczos(Action<double[], double[]> multiply, double[] start, RandomDirection random)
    {
        (this.multiply, this.random) = (multiply, random);
        (next, length) = (start, start.Length);
    }

    /// <summary>The number of steps taken, which is the number of vectors of the basis.</summary>
    public int Steps => basis.Count;

    /// <summary>Whether the basis has as many vectors as the matrix has rows.</summary>
    public bool IsComplete => Steps == length;

    /// <summary>The Ritz values, ascending; valid after <see cref="ComputeRitzValues"/>.</summary>
    public double[] Values { get; private set; } = [];

    /// <summary>The norm of the residual ‖Hy − θy‖ of each Ritz pair in exact arithmetic.</summary>
    public double[] Residuals { get; private set; } = [];

    private double[][] Coefficients { get; set; } = [];

    /// <summary>Adds a vector to the basis.</summary>
    public void Step()
    {
        double[] current = next, product = new double[length];
        multiply(current, product);
        basis.Add(current);
        diagonal.Add(DenseVector.Dot(current, product));
        DenseVector.Orthogonalize(product, basis);
        DenseVector.Orthogonalize(product, basis);
        double norm = DenseVector.Normalize(product);
        if (norm <= length * UnitRoundoff * Size() && !IsComplete)
        {
            norm = 0;
            product = Restart();
        }

        offDiagonal.Add(norm);
        next = product;
    }

    /// <summary>Computes the eigenvalues of the tridiagonal matrix so far, and their residuals.</summary>
    public void ComputeRitzValues()
    {
        int n = Steps;
        Values = [.. diagonal];
        Coefficients = SymmetricEigenvalues.Identity(n);
        TridiagonalEigenvalues.Compute(Values, offDiagonal.Take(n - 1).ToArray(), Coefficients);
        Residuals = [.. Coefficients.Select(vector => Math.Abs(vector[n - 1]) * offDiagonal[n - 1])];
    }

    /// <summary>The vector of a Ritz value, of norm 1.</summary>
    public double[] Vector(int index)
    {
        var vector = new double[length];
        for (int i = 0; i < Steps; i++)
        {
            DenseVector.AddScaled(Coefficients[index][i], basis[i], vector);
        }

        DenseVector.Normalize(vector);
        return vector;
    }

    /// <summary>
    /// The quadrature of the spectral measure of the first vector v, Σᵢwᵢδ(λ − θᵢ) ≈ Σₖ(vᵀuₖ)²δ(λ − λₖ): the Ritz values and their weights, whose sum is 1
    /// (Golub and Meurant, Matrices, Moments and Quadrature, 2010).
    /// </summary>
    public (double[] Nodes, double[] Weights) Quadrature()
    {
        double[] nodes = [.. diagonal];
        double[][] first = [.. Enumerable.Range(0, Steps).Select(i => new double[] { i == 0 ? 1 : 0 })];
        TridiagonalEigenvalues.Compute(nodes, offDiagonal.Take(Steps - 1).ToArray(), first);
        return (nodes, [.. first.Select(row => row[0] * row[0])]);
    }

    private double Size() => Math.Max(diagonal.Max(Math.Abs), offDiagonal.Count > 0 ? offDiagonal.Max() : 0);

    private double[] Restart()
    {
        while (true)
        {
            double[] vector = random.Next(length);
            DenseVector.Orthogonalize(vector, basis);
            DenseVector.Orthogonalize(vector, basis);
            // All but the last few directions may be in the basis already, so the rest of a random vector can be short; it is orthogonalized again then.
            if (DenseVector.Normalize(vector) > 1e-8)
            {
                DenseVector.Orthogonalize(vector, basis);
                DenseVector.Normalize(vector);
                return vector;
            }
        }
    }
}
