namespace OptimGen;

/// <summary>How a <see cref="Schedule"/> goes from a value a to a value b while the elapsed fraction t goes from 0 to 1.</summary>
public enum Annealing
{
    /// <summary>a + (b − a)·t.</summary>
    Linear,

    /// <summary>b + (a − b)·(1 + cos πt)/2: flat at both ends. Loshchilov and Hutter, "SGDR", 2017, arXiv:1608.03983.</summary>
    Cosine,

    /// <summary>
    /// b + (a − b)·(1 − √t): steep at first. Hägele et al., "Scaling laws and compute-optimal training beyond fixed training durations", 2024,
    /// arXiv:2405.18392.
    /// </summary>
    OneMinusSquareRoot,
}
