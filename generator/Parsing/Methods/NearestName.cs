namespace OptimGen.Generator.Parsing.Methods;

/// <summary>The name that was probably meant by one that is not known.</summary>
internal static class NearestName
{
    /// <summary>
    /// The candidate that differs in the fewest letters, at most one in three; else one of which the name is the initials (lr) or the last words (rate).
    /// </summary>
    /// <returns>The candidate; <see langword="null"/> if none is near, or two are as near as each other.</returns>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        string[] all = [.. candidates.Distinct()];
        var near = all.Select(one => (Name: one, Distance: Distance(name, one))).Where(one => one.Distance <= Math.Max(1, name.Length / 3)).OrderBy(one => one.Distance).ToArray();
        if (near.Length > 0 && name.Length > 2)
        {
            return near.Length > 1 && near[1].Distance == near[0].Distance ? null : near[0].Name;
        }

        string[] longer = [.. all.Where(one => Initials(one) == name || (name.Length > 2 && one.EndsWith(name, StringComparison.OrdinalIgnoreCase)))];
        return longer is [var only] ? only : null;
    }

    private static string Initials(string name) => new([.. name.Where((letter, i) => i == 0 || char.IsUpper(letter)).Select(char.ToLowerInvariant)]);

    /// <summary>Letters added, removed, changed, or swapped with their neighbour (Damerau and Levenshtein), whatever their case.</summary>
    private static int Distance(string one, string other)
    {
        int[,] distance = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[i, j] = i + j;
                    continue;
                }

                int change = Same(one[i - 1], other[j - 1]) ? 0 : 1;
                distance[i, j] = Math.Min(Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1, distance[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && Same(one[i - 1], other[j - 2]) && Same(one[i - 2], other[j - 1]))
                {
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
                }
            }
        }

        return distance[one.Length, other.Length];
    }

    private static bool Same(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);
}
