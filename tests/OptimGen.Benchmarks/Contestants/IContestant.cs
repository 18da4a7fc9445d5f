namespace OptimGen.Benchmarks.Contestants;

/// <summary>One way to do what is measured.</summary>
internal interface IContestant
{
    /// <summary>The heading of its column.</summary>
    string Name { get; }

    /// <summary>What is measured, once.</summary>
    void Step();

    /// <summary>What must be done before each step, and is not measured.</summary>
    void Prepare()
    {
    }

    /// <summary>What it has stored, stream by stream, where that is not in the streams that it was given.</summary>
    float[][]? Results => null;

    /// <summary>Whether <see cref="Prepare"/> does anything; then a turn is one step.</summary>
    bool NeedsPreparation => false;
}
