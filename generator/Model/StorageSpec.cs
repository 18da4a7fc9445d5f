namespace OptimGen.Generator.Model;

/// <summary>In which form a state is kept; the members are those of the runtime's <c>Storage</c>.</summary>
internal enum StorageFormat
{
    Native,
    BFloat16,
    Block8,
}

/// <summary>How a state is rounded to its form; the members are those of the runtime's <c>StorageRounding</c>.</summary>
internal enum StorageRounding
{
    Stochastic,
    Nearest,
}

/// <summary>How a state is kept between steps.</summary>
internal sealed record StorageSpec(StorageFormat Format = StorageFormat.Native, StorageRounding Rounding = StorageRounding.Stochastic)
{
    /// <summary>As the element type.</summary>
    public static readonly StorageSpec Native = new();
}
