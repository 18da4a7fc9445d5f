namespace OptimGen;

/// <summary>Whether the numbers of a stream can be negative: a constant for the just-in-time compiler.</summary>
internal interface ISign
{
    /// <summary>Whether the numbers are never negative, so that their codes need no sign.</summary>
    static abstract bool IsNonNegative { get; }
}

/// <summary>Numbers with a sign.</summary>
internal readonly struct WithSign : ISign
{
    public static bool IsNonNegative => false;
}

/// <summary>Numbers without a sign.</summary>
internal readonly struct WithoutSign : ISign
{
    public static bool IsNonNegative => true;
}
