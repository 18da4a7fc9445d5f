namespace OptimGen.Benchmarks.Results;

/// <summary>How many parameters, in words.</summary>
internal static class Lengths
{
    /// <summary>Such as <c>64 Ki</c>.</summary>
    public static string Name(int length) => length % (1 << 20) == 0 ? $"{length >> 20} Mi" : length % (1 << 10) == 0 ? $"{length >> 10} Ki" : $"{length}";

    /// <summary>Reads <c>64Ki</c>, <c>1Mi</c> or a number.</summary>
    public static bool TryParse(string text, out int length)
    {
        string number = text.Trim();
        int shift = 0;
        foreach ((string unit, int of) in new[] { ("Ki", 10), ("Mi", 20) })
        {
            if (number.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                (number, shift) = (number[..^unit.Length].Trim(), of);
            }
        }

        length = 0;
        if (!int.TryParse(number, out int count) || count < 1 || count > int.MaxValue >> (shift + 1))
        {
            return false;
        }

        length = count << shift;
        return true;
    }
}
