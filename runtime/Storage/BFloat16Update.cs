namespace OptimGen;

/// <summary>
/// How a step writes parameters that are kept in bfloat16, whose neighbours are 2⁻⁷ apart: most steps are far smaller. The rule computes in single precision
/// in any case; what differs is what becomes of the bits that bfloat16 does not have.
/// </summary>
public enum BFloat16Update
{
    /// <summary>
    /// Rounds to either neighbour, with probabilities that make the expectation the number itself (<see cref="StochasticRounding"/>). Takes no memory.
    /// </summary>
    Stochastic,

    /// <summary>Rounds to nearest: a change of less than half a unit is lost. To compare with.</summary>
    Nearest,

    /// <summary>
    /// Rounds to nearest and keeps what was rounded away in bfloat16, two bytes an element, for the next step: sixteen bits of fraction together.
    /// Kahan, "Further remarks on reducing truncation errors", 1965.
    /// </summary>
    Kahan,

    /// <summary>
    /// Keeps the lower sixteen bits of the float, two bytes an element: the parameter is its upper half, truncated, and a step loses nothing. Kalamkar et al.,
    /// "A study of bfloat16 for deep learning training", 2019 (split SGD).
    /// </summary>
    Split,

    /// <summary>
    /// Keeps the number in single precision too, four bytes an element; the parameter is that, rounded to nearest. A value that is set between two steps
    /// takes its place.
    /// </summary>
    Master,
}
