using System.Runtime.InteropServices;

namespace OptimGen.Tests.StateStorage;

/// <summary>Kernels that decode and encode in registers give the bits of steps by tiles, which in turn are held to the definition by <see cref="StoredStateTests"/>.</summary>
public sealed class StoredKernelTests
{
    private const int Longest = 1025;

    private static readonly (Storage Storage, StorageRounding Rounding)[] Forms =
    [
        (Storage.BFloat16, StorageRounding.Stochastic), (Storage.BFloat16, StorageRounding.Nearest), (Storage.Block8, StorageRounding.Stochastic),
    ];

    /// <summary>What surrounds the rule in a step.</summary>
    private static readonly (string Name, Action<Optimizer<float>> Configure)[] Surroundings =
    [
        ("nothing", _ => { }),
        ("prefetching", optimizer => optimizer.IsFromMemory = true),
        ("clipping by value", optimizer => (optimizer.MaxGradientValue, optimizer.GradientScale) = (0.25, 0.5)),
        ("clipping by norm", optimizer => optimizer.MaxGradientNorm = 0.5),
        ("a factor that needs an exponent", optimizer => optimizer.GradientScale = 1e-42),
        ("averaging", optimizer => optimizer.AverageParameters(0.9)),
        ("zeroing", optimizer => optimizer.ZeroGradientsAfterStep = true),
        ("everything", optimizer =>
        {
            (optimizer.IsFromMemory, optimizer.MaxGradientValue, optimizer.ZeroGradientsAfterStep) = (true, 0.25, true);
            optimizer.AverageParameters(0.9);
        }),
    ];

    public static TheoryData<InstructionSet, int> SetsAndForms => Combine(InstructionSets.Supported.Where(set => set != InstructionSet.Scalar), Forms.Length);

    public static TheoryData<InstructionSet, int> SetsAndSurroundings => Combine(InstructionSets.Supported.Where(set => set != InstructionSet.Scalar), Surroundings.Length);

    public static TheoryData<BFloat16Update?, Storage> ParametersAndGradients
    {
        get
        {
            var data = new TheoryData<BFloat16Update?, Storage>();
            foreach (BFloat16Update? update in (BFloat16Update?[])[null, .. Enum.GetValues<BFloat16Update>()])
            {
                data.Add(update, Storage.Native);
                data.Add(update, Storage.BFloat16);
            }

            return data;
        }
    }

    public static TheoryData<string, int> CatalogueInEveryForm
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (Type type in typeof(Optimizer).Assembly.GetExportedTypes().Where(IsWithStates).OrderBy(type => type.Name, StringComparer.Ordinal))
            {
                for (int form = 0; form < Forms.Length; form++)
                {
                    data.Add(type.Name, form);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(SetsAndForms))]
    public void EveryLengthHasTheBitsOfTiles(InstructionSet set, int form) =>
        AssertSame(parameters => new AdamW(parameters, Options(form)), [.. Enumerable.Range(1, Longest)], set, _ => { }, hasKernels: true);

    [Theory]
    [MemberData(nameof(SetsAndSurroundings))]
    public void WhatSurroundsTheRuleHasTheBitsOfTiles(InstructionSet set, int surrounding)
    {
        for (int form = 0; form < Forms.Length; form++)
        {
            AssertSame(parameters => new Adam(parameters, Options(form)), [1, 31, 32, 255, 256, 257, 511, 5000], set, Surroundings[surrounding].Configure, hasKernels: true);
        }
    }

    /// <summary>All of the catalogue has such kernels, but for those whose body is too long to stand twice in a loop.</summary>
    [Theory]
    [MemberData(nameof(CatalogueInEveryForm))]
    public void EveryShippedOptimizerHasTheBitsOfTiles(string name, int form)
    {
        Type type = typeof(Optimizer).Assembly.GetType("OptimGen." + name)!;
        foreach (InstructionSet set in InstructionSets.Supported.Where(set => set != InstructionSet.Scalar))
        {
            AssertSame(
                parameters => (Optimizer<float>)Activator.CreateInstance(type, parameters, Options(form))!, [7, 33, 300, 1000], set, _ => { }, hasKernels: name != nameof(Madgrad));
        }
    }

    /// <summary>Numbers that may not be rounded up, infinities, and every kind of NaN, which a rule hands from its gradient to its state.</summary>
    [Theory]
    [MemberData(nameof(SetsAndForms))]
    public void NumbersOfEveryKindHaveTheBitsOfTiles(InstructionSet set, int form) =>
        AssertSame(parameters => new LastGradients(parameters, Options(form)), [32, 1000, 4096], set, _ => { }, hasKernels: true, Numbers.Of);

