namespace OptimGen;

/// <summary>
/// What a step does to the rows of a parameter that get no gradient in it (<see cref="Optimizer{T}.UpdateByRows"/>). A row is what one index of the first
/// dimension selects, such as the vector of one word.
/// </summary>
public enum RowUpdates
{
    /// <summary>
    /// They stand still: values, states and average stay as they are, and neither momentum nor weight decay moves them. A row that gets a gradient takes one
    /// step with the scalars of the current step: the bias correction of Adam is that of all steps, and not of the steps of the row. torch's SparseAdam does
    /// the same.
    /// </summary>
    Lazy,

    /// <summary>
    /// They take a step with a gradient of zero, later: a row stays as it is until it gets a gradient or is read (<see cref="Optimizer{T}.CatchUp()"/>), and
    /// then takes the steps that it has missed, one after the other, each with the learning rate and the other scalars of its time. The result has the bits of
    /// steps over the whole parameter with gradients of zero elsewhere.
    /// </summary>
    CaughtUp,
}
