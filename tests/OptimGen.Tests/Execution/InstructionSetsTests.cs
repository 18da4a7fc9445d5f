using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OptimGen.Tests.Execution;

public class InstructionSetsTests
{
    public static TheoryData<InstructionSet> Supported => new(InstructionSets.Supported);

    public static TheoryData<InstructionSet> NotSupported => new(Enum.GetValues<InstructionSet>().Except(InstructionSets.Supported));

    [Fact]
    public void Supported_IsWhatTheProcessorHas_WidestFirst()
    {
        var expected = new List<InstructionSet>();
        if (Avx512F.IsSupported)
        {
            expected.Add(InstructionSet.Avx512);
        }

        if (Avx2.IsSupported && Fma.IsSupported)
        {
            expected.Add(InstructionSet.Avx2);
        }

        if (AdvSimd.IsSupported)
        {
            expected.Add(InstructionSet.Neon);
        }

        Assert.Equal([.. expected, InstructionSet.Scalar], InstructionSets.Supported);
        Assert.All(Enum.GetValues<InstructionSet>(), set => Assert.Equal(InstructionSets.Supported.Contains(set), InstructionSets.IsSupported(set)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void VariableNotSet_SelectsASupportedSet(string? value)
    {
        (InstructionSet set, string? ignored) = InstructionSets.Select(value);
        Assert.True(InstructionSets.IsSupported(set));
        Assert.Null(ignored);
    }

    [Theory, MemberData(nameof(Supported))]
    public void VariableNamesASupportedSet_InAnyCase(InstructionSet set)
    {
        string name = set.ToString();
        foreach (string value in new[] { name, name.ToLowerInvariant(), name.ToUpperInvariant(), $" {name} " })
        {
            Assert.Equal((set, null), InstructionSets.Select(value));
        }
    }

    [Theory]
    [InlineData("avx")]
    [InlineData("avx-512")]
    [InlineData("sse2")]
    [InlineData("0")]
    [InlineData("3")]
    [InlineData("-1")]
    [InlineData("+2")]
    [InlineData("scalar,avx2")]
    [InlineData("scalar, neon")]
    [InlineData("best")]
    public void VariableNamesNothing_IsIgnoredAndSaidWithWhatItMayBe(string value)
    {
        (InstructionSet set, string? ignored) = InstructionSets.Select(value);
        Assert.Equal(InstructionSets.Select(null).Set, set);
        Assert.Equal(
            $"The environment variable OPTIMGEN_INSTRUCTION_SET is '{value}', which is ignored: it must be one of scalar, neon, avx2, avx512. {set} is used.",
            ignored);
    }

    [Theory, MemberData(nameof(NotSupported))]
    public void VariableNamesAnotherMachinesSet_IsIgnoredAndSaidWithWhatThisOneHas(InstructionSet set)
    {
        (InstructionSet selected, string? ignored) = InstructionSets.Select(set.ToString());
        Assert.Equal(InstructionSets.Select(null).Set, selected);
        Assert.Equal(
            $"The environment variable OPTIMGEN_INSTRUCTION_SET is '{set}', which is ignored: this machine supports {string.Join(", ", InstructionSets.Supported)}. {selected} is used.",
            ignored);
    }

    [Theory, MemberData(nameof(NotSupported))]
    public void PropertySetToAnotherMachinesSet_IsRefusedAndStays(InstructionSet set)
    {
        Optimizer<float> optimizer = Make();
        InstructionSet before = optimizer.InstructionSet;
        var refusal = Assert.Throws<PlatformNotSupportedException>(() => optimizer.InstructionSet = set);
        Assert.Equal(
            $"This machine does not support {set} (Adam.InstructionSet was set to it). Supported: {string.Join(", ", InstructionSets.Supported)}.",
            refusal.Message);
        Assert.Equal(before, optimizer.InstructionSet);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(99)]
    public void PropertySetToNoInstructionSet_IsRefused(int value) =>
        Assert.Throws<PlatformNotSupportedException>(() => Make().InstructionSet = (InstructionSet)value);

    [Fact]
    public void NewOptimizer_StartsWithTheSelectedSet() => Assert.Equal(InstructionSets.Selected, Make().InstructionSet);

    [Theory, MemberData(nameof(Supported))]
    public void PropertySetToASupportedSet_IsRead(InstructionSet set)
    {
        Optimizer<float> optimizer = Make();
        optimizer.InstructionSet = set;
        Assert.Equal(set, optimizer.InstructionSet);
        optimizer.Step();
        Assert.Equal(1, optimizer.StepCount);
    }

    private static Kernels.Adam Make()
    {
        var parameters = new ParameterSet();
        parameters.Add("w", 3);
        return new Kernels.Adam(parameters);
    }
}
