namespace OptimGen;

/// <content>The gradients of all parameters, and those that a step adds to them.</content>
public partial class ParameterSet<T>
{
    private readonly List<GradientAddend<T>> addends = [];
    private double gradientWeight = 1;

    /// <summary>What steps add to the gradients of the set, in this order.</summary>
    public IReadOnlyList<GradientAddend<T>> GradientAddends { get; }

    /// <summary>
    /// The factor of the set's own gradients in the sum with <see cref="GradientAddends"/>, rounded to the element type; without addends it is not used.
    /// Default: 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, in the element type too.</exception>
    public double GradientWeight
    {
        get => gradientWeight;
        set => gradientWeight = GradientAddend<T>.RequireWeight(value, nameof(GradientWeight));
    }

    /// <summary>Whether a step adds <see cref="GradientAddends"/>.</summary>
    internal bool HasGradientAddends => addends.Count > 0 && !AreAddendsInSum;

    /// <summary>Whether the set's own gradients are a sum that has the addends in it, so that the step leaves them out. Until that step, or until gradients are zeroed.</summary>
    internal bool AreAddendsInSum { get; private set; }

    internal bool AreGradientAddendsNative { get; private set; } = true;

    /// <summary>
    /// Makes one more gradient of every parameter, of zeros, which each later step adds to the set's own while it reads them: g = Σ wᵢgᵢ, in a fixed order.
    /// Checks, clipping and reductions see the sum, and a step that has any of them keeps it in memory of one more gradient. It makes the layout of the set final.
    /// </summary>
    /// <param name="storage">The form that it is kept in: <see cref="Storage.Native"/>, or <see cref="Storage.BFloat16"/> in single precision.</param>
    /// <exception cref="ArgumentException">Gradients are not kept in that form.</exception>
    /// <exception cref="NotSupportedException">It is not the form of the element type, which is not <see cref="float"/>.</exception>
    public GradientAddend<T> AddGradients(Storage storage = Storage.Native)
    {
        new ParameterStorage { Gradients = storage }.Require<T>("addend", nameof(storage));
        Seal();
        var addend = new GradientAddend<T>(this, storage);
        addends.Add(addend);
        AreGradientAddendsNative &= storage == Storage.Native;
        return addend;
    }

    /// <summary>Has later steps leave out a gradient that <see cref="AddGradients"/> has made.</summary>
    /// <exception cref="ArgumentException">It is not one of the set's.</exception>
    public void RemoveGradients(GradientAddend<T> addend)
    {
        ArgumentNullException.ThrowIfNull(addend);
        if (!addends.Remove(addend))
        {
            throw new ArgumentException("The gradients are not among those that have been added to the set.", nameof(addend));
        }

        AreGradientAddendsNative = addends.TrueForAll(one => one.Storage == Storage.Native);
    }

    /// <summary>Sets every gradient to zero, those of addends too. If wrapped memory cannot be used any more, it throws and changes none.</summary>
    /// <exception cref="InvalidOperationException">The memory of a parameter cannot be used any more; the message names the parameter.</exception>
    public void ZeroGradients() => ZeroGradients(static _ => true);

    /// <summary>The same for some parameters.</summary>
    internal void ZeroGradients(Func<Parameter<T>, bool> isIncluded)
    {
        RequireMemory();
        AreAddendsInSum = false;
        foreach (Parameter<T> parameter in parameters)
        {
            if (isIncluded(parameter))
            {
                parameter.ZeroGradient();
            }
        }

        addends.ForEach(addend => addend.Clear());
    }

    /// <summary>Keeps the gradients of addends as they are now.</summary>
    /// <returns>Puts them back.</returns>
    internal Action KeepAddends()
    {
        bool areInSum = AreAddendsInSum;
        Action putBack = () => AreAddendsInSum = areInSum;
        foreach (GradientAddend<T> addend in addends)
        {
            putBack += addend.Keep();
        }

        return putBack;
    }

    /// <summary>Makes the set's own gradients the sum with the addends, to which more is to be added that the weights are not for.</summary>
    internal void SumAddends()
    {
        if (!HasGradientAddends)
        {
            return;
        }

        foreach (Parameter<T> parameter in parameters)
        {
            parameter.SetGradients(0, parameter.ReadGradients());
        }

        LeaveOutAddends();
    }

    /// <summary>Has the step that comes leave out the addends, which are in the set's own gradients.</summary>
    internal void LeaveOutAddends() => AreAddendsInSum = addends.Count > 0;

    /// <summary>Has later steps add the addends again.</summary>
    internal void AddAddends() => AreAddendsInSum = false;
}
