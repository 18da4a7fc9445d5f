using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.StateStorage;

/// <summary>A step over states in another form is: decode by the definition, the rule in single precision, encode by the definition.</summary>
public sealed class StoredStateTests
{
    private static readonly OptimizerOptions[] Forms =
    [
        new() { StateStorage = Storage.BFloat16, RoundingSeed = 11 },
        new() { StateStorage = Storage.BFloat16, StateRounding = StorageRounding.Nearest },
        new() { StateStorage = Storage.Block8, RoundingSeed = ulong.MaxValue },
        new() { StateStorage = Storage.Block8, StateRounding = StorageRounding.Nearest },
    ];

    public static TheoryData<string, int> CatalogueInEveryForm
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (Type type in typeof(Optimizer).Assembly.GetExportedTypes().Where(HasStatesOfElements).OrderBy(type => type.Name, StringComparer.Ordinal))
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
    [MemberData(nameof(CatalogueInEveryForm))]
    public void EveryShippedOptimizerIsItsRuleBetweenDecodingAndEncoding(string name, int form)
    {
        Type type = typeof(Optimizer).Assembly.GetType("OptimGen." + name)!;
        RuleCheckResult result = RuleCheck.Require(
            parameters => (Optimizer<float>)Activator.CreateInstance(type, parameters, Forms[form])!,
            new RuleCheckOptions { Seed = form, Lengths = [7, 33, 257, 600], Steps = 4 });
        Assert.True(result.ComparedValues > 0);
    }

    /// <summary>Long enough for pieces to be shared among threads, with a short last block.</summary>
    [Theory, InlineData(0), InlineData(2)]
    public void BitsDependNeitherOnInstructionSetNorOnThreads(int form)
    {
        byte[] expected = Trained(InstructionSet.Scalar, 1);
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            Assert.Equal(expected, Trained(set, 1));
            Assert.Equal(expected, Trained(set, 2));
        }

        byte[] Trained(InstructionSet set, int threads)
        {
            var parameters = new ParameterSet();
            foreach (int length in new[] { 150_001, 3, 256, 40_000 })
            {
                parameters.Add($"tensor{length}", length);
            }

            var optimizer = new AdamW(parameters, Forms[form]) { InstructionSet = set, MaxDegreeOfParallelism = threads, MaxGradientNorm = 1 };
            optimizer.AverageParameters(0.9);
            for (int step = 0; step < 3; step++)
            {
                foreach (Parameter<float> parameter in parameters)
                {
                    Numbers.Near(parameter.Length, step).CopyTo(parameter.Gradients);
                }

                optimizer.Step();
            }

            using var stream = new MemoryStream();
            Checkpoint.Save(stream, optimizer);
            foreach (Parameter<float> parameter in parameters)
            {
                stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parameter.Values));
            }

            return stream.ToArray();
        }
    }

    [Fact]
    public void AStateIsReadAsACopy_AndSet()
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", 300);
        var optimizer = new Adam(parameters, Forms[0]);
        Assert.Equal(Storage.BFloat16, optimizer.StorageOf("firstMoment"));
        Assert.Equal(2 * 2 * 300, optimizer.StateBytes);
        optimizer.SetState(weights, "firstMoment", [.. Enumerable.Repeat(1.5f, 300)]);
        optimizer.GetState(weights, "firstMoment").Clear();
        Assert.All(optimizer.States.FirstMoment(weights).ToArray(), value => Assert.Equal(1.5f, value));
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => optimizer.SetState(weights, "firstMoment", new float[299]));
        Assert.Equal("values", refusal.ParamName);
        Assert.Contains("299", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A quarter and a half of what fp32 takes, and two bytes for each block.</summary>
    [Fact]
    public void BytesAreThoseOfTheForm()
    {
        Assert.Equal(2 * (1000 + (2 * 4)), Make(Forms[2]).StateBytes);
        Assert.Equal(2 * 2 * 1000, Make(Forms[0]).StateBytes);

        static Adam Make(OptimizerOptions options)
        {
            var parameters = new ParameterSet();
            parameters.Add("weights", 1000);
            return new Adam(parameters, options);
        }
    }

    [Fact]
    public void ARefusedStepChangesNothing()
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", 700);
        var optimizer = new Adam(parameters, Forms[2]);
        Numbers.Near(700, 1).CopyTo(weights.Gradients);
        optimizer.Step();
        using MemoryStream before = new(), after = new();
        Checkpoint.Save(before, optimizer);
        weights.Gradients[699] = float.NaN;
        Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Checkpoint.Save(after, optimizer);
        Assert.Equal(before.ToArray(), after.ToArray());
    }

    [Fact]
    public void ARuleInDoubleHasNoOtherForm()
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("weights", 3);
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => new MomentumOfDoubles(parameters, Forms[0]));
        Assert.Contains("firstMoment", refusal.Message, StringComparison.Ordinal);
        var singles = new ParameterSet();
        singles.Add("weights", 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(singles, new OptimizerOptions { StateStorage = (Storage)9 }));
    }

    /// <summary>Whether a type is a shipped optimizer in single precision.</summary>
    internal static bool IsOfCatalogue(Type type) =>
        !type.IsAbstract && typeof(Optimizer<float>).IsAssignableFrom(type) && type.GetConstructor([typeof(ParameterSet<float>), typeof(OptimizerOptions)]) is not null;

    /// <summary>States of rows are kept in the element type, and need rows of whole groups beside parameters in bfloat16.</summary>
    internal static bool HasStatesOfElements(Type type) => IsOfCatalogue(type) && type != typeof(RowwiseAdagrad);
}