    /// <summary>Pieces of a tensor that threads share.</summary>
    [Theory]
    [MemberData(nameof(SetsAndForms))]
    public void ThreadsHaveTheBitsOfTiles(InstructionSet set, int form) =>
        AssertSame(parameters => new Adam(parameters, Options(form)), [150_001, 40_000], set, optimizer => optimizer.MaxDegreeOfParallelism = 3, hasKernels: true);

    /// <summary>Parameters and gradients in bfloat16, each independently of the other and of the states, surrounded by nothing, by everything and by addends.</summary>
    [Theory]
    [MemberData(nameof(ParametersAndGradients))]
    public void ParametersAndGradientsHaveTheBitsOfTiles(BFloat16Update? update, Storage gradients)
    {
        var storage = new ParameterStorage { Values = update is null ? Storage.Native : Storage.BFloat16, Gradients = gradients };
        for (int form = -1; form < Forms.Length; form++)
        {
            (Storage states, StorageRounding rounding) = form < 0 ? default : Forms[form];
            var options = new OptimizerOptions { StateStorage = states, StateRounding = rounding, RoundingSeed = 5, BFloat16Update = update ?? default };
            foreach (InstructionSet set in InstructionSets.Supported.Where(set => set != InstructionSet.Scalar))
            {
                bool hasKernels = storage != new ParameterStorage() || form >= 0;
                foreach ((string _, Action<Optimizer<float>> configure) in new[] { Surroundings[0], Surroundings[^1] })
                {
                    AssertSame(parameters => new AdamW(parameters, options), [5, 32, 255, 256, 257, 3000], set, configure, hasKernels, storage: storage);
                }

                AssertSame(parameters => new Momentum(parameters, options), [31, 64, 2001], set, _ => { }, hasKernels, storage: storage, hasAddend: true);
            }
        }
    }

    /// <summary>A rule without states, and numbers that may not be rounded up, infinities and every kind of NaN among the parameters.</summary>
    [Fact]
    public void ParametersOfARuleWithoutStates_AndOfEveryKind_HaveTheBitsOfTiles()
    {
        foreach (InstructionSet set in InstructionSets.Supported.Where(set => set != InstructionSet.Scalar))
        {
            AssertSame(parameters => new Sgd(parameters), [7, 33, 1000], set, _ => { }, hasKernels: true, storage: ParameterStorage.BFloat16);
            AssertSame(parameters => new Sgd(parameters), [1000, 4096], set, _ => { }, hasKernels: true, Numbers.Of, ParameterStorage.BFloat16);
            AssertSame(
                parameters => new LastGradients(parameters, Options(0)), [1000, 4096], set, _ => { }, hasKernels: true, Numbers.Of,
                new ParameterStorage { Gradients = Storage.BFloat16 });
        }
    }

    /// <summary>Blocks of zeros, blocks with some, and blocks that reach further down than their codes: each is encoded in its own way.</summary>
    [Theory]
    [MemberData(nameof(SetsAndForms))]
    public void BlocksOfEveryKindHaveTheBitsOfTiles(InstructionSet set, int form) =>
        AssertSame(parameters => new Adam(parameters, Options(form)), [256 * 40], set, _ => { }, hasKernels: true, (length, seed) =>
        {
            float[] gradients = Numbers.Near(length, seed);
            var random = new Random(seed);
            for (int block = 0; block < length / StorageCodec.BlockLength; block++)
            {
                int kind = random.Next(4);
                foreach (ref float gradient in gradients.AsSpan(block * StorageCodec.BlockLength, StorageCodec.BlockLength))
                {
                    gradient = kind switch
                    {
                        0 => 0,
                        1 => gradient + 1,
                        2 => random.Next(2) == 0 ? 0 : gradient + 1,
                        _ => gradient * MathF.Pow(2, -random.Next(60)),
                    };
                }
            }

            return gradients;
        });

