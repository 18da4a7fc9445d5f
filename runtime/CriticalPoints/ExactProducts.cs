using System.Numerics;

namespace OptimGen;

/// <summary>Products of the Hessian that the user computes. Their error is that of rounding, which is estimated from products of v and of 3v.</summary>
internal sealed class ExactProducts<T> : IHessianProducts
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A relative difference from central differences that is certainly an error of the user's products.</summary>
    private const double CertainDifference = 0.01;

    private static readonly double RelativeRounding = double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    private readonly FixedObjective<T> objective;
    private readonly HessianVectorProduct<T> multiply;
    private readonly ParameterVector<T> direction, product;

    /// <exception cref="InvalidOperationException">The products are not those of the Hessian.</exception>
    public ExactProducts(FixedObjective<T> objective, HessianVectorProduct<T> multiply, DifferenceProducts<T> differences, double[] direction)
    {
        (this.objective, this.multiply) = (objective, multiply);
        this.direction = new ParameterVector<T>(objective.Selection, new double[objective.Length]);
        product = new ParameterVector<T>(objective.Selection, new double[objective.Length]);
        RequireHessian(differences, direction);
    }

    public double TypicalError { get; private set; }

    public void Multiply(double[] direction, double[] product) => Multiply(direction, 1, product);

    public double MultiplyWithError(double[] direction, double[] product)
    {
        var tripled = new double[product.Length];
        Multiply(direction, 1, product);
        Multiply(direction, 3, tripled);
        return 4 * DenseVector.Distance(product, tripled) + 8 * RelativeRounding * DenseVector.Norm(product);
    }

    private void Multiply(double[] v, double factor, double[] result)
    {
        for (int i = 0; i < v.Length; i++)
        {
            direction.Elements[i] = factor * v[i];
        }

        product.Elements.Clear();
        objective.PlaceAtPoint();
        multiply(objective.Selection.Set, objective.Batch, direction, product);
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = product.Elements[i] / factor;
        }

        if (!double.IsFinite(DenseVector.Norm(result)))
        {
            throw new InvalidOperationException("A product of the Hessian that the option HessianVectorProduct computed is not finite; nothing has changed.");
        }
    }

    private void RequireHessian(DifferenceProducts<T> differences, double[] v)
    {
        double[] direction = [.. v], exact = new double[v.Length], difference = new double[v.Length];
        double error = differences.MultiplyWithError(direction, difference);
        TypicalError = MultiplyWithError(direction, exact);
        double distance = DenseVector.Distance(exact, difference), size = DenseVector.Norm(difference);
        if (distance > Math.Max(10 * (error + TypicalError), CertainDifference * size))
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"The option HessianVectorProduct does not compute products of the Hessian: for a random direction, it differs by {distance:G3} from the differences of the gradient, whose norm is {size:G3} and whose error is {error:G3}."));
        }
    }
}
