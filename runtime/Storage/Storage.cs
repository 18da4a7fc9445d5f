namespace OptimGen;

/// <summary>
/// In which form numbers are kept between steps. The arithmetic of a rule does not depend on it: a step decodes to single precision, computes, and encodes.
/// </summary>
public enum Storage
{
    /// <summary>As the element type of the rule: every bit is kept.</summary>
    Native,

    /// <summary>
    /// bfloat16, two bytes: the sign, the exponent and the highest seven fraction bits of a float. The same range, and a relative spacing of 2⁻⁷.
    /// </summary>
    BFloat16,

    /// <summary>
    /// One byte, and two for each block of <see cref="StorageCodec.BlockLength"/> neighbouring elements of a tensor: a logarithmic code with eight steps to
    /// the octave, downwards from the largest magnitude of the block. It reaches 15.9 octaves down; what is smaller becomes zero or the smallest code, so
    /// that it is kept in expectation. A state that is never negative needs no sign: it reaches 31.9 octaves down, and what is smaller becomes the smallest
    /// code and never zero, because rules divide by it. Zero stays zero.
    /// </summary>
    Block8,
}

/// <summary>To which of its two neighbours a number is rounded that lies between two codes of a <see cref="Storage"/>.</summary>
public enum StorageRounding
{
    /// <summary>
    /// To either, with probabilities that make the expectation the number itself. The random bits are a hash of a seed, the step, the stream and the
    /// element (<see cref="StochasticRounding"/>), so they are the same on every machine. A state that moves by less than half the distance of two codes
    /// in a step, such as a second moment with β₂ = 0.999, stands still with <see cref="Nearest"/> and moves with this.
    /// </summary>
    Stochastic,

    /// <summary>To the nearer one.</summary>
    Nearest,
}
