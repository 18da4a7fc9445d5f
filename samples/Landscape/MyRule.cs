using OptimGen;

namespace Landscape;

/// <summary>
/// The rule to edit: a ball that rolls down the surface with friction. Change <see cref="Update"/>, run the sample again, and see its path among the others.
/// </summary>
[Optimizer]
internal sealed partial class MyRule
{
    [Hyperparameter] public float LearningRate { get; set; } = 0.01f;

    /// <summary>The share of its velocity that the ball loses at each step.</summary>
    [Hyperparameter(Min = 0, Max = 1)] public float Friction { get; set; } = 0.1f;

    [UpdateRule]
    private static float Update(float parameter, float gradient, [State] ref float velocity, float learningRate, float friction)
    {
        velocity = (1 - friction) * velocity - learningRate * gradient;
        return parameter + velocity;
    }
}
