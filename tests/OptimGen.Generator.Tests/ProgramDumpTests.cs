using Microsoft.CodeAnalysis;
using OptimGen.Generator.Steps;
using OptimGen.Generator.Tests.Harness;
using VerifyXunit;

namespace OptimGen.Generator.Tests;

/// <summary>The step programs: what is computed when, what is kept, and what each kernel does, without a line of C#.</summary>
public class ProgramDumpTests
{
    private const int LongestDump = 90;

    public static TheoryData<string> Names => Optimizers.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Program(string name)
    {
        string dump = ProgramDump.Of(ProgramOf(name));
        Assert.InRange(dump.Split('\n').Length, 5, LongestDump);
        await Verifier.Verify(dump).UseDirectory("Programs").UseTextForParameters(name);
    }

    /// <summary>What surrounds every rule: the adjusted gradient before it, the average and the zeroed gradient after it.</summary>
    [Fact]
    public async Task Phase() => await Verifier.Verify(ProgramDump.Of(ProgramOf(nameof(Optimizers.Momentum)), inPhase: true)).UseDirectory("Programs");

    [Theory]
    [MemberData(nameof(Names))]
    public void Dump_IsTheSameEachTime(string name) => Assert.Equal(ProgramDump.Of(ProgramOf(name)), ProgramDump.Of(ProgramOf(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Operands_ComeBefore_AndAreKnownNoLater(string name)
    {
        StepProgram program = ProgramOf(name);
        Assert.All(program.Values, value =>
        {
            Assert.Equal(value, program.Values[value.Id]);
            Assert.All(value.Operands, operand => Assert.True(operand < value.Id && program.Values[operand].Time <= value.Time));
        });
    }

    /// <summary>In a kernel each stream is loaded and stored at most once, and nothing is used that has not been computed.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Kernels_LoadAndStoreOnce_AndComputeBeforeTheyUse(string name)
    {
        StepProgram program = ProgramOf(name);
        foreach (Kernel kernel in program.Kernels)
        {
            var known = new HashSet<int>(program.Values.Where(value => value.Time < Time.Element).Select(value => value.Id));
            Require(program, kernel.Body, known);
            // The gradient's zero is a second store only where the rule stores the gradient itself, which no rule can.
            Assert.All(kernel.Instructions.OfType<Load>().CountBy(load => load.Stream), pair => Assert.Equal(1, pair.Value));
            Assert.All(kernel.Instructions.OfType<Store>().CountBy(store => store.Stream), pair => Assert.Equal(1, pair.Value));
        }
    }

    private static void Require(StepProgram program, IEnumerable<Instruction> body, HashSet<int> known)
    {
        foreach (Instruction instruction in body)
        {
            switch (instruction)
            {
                case Load load:
                    Assert.True(known.Add(load.Value));
                    break;
                case Let let:
                    Assert.All(program.Values[let.Value].Operands, operand => Assert.Contains(operand, known));
                    Assert.True(known.Add(let.Value));
                    break;
                case Store store:
                    Assert.Contains(store.Value, known);
                    break;
                case Accumulate accumulate:
                    Assert.Contains(accumulate.Value, known);
                    break;
                case When condition:
                    // What is computed under a condition is known under it alone.
                    Require(program, condition.Body, [.. known]);
                    break;
            }
        }
    }

    /// <summary>The step program of the one optimizer of a source.</summary>
    internal static StepProgram Lower(string source)
    {
        var test = new GeneratorTest();
        GeneratorRunResult result = test.Driver().RunGenerators(test.Compile(source)).GetRunResult().Results.Single();
        object lowered = result.TrackedSteps[OptimizerGenerator.LowerStep].Single().Outputs.Single().Value;
        return (((Model.OptimizerSpec, StepProgram Program, string))lowered).Program;
    }

    private static StepProgram ProgramOf(string name) => Lower(Optimizers.Source(name));
}
