using System.Text.Json;

namespace OptimGen.Tests.Golden;

/// <summary>A trajectory of torch.optim 1.13 on given gradients: one of the embedded files.</summary>
internal sealed record GoldenTrajectory
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public required int Steps { get; init; }

    public required int N { get; init; }

    /// <summary>torch's names and values of the hyperparameters that are not its defaults.</summary>
    public required Dictionary<string, JsonElement> Hyper { get; init; }

    /// <summary>The parameters before the first step; floats in both files.</summary>
    public required double[] P0 { get; init; }

    /// <summary>By step, then by element; floats in both files.</summary>
    public required double[][] Grads { get; init; }

    /// <summary>The parameters after each step.</summary>
    public required double[][] Params { get; init; }

    public static GoldenTrajectory Read(string name, string type)
    {
        using Stream file = typeof(GoldenTrajectory).Assembly.GetManifestResourceStream($"{name}.{type}.json")!;
        return JsonSerializer.Deserialize<GoldenTrajectory>(file, Format)!;
    }
}
