using System.Globalization;

namespace OptimGen;

/// <summary>
/// Has all ranks refuse a step or a run together: one that cannot prepare it, or that has other settings, would leave the others waiting or give them other parameters. In a
/// step that is taken, one number is exchanged.
/// </summary>
internal static class RankAgreement
{
    private const ulong Refused = 0;

    /// <summary>Prepares the step on every rank, and returns if it can be taken on all, with the same settings.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="prepare">Does what can refuse the step on this rank. Whatever it throws, the other ranks refuse the step too.</param>
    /// <param name="settings">The names and values that must be the same.</param>
    /// <param name="refused">What is refused, for the message, such as <c>The step</c>.</param>
    /// <exception cref="InvalidOperationException">
    /// Another rank refuses the step, or has another setting; the message names the rank and the setting. On a rank that refuses, its own exception.
    /// </exception>
    public static void Prepare(ICommunicator communicator, Action prepare, Func<IEnumerable<(string Name, double Value)>> settings, string refused)
    {
        Exception? refusal = null;
        try
        {
            prepare();
        }
        catch (Exception exception) when (exception is not RankFailedException)
        {
            refusal = exception;
        }

        ulong[] fingerprints = communicator.AllGather(refusal is null ? Fingerprint(settings()) : Refused);
        if (fingerprints.Contains(Refused))
        {
            string[] reasons = communicator.AllGather(refusal?.Message ?? "");
            if (refusal is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(refusal);
            }

            int first = Array.IndexOf(fingerprints, Refused);
            throw new InvalidOperationException($"Rank {first} refuses {char.ToLowerInvariant(refused[0])}{refused[1..]}: {reasons[first]}");
        }

        if (Array.Exists(fingerprints, fingerprint => fingerprint != fingerprints[0]))
        {
            throw Difference(communicator, settings(), refused);
        }
    }

    /// <summary>A hash of names and bits: FNV-1a over 64-bit words, which is never <see cref="Refused"/>.</summary>
    private static ulong Fingerprint(IEnumerable<(string Name, double Value)> settings)
    {
        ulong hash = 14695981039346656037;
        foreach ((string name, double value) in settings)
        {
            foreach (char character in name)
            {
                hash = (hash ^ character) * 1099511628211;
            }

            ulong bits = BitConverter.DoubleToUInt64Bits(value);
            hash = (hash ^ (bits & uint.MaxValue)) * 1099511628211;
            hash = (hash ^ (bits >> 32)) * 1099511628211;
        }

        return hash | 1;
    }

    private static InvalidOperationException Difference(ICommunicator communicator, IEnumerable<(string Name, double Value)> settings, string refused)
    {
        string own = string.Join('\n', settings.Select(setting => $"{setting.Name}\t{setting.Value.ToString("R", CultureInfo.InvariantCulture)}"));
        string[][] all = [.. communicator.AllGather(own).Select(text => text.Split('\n'))];
        for (int rank = 1; rank < all.Length; rank++)
        {
            for (int line = 0; line < Math.Max(all[0].Length, all[rank].Length); line++)
            {
                string first = all[0].ElementAtOrDefault(line) ?? "\t", other = all[rank].ElementAtOrDefault(line) ?? "\t";
                if (first != other)
                {
                    string[] left = first.Split('\t'), right = other.Split('\t');
                    return new InvalidOperationException(
                        $"The ranks have different settings: {left[0]} is {left[1]} on rank 0, and {right[0]} is {right[1]} on rank {rank}. {refused} was refused on all.");
                }
            }
        }

        return new InvalidOperationException($"The ranks have different settings. {refused} was refused on all.");
    }
}
