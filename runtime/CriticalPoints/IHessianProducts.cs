namespace OptimGen;

/// <summary>Products of the Hessian with unit vectors, each with an estimate of its error.</summary>
internal interface IHessianProducts
{
    /// <summary>An estimate of the error of <see cref="Multiply"/>, in the Euclidean norm.</summary>
    double TypicalError { get; }

    /// <summary>Computes Hv in the cheapest way.</summary>
    /// <param name="direction">v, of norm 1.</param>
    /// <param name="product">Receives Hv.</param>
    void Multiply(double[] direction, double[] product);

    /// <summary>Computes Hv with care, and how far from the exact product it may be.</summary>
    /// <param name="direction">v, of norm 1. It may be changed a little, to a vector whose product can be computed more accurately.</param>
    /// <param name="product">Receives Hv for the v after the call.</param>
    /// <returns>An estimate of ‖computed − Hv‖, with a margin of safety.</returns>
    double MultiplyWithError(double[] direction, double[] product);
}
