namespace OptimGen;

/// <summary>How many numbers a state has.</summary>
public enum StateGranularity
{
    /// <summary>One for each element of the parameters.</summary>
    Element,

    /// <summary>
    /// One for each row of a parameter: for the elements of one index of the first dimension, so as many as <c>Shape[0]</c>. In a vector each element is a row.
    /// What the rule assigns to the state is reduced to its mean over the row, (1/n)Σx, which is what the rule reads from there on and what is kept.
    /// </summary>
    Row,
}
