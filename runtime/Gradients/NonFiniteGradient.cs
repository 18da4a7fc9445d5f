using System.Numerics;

namespace OptimGen;

/// <summary>The first element of a gradient that is not finite.</summary>
/// <param name="ParameterName">The name of the parameter.</param>
/// <param name="Element">The position of the element, counted in row-major order.</param>
/// <param name="Position">The same as an index for each dimension: <c>[3, 17]</c>.</param>
/// <param name="Value">NaN or an infinity.</param>
public sealed record NonFiniteGradient(string ParameterName, int Element, string Position, double Value)
{
    internal static NonFiniteGradient At<T>(Parameter<T> parameter, int element)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => At(parameter, element, double.CreateTruncating(parameter.ReadGradients(element, 1)[0]));

    internal static NonFiniteGradient At<T>(Parameter<T> parameter, int element, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new(parameter.Name, element, parameter.Position(element), value);

    /// <summary>A clause for messages: <c>gradient of parameter 'w' at [3, 17] is NaN</c>.</summary>
    internal string Finding => FormattableString.Invariant($"gradient of parameter '{ParameterName}' at {Position} is {Value}");
}
