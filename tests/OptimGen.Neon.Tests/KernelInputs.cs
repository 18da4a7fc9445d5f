using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace OptimGen.Neon.Tests;

/// <summary>What a kernel is run on: the streams and scalars that a step of the rule has, with extreme values among the elements.</summary>
internal sealed record KernelInputs
{
    public const int Elements = 512;

    /// <summary>Zeros, subnormals, and what over- or underflows when it is squared.</summary>
    private static readonly double[] SingleExtremes =
    [
        0, -0d, float.Epsilon, -float.Epsilon, 1e-40f, 1.17549435e-38f, -1e-25f, 1, -1, 1.5, -1.5, 1e20f, -1e20f, float.MaxValue, float.MinValue,
    ];

    private static readonly double[] DoubleExtremes =
    [
        0, -0d, double.Epsilon, -double.Epsilon, 1e-310, 2.2250738585072014e-308, -1e-200, 1, -1, 1.5, -1.5, 1e160, -1e160, double.MaxValue, double.MinValue,
    ];

    private static readonly double[] NotFinite = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    /// <summary>The number of the step.</summary>
    public required int Step { get; init; }

    /// <summary>The streams' names: those of the rule, in the order of a kernel's arguments, and the averages of the phase.</summary>
    public required string[] Names { get; init; }

    /// <summary>With extreme values.</summary>
    public required Array[] Streams { get; init; }

    /// <summary>Without them: a sum over a NaN is one whatever else is summed.</summary>
    public required Array[] OrdinaryStreams { get; init; }

    /// <summary>The fields of the rule's <c>Scalars</c>, as a kernel finds them in memory.</summary>
    public required byte[] Scalars { get; init; }

    /// <summary>The phase, as <c>PhaseArguments</c> lies in memory; each part of it is asked for in some step.</summary>
    public required byte[] Phase { get; init; }

    /// <summary>Takes steps of a rule by its scalar kernels.</summary>
    public static IReadOnlyList<KernelInputs> Take(Type rule, int steps) =>
        rule.IsSubclassOf(typeof(Optimizer<double>)) ? Take(new ParameterSet<double>(), rule, steps) : Take(new ParameterSet<float>(), rule, steps);

    private static List<KernelInputs> Take<T>(ParameterSet<T> parameters, Type rule, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Parameter<T> parameter = parameters.Add("weights", Elements);
        var optimizer = (Optimizer<T>)Activator.CreateInstance(rule, parameters)!;
        optimizer.InstructionSet = InstructionSet.Scalar;
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        string[] names = ["parameter", "gradient", .. optimizer.Definition.States.Select(state => state.Name), "average"];
        double[] finite = typeof(T) == typeof(float) ? SingleExtremes : DoubleExtremes, all = [.. finite, .. NotFinite];
        var random = new Random(1);
        FillOrdinary(parameter.Values, random);

        var taken = new List<KernelInputs>();
        for (int step = 1; step <= steps; step++)
        {
            FillOrdinary(parameter.Gradients, random);
            T[][] ordinary = [.. names.Select(StreamOf)], streams = [.. ordinary.Select(stream => stream.ToArray())];
            optimizer.Step();

            // Not before the step, whose reductions would refuse them. Some meet a state that is ordinary, some one that is not.
            for (int stream = 0; stream < streams.Length; stream++)
            {
                PutExtremes(streams[stream], stream == 1 ? all : finite, every: stream < 2 ? 5 : 10, salt: (3 * stream) + step);
            }

            taken.Add(new KernelInputs
            {
                Step = step,
                Names = names,
                Streams = streams,
                OrdinaryStreams = ordinary,
                Scalars = BytesOf(((Array)rule.GetField("scalars", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(optimizer)!).GetValue(0)!),
                Phase =
                [
                    .. new byte[sizeof(long)], .. MemoryMarshal.AsBytes<T>([T.CreateChecked(0.75), T.CreateChecked(1.25), T.CreateChecked(0.125)]),
                    .. (byte[])[(byte)(step % 2), (byte)(step / 2 % 2), (byte)(step == 2 ? 0 : 1)],
                ],
            });
        }

        return taken;

        T[] StreamOf(string name) => (name switch
        {
            "parameter" or "average" => parameter.Values,
            "gradient" => parameter.Gradients,
            _ when optimizer.StepCount == 0 && optimizer.Definition.States.Single(state => state.Name == name).CopiesParameter => parameter.Values,
            _ => optimizer.GetState(parameter, name),
        }).ToArray();
    }

    private static void FillOrdinary<T>(Span<T> stream, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ref T value in stream)
        {
            value = T.CreateTruncating((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-4, 2)));
        }
    }

    /// <summary>So few that what they make not finite stays few, at places at which they meet every lane and the remainder.</summary>
    private static void PutExtremes<T>(T[] stream, double[] extremes, int every, int salt)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 3; i < stream.Length; i += every)
        {
            stream[i] = T.CreateTruncating(extremes[((i / 5) + (7 * salt)) % extremes.Length]);
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
