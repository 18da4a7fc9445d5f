using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace OptimGen.Neon.Tests;

/// <summary>What a kernel is run on: the streams and scalars that a step of the rule has, with extreme values among the elements.</summary>
internal sealed record KernelInputs
{
    public const int Elements = 512;

    /// <summary>The name by which a reduction is handed its partial results.</summary>
    public const string Lanes = "lanes";

    private const int LaneCount = 16;

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

    /// <summary>The streams' names: the parameter, the gradient, the rule's states, and the average of the parameters.</summary>
    public required string[] Names { get; init; }

    /// <summary>With extreme values.</summary>
    public required Array[] Streams { get; init; }

    /// <summary>Without them: a sum over a NaN is one whatever else is summed.</summary>
    public required Array[] OrdinaryStreams { get; init; }

    /// <summary>
    /// What a kernel is handed by its address, by the name of its argument, as it lies in memory: the values of the <c>group</c> and of the <c>tensor</c>, a number of a row, the
    /// <c>phase</c>, each part of which is asked for in some step, and the <c>lanes</c> that a reduction adds to.
    /// </summary>
    public required IReadOnlyDictionary<string, byte[]> Blocks { get; init; }

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
            Dictionary<string, byte[]> before = RowStates("BeforeOfRow");
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
                Blocks = new Dictionary<string, byte[]>([.. before, .. RowStates("OfRow")])
                {
                    ["group"] = ValuesOf(optimizer, "Groups"),
                    ["tensor"] = ValuesOf(optimizer, "Tensors"),
                    ["phase"] = PhaseOf<T>(step),
                    [Lanes] = [.. MemoryMarshal.AsBytes<double>([.. Enumerable.Range(0, LaneCount).Select(_ => random.NextDouble())])],
                },
            });
        }

        return taken;

        // The numbers of a row, before the step and from their assignment on.
        Dictionary<string, byte[]> RowStates(string suffix) => optimizer.Definition.States.Where(state => state.Granularity == StateGranularity.Row).ToDictionary(
            state => state.Name + suffix, state => MemoryMarshal.AsBytes(optimizer.GetState(parameter, state.Name)[..1]).ToArray());

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

    /// <summary>The gradient is limited in every other step.</summary>
    private static byte[] PhaseOf<T>(int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T limit = step % 2 == 1 ? T.CreateChecked(1.25) : T.PositiveInfinity;
        return
        [
            .. MemoryMarshal.AsBytes<T>([T.CreateChecked(0.75), limit, -limit, T.CreateChecked(0.125)]),
            .. (byte[])[(byte)(step / 2 % 2), (byte)(step == 2 ? 0 : 1)],
        ];
    }

    /// <summary>What the optimizer's rule has computed for its first group, or tensor; nothing if it computes nothing.</summary>
    private static byte[] ValuesOf<T>(Optimizer<T> optimizer, string field)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        object engine = typeof(Optimizer<T>).GetField("engine", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(optimizer)!;
        object rule = engine.GetType().GetField("rule", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(engine)!;
        return rule.GetType().GetField(field)?.GetValue(rule) is { } values
            ? (byte[])typeof(KernelInputs).GetMethod(nameof(BytesOfFirst), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(values.GetType().GetElementType()!).Invoke(null, [values])!
            : [];
    }

    private static byte[] BytesOfFirst<TValues>(TValues[] values)
        where TValues : struct => MemoryMarshal.AsBytes(values.AsSpan(0, 1)).ToArray();
}
