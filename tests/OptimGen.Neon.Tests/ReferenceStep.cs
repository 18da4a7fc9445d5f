using System.Reflection;
using System.Runtime.InteropServices;

namespace OptimGen.Neon.Tests;

/// <summary>One step of an optimizer by its scalar kernel, run here: what it found, what it left, and the scalars that it used.</summary>
internal sealed record ReferenceStep
{
    /// <summary>Zeros, subnormals, the limit of a clip, and what over- or underflows when it is squared.</summary>
    private static readonly float[] Finite =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, 1.17549435e-38f, -1e-25f, 1f, -1f, 1.5f, -1.5f,
        1e20f, -1e20f, float.MaxValue, float.MinValue,
    ];

    private static readonly float[] Special = [.. Finite, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    public required long Number { get; init; }

    /// <summary>The streams' names, in the order of a kernel's arguments.</summary>
    public required string[] Names { get; init; }

    public required float[][] Before { get; init; }

    public required float[][] After { get; init; }

    /// <summary>The fields of the rule's <c>Scalars</c>, as a kernel finds them in memory.</summary>
    public required byte[] Scalars { get; init; }

    /// <summary>Whether the bias correction has become 1, so that the kernel without it must give the same bits.</summary>
    public required bool IsUncorrected { get; init; }

    /// <summary>Takes steps over elements that are ordinary, extreme and not finite, side by side.</summary>
    public static IReadOnlyList<ReferenceStep> Take(Type rule, int elements, int steps)
    {
        var parameters = new ParameterSet<float>();
        Parameter<float> parameter = parameters.Add("weights", elements);
        var optimizer = (Optimizer<float>)Activator.CreateInstance(rule, parameters)!;
        optimizer.InstructionSet = InstructionSet.Scalar;
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        string[] names = ["parameter", "gradient", .. optimizer.Definition.States.Select(state => state.Name)];
        var random = new Random(1);
        Fill(parameter.Values, random, Finite, salt: 3);

        var taken = new List<ReferenceStep>();
        for (int step = 1; step <= steps; step++)
        {
            Fill(parameter.Gradients, random, Special, salt: step);
            float[][] before = Streams();
            optimizer.Step();
            object scalars = ((Array)rule.GetField("scalars", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(optimizer)!).GetValue(0)!;
            taken.Add(new ReferenceStep
            {
                Number = step,
                Names = names,
                Before = before,
                After = Streams(),
                Scalars = BytesOf(scalars),
                IsUncorrected = scalars.GetType().GetFields().Any(field => field.Name.StartsWith("InverseBiasCorrection", StringComparison.Ordinal)
                    && field.GetValue(scalars) is 1f),
            });
        }

        return taken;

        float[][] Streams() =>
        [
            parameter.Values.ToArray(), parameter.Gradients.ToArray(),
            .. optimizer.Definition.States.Select(state => (state.CopiesParameter && optimizer.StepCount == 0
                ? parameter.Values
                : optimizer.GetState(parameter, state.Name)).ToArray()),
        ];
    }

    /// <summary>
    /// An extreme value at each fifth element, so that it meets every lane and the remainder, while what it makes not finite stays few.
    /// </summary>
    private static void Fill(Span<float> stream, Random random, float[] extremes, int salt)
    {
        for (int i = 0; i < stream.Length; i++)
        {
            float ordinary = (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-4, 2));
            stream[i] = i % 5 == 3 ? extremes[((i / 5) + (7 * salt)) % extremes.Length] : ordinary;
        }
    }

    private static byte[] BytesOf(object scalars)
    {
        byte[] bytes = new byte[Marshal.SizeOf(scalars)];
        var handle = GCHandle.Alloc(scalars, GCHandleType.Pinned);
        Marshal.Copy(handle.AddrOfPinnedObject(), bytes, 0, bytes.Length);
        handle.Free();
        return bytes;
    }
}
