namespace OptimGen.RandomRules;

/// <summary>Writes a rule that is a stack of attributes, of those combinations that make sense.</summary>
internal static class StageStackWriter
{
    public static string Write(Random random, string name, bool isDouble)
    {
        var attributes = new List<string>();
        string first = random.Next(4) switch
        {
            0 => "",
            1 => $"HeavyBall({Decay(random)}{(random.Next(2) == 0 ? ", Nesterov = true" : "")})",
            _ => $"Ewa({Decay(random)}{(random.Next(3) == 0 ? ", Nesterov = true" : "")})",
        };
        string clip = random.Next(3) == 0 ? $"ClipByValue({Pick(random, "0.1", "1", "1.5")})" : "";
        if (first.StartsWith("Ewa", StringComparison.Ordinal) && !first.Contains("Nesterov", StringComparison.Ordinal) && random.Next(5) == 0)
        {
            attributes.AddRange([first, clip, Correction(random), "TrackAverage"]);
        }
        else if (random.Next(5) == 0)
        {
            attributes.AddRange([first, clip, WeightDecay(random), "SignUpdate"]);
        }
        else
        {
            string second = SecondMoment(random);
            bool correctable = first.StartsWith("Ewa", StringComparison.Ordinal) || second.StartsWith("Rms", StringComparison.Ordinal);
            attributes.AddRange([first, second, clip, WeightDecay(random), correctable ? Correction(random) : ""]);
        }

        List<string> options =
        [
            $"LearningRate = {Pick(random, "0.001", "0.05", "1")}",
            .. isDouble ? ["ElementType = typeof(double)"] : random.Next(4) == 0 ? ["ElementType = typeof(float)"] : Array.Empty<string>(),
            .. random.Next(2) == 0 ? [$"Unroll = {random.Next(5)}"] : Array.Empty<string>(),
        ];
        string[] written = [.. attributes.Where(attribute => attribute.Length > 0)];
        random.Shuffle(written);
        return $"[{string.Join(", ", [$"Optimizer({string.Join(", ", options)})", .. written])}]\npublic sealed partial class {name};\n";
    }

    /// <summary>The stages that a parameter of a method may have, which compute a direction.</summary>
    public static string OnParameter(Random random) => random.Next(5) switch
    {
        0 => $"[Ewa({Decay(random)})]",
        1 => $"[RmsNormalize({Decay(random)}, Epsilon = 1e-6)]",
        2 => $"[HeavyBall({Decay(random)}{(random.Next(2) == 0 ? ", Nesterov = true" : "")})]",
        3 => $"[Ewa({Decay(random)}, Nesterov = true), BiasCorrection(FirstSteps = {random.Next(1, 5)})]",
        _ => $"[Ewa({Decay(random)}), {SecondMoment(random, always: true)}, BiasCorrection]",
    };

    private static string SecondMoment(Random random, bool always = false) => random.Next(always ? 1 : 0, 6) switch
    {
        0 => "",
        1 => $"AdagradNormalize(AdagradForm.{Pick(random, "Sum", "Mean")}, Epsilon = 1e-8{Placement(random)})",
        2 => $"InfinityNormalize({Decay(random)})",
        3 => $"RmsNormalize({Decay(random)}, Centered = true{Placement(random)})",
        4 => $"RmsNormalize({Decay(random)}, AmsGrad = true{Placement(random)})",
        _ => $"RmsNormalize({Decay(random)}, Epsilon = {Pick(random, "1e-8", "0.001", "0")}{Placement(random)})",
    };

    private static string WeightDecay(Random random) => random.Next(4) switch
    {
        0 => "WeightDecay(0.01)",
        1 => "DecoupledWeightDecay(0.1)",
        _ => "",
    };

    private static string Correction(Random random) => random.Next(3) switch
    {
        0 => "",
        1 => "BiasCorrection",
        _ => $"BiasCorrection(FirstSteps = {random.Next(1, 5)})",
    };

    private static string Placement(Random random) => random.Next(2) == 0 ? "" : ", EpsilonPlacement = EpsilonPlacement.InsideRoot";

    private static string Decay(Random random) => Pick(random, "0", "0.5", "0.9", "0.99", "0.999");

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];
}
