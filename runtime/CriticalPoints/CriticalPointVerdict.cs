namespace OptimGen;

/// <summary>What a point of the parameters is for the cost. A verdict other than <see cref="Undecided"/> is given only where the errors leave no other.</summary>
public enum CriticalPointVerdict
{
    /// <summary>The errors leave more than one of the other verdicts.</summary>
    Undecided,

    /// <summary>The gradient is larger than the tolerance, so the point is not a critical one.</summary>
    NotCritical,

    /// <summary>All eigenvalues of the Hessian are positive.</summary>
    Minimum,

    /// <summary>All eigenvalues of the Hessian are negative.</summary>
    Maximum,

    /// <summary>The Hessian has positive and negative eigenvalues.</summary>
    Saddle,

    /// <summary>All eigenvalues of the Hessian are close to 0: the cost is flat around the point.</summary>
    Plateau,

    /// <summary>
    /// Some eigenvalues of the Hessian are close to 0 and all others have one sign, so that second derivatives do not decide between an extremum and a saddle.
    /// </summary>
    Degenerate,
}