    [Fact]
    public void ThereAreNoKernels_ForMixedForms_ForTheScalarSet_ForBlocksRoundedToNearest_NorForARuleThatAsksForNone()
    {
        Assert.False(Make(parameters => new Adam(parameters, new OptimizerOptions { StateStorage = Storage.Block8, StateRounding = StorageRounding.Nearest })).HasStoredKernels);
        Assert.False(Make(parameters => new ThreeForms(parameters)).HasStoredKernels);
        Assert.False(Make(parameters => new Adam(parameters)).HasStoredKernels);
        Assert.False(Make(parameters => new Adam(parameters, Options(0)) { InstructionSet = InstructionSet.Scalar }).HasStoredKernels);
        Assert.False(Make(parameters => new WithoutStorageKernels(parameters, Options(0))).HasStoredKernels);

        static Optimizer<float> Make(Func<ParameterSet, Optimizer<float>> make)
        {
            var parameters = new ParameterSet();
            parameters.Add("weights", 64);
            return make(parameters);
        }
    }

    private static TheoryData<InstructionSet, int> Combine(IEnumerable<InstructionSet> sets, int count)
    {
        var data = new TheoryData<InstructionSet, int>();
        foreach (InstructionSet set in sets)
        {
            for (int i = 0; i < count; i++)
            {
                data.Add(set, i);
            }
        }

        return data;
    }

    private static OptimizerOptions Options(int form) => new() { StateStorage = Forms[form].Storage, StateRounding = Forms[form].Rounding, RoundingSeed = 5 };

    private static void AssertSame(
        Func<ParameterSet, Optimizer<float>> make, int[] lengths, InstructionSet set, Action<Optimizer<float>> configure, bool hasKernels, Func<int, int, float[]>? gradients = null,
        ParameterStorage? storage = null, bool hasAddend = false)
    {
        Optimizer<float> fused = Make(), tiled = Make();
        Assert.Equal(hasKernels, fused.HasStoredKernels);
        tiled.UsesStoredKernels = false;
        for (int step = 1; step <= 3; step++)
        {
            foreach (Optimizer<float> optimizer in new[] { fused, tiled })
            {
                foreach (Parameter<float> parameter in optimizer.Parameters)
                {
                    parameter.SetGradients((gradients ?? Numbers.Near)(parameter.Length, (1000 * step) + parameter.Index));
                    foreach (GradientAddend<float> addend in optimizer.Parameters.GradientAddends)
                    {
                        Numbers.Near(parameter.Length, (2000 * step) + parameter.Index).CopyTo(addend.Of(parameter));
                    }
                }

                optimizer.Step();
            }

            foreach ((Parameter<float> got, Parameter<float> expected) in fused.Parameters.Zip(tiled.Parameters))
            {
                AssertBits(Copy(expected, expected.CopyValuesTo), Copy(got, got.CopyValuesTo), $"{got.Name}, step {step}");
                AssertBits(Copy(expected, expected.CopyGradientsTo), Copy(got, got.CopyGradientsTo), $"gradients of {got.Name}, step {step}");
                foreach (StateDefinition state in fused.Definition.States)
                {
                    AssertBits(tiled.GetState(expected, state.Name), fused.GetState(got, state.Name), $"{state.Name} of {got.Name}, step {step}");
                }

                if (tiled.KeptAverage is { } average)
                {
                    AssertBits(average.Of(expected), fused.KeptAverage!.Of(got), $"average of {got.Name}, step {step}");
                }
            }
        }

        Optimizer<float> Make()
        {
            var parameters = new ParameterSet();
            foreach (int length in lengths)
            {
                parameters.Add($"tensor{length}", storage ?? new ParameterStorage(), length).SetValues((gradients ?? Numbers.Near)(length, length));
            }

            if (hasAddend)
            {
                parameters.AddGradients();
            }

            Optimizer<float> optimizer = make(parameters);
            optimizer.InstructionSet = set;
            optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
            configure(optimizer);
            return optimizer;
        }
    }

    private static float[] Copy(Parameter<float> parameter, Action<Span<float>> copy)
    {
        var values = new float[parameter.Length];
        copy(values);
        return values;
    }

    private static void AssertBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> got, string what)
    {
        int same = MemoryMarshal.Cast<float, uint>(expected).CommonPrefixLength(MemoryMarshal.Cast<float, uint>(got));
        if (same < expected.Length)
        {
            Assert.Fail($"{what}: element {same} is {BitConverter.SingleToUInt32Bits(got[same]):X8} in place of {BitConverter.SingleToUInt32Bits(expected[same]):X8}.");
        }
    }

    private static bool IsWithStates(Type type) =>
        !type.IsAbstract && typeof(Optimizer<float>).IsAssignableFrom(type) && type.GetConstructor([typeof(ParameterSet<float>), typeof(OptimizerOptions)]) is not null
        && type != typeof(Sgd) && type != typeof(RowwiseAdagrad);
}
