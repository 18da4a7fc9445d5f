using System.Numerics;

namespace OptimGen;

/// <summary>
/// A vector with one number for each element of some parameters: a direction in the space of the parameters, such as an eigenvector of the Hessian.
/// </summary>
/// <typeparam name="T">The element type of the parameters; the numbers are doubles.</typeparam>
public sealed class ParameterVector<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterSelection<T> selection;
    private readonly double[] elements;

    internal ParameterVector(ParameterSelection<T> selection, double[] elements) => (this.selection, this.elements) = (selection, elements);

    /// <summary>The parameters, in the order of their set.</summary>
    public IReadOnlyList<Parameter<T>> Parameters => Array.AsReadOnly(selection.Parameters);

    /// <summary>The number of elements of all of the parameters.</summary>
    public int Length => elements.Length;

    /// <summary>All elements: those of the first parameter in row-major order, then those of the second, and so on.</summary>
    public Span<double> Elements => elements;

    /// <summary>The elements that belong to a parameter, in row-major order.</summary>
    /// <exception cref="ArgumentException">The parameter is none of <see cref="Parameters"/>.</exception>
    public Span<double> this[Parameter<T> parameter]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(parameter);
            int index = Array.IndexOf(selection.Parameters, parameter);
            return index >= 0
                ? elements.AsSpan(selection.Offset(index), parameter.Length)
                : throw new ArgumentException($"The vector has no elements for the parameter '{parameter.Name}'.", nameof(parameter));
        }
    }

    internal ParameterSelection<T> Selection => selection;
}
