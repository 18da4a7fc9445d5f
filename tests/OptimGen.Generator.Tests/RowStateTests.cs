using Microsoft.CodeAnalysis;
using OptimGen.CodeFixes.Refactorings;
using OptimGen.Generator.Steps;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>States with one number for each row: what is refused, and what is generated.</summary>
public class RowStateTests
{
    private const string Row = "[State(Granularity = StateGranularity.Row)] ref float";

    [Theory]
    [InlineData("CopyOfParameter = true", "OPTG028 at `true`: The state 's' has one number for each row, and the parameter has one for each element; remove CopyOfParameter")]
    [InlineData("Storage = Storage.Block8", "OPTG028 at `Storage.Block8`: The state 's' has one number for each row, and is kept in the element type; remove Storage")]
    [InlineData("Rounding = StorageRounding.Nearest", "OPTG028 at `StorageRounding.Nearest`: The state 's' has one number for each row, and is kept in the element type; remove Rounding")]
    [InlineData("IsNonNegative = true", "OPTG028 at `true`: The state 's' has one number for each row, and is kept in the element type; remove IsNonNegative")]
    [InlineData("Storage = Storage.Native, Rounding = StorageRounding.Stochastic, IsNonNegative = false, CopyOfParameter = false, InitialValue = 3")]
    public void OPTG028_Options(string options, params string[] diagnostics) => Check(
        $"[State(Granularity = StateGranularity.Row, {options})] ref float s", "s += gradient; return parameter - s;", diagnostics);

    [Theory]
    [InlineData("s += gradient * gradient; if (s > 0) { return parameter - gradient / s; } return parameter;")]
    [InlineData("float squared = gradient * gradient; s = gradient > 0 ? s + squared : s; return parameter - s;")]
    [InlineData("if (gradient > 0) { gradient = 1; } s++; return parameter - s * gradient;")]
    [InlineData(
        "if (gradient > 0) { s += gradient; } return parameter - s;",
        "OPTG028 at `s`: The state 's' has one number for each row, and is assigned where not every element comes; assign it before the first branch that it depends on, by a conditional expression (c ? a : b)")]
    [InlineData(
        "if (gradient > 0) { return parameter; } s = gradient; return parameter - s;",
        "OPTG028 at `s`: The state 's' has one number for each row, and is assigned where not every element comes; assign it before the first branch that it depends on, by a conditional expression (c ? a : b)")]
    [InlineData(
        "if (gradient > 0) { s++; } else { s = 0; } return parameter - s;",
        "OPTG028 at `s`: The state 's' has one number for each row, and is assigned where not every element comes; assign it before the first branch that it depends on, by a conditional expression (c ? a : b)",
        "OPTG028 at `s`: The state 's' has one number for each row, and is assigned where not every element comes; assign it before the first branch that it depends on, by a conditional expression (c ? a : b)")]
    [InlineData(
        "s *= 0.5f; s += gradient; return parameter - s;",
        "OPTG028 at `s`: The state 's' has one number for each row, and is assigned a second time, which would be another mean; compute the value in a local and assign that")]
    [InlineData(
        "Give(gradient, out s); return parameter - s;",
        "OPTG020 at `Give(gradient, out s);`: 'Give(gradient, out s);' cannot be part of a kernel: a rule has no effect beside its value and its states; return the value, or watch the method from a test")]
    [InlineData(
        "return parameter - Change(ref s);",
        "OPTG020 at `Change(ref s)`: 'Change' cannot be part of a kernel: its parameter 'x' is passed by reference; return the value")]
    public void OPTG028_Assignments(string body, params string[] diagnostics) => Check(Row + " s", body, diagnostics);

    [Theory]
    [InlineData("[PerStep] private static void Count([State(Granularity = StateGranularity.Row)] ref double n, out double scale) => scale = ++n;", "group")]
    [InlineData("[PerTensor] private static void Count([State(Granularity = StateGranularity.Row)] ref double n, out double scale) => scale = ++n;", "tensor")]
    public void OPTG028_ScalarMethods(string method, string owner) => GeneratorTest.Run(
        GeneratorTest.Usings + $"[Optimizer] internal sealed partial class Any {{ {method} [UpdateRule] private static float Update(float parameter, float gradient, float scale) => parameter - scale * gradient; }}",
        $"OPTG028 at `StateGranularity.Row`: The state 'n' has one number for each row, and 'Count' runs once for each {owner}; remove Granularity, or move the state to the [UpdateRule] method");

    [Fact]
    public void OPTG028_Reductions() => GeneratorTest.Run(
        GeneratorTest.Usings + $$"""
            [Optimizer]
            internal sealed partial class Any
            {
                [Reduce(Reduction.Norm)] private static float Norm(float gradient, float s) => gradient * s;
                [UpdateRule] private static float Update(float parameter, float gradient, {{Row}} s, float norm) { s += gradient; return parameter - s * norm; }
            }
            """,
        "OPTG028 at `s`: The state 's' has one number for each row, and a reduction over a tensor reads numbers of elements; use the state in the [UpdateRule] method");

    [Fact]
    public void OPTG005_Granularity() => Check(
        "[State(Granularity = (StateGranularity)2)] ref float s", "s += gradient; return parameter - s;",
        "OPTG005 at `(StateGranularity)2`: Granularity of [State] is 2; it must be a member of the enumeration");

    /// <summary>A state of rows is not one of elements, and a mean that another depends on comes before it, in whatever order they are declared.</summary>
    [Fact]
    public void Fingerprint_IsThatOfTheGranularity()
    {
        string rows = Rule(Row + " s", "s += gradient * gradient; return parameter - gradient / s;");
        string elements = rows.Replace("(Granularity = StateGranularity.Row)", "", StringComparison.Ordinal);
        Assert.NotEqual(Fingerprint(elements), Fingerprint(rows));
        Assert.NotEqual(Fingerprint(rows), Fingerprint(rows.Replace("s += gradient * gradient", "s += gradient * gradient * 2", StringComparison.Ordinal)));
        Assert.Equal(Fingerprint(rows), Fingerprint(rows.Replace("s += gradient * gradient;", "float square = gradient * gradient; s = s + square;", StringComparison.Ordinal)));
        Assert.Equal("[1, 0]", Order(Rule($"{Row} later, {Row} sooner", "sooner += gradient; later = later + sooner * gradient; return parameter - later;")));
        Assert.Equal("[0, 1]", Order(Rule($"{Row} one, {Row} two", "one += gradient; two += gradient * gradient; return parameter - one / two;")));
    }

    /// <summary>What is the same for a row is computed once before the loop, in every kernel, and what it costs and keeps is shown on hover.</summary>
    [Fact]
    public void WhatIsTheSameForARow_IsHoisted()
    {
        GeneratorRun run = GeneratorTest.Run(Optimizers.Source(nameof(Optimizers.RowStates)));
        string file = run.File("RowStates.g.cs");
        foreach (string set in new[] { "Avx512", "Avx2", "Neon", "Scalar" })
        {
            string[] updates = [.. run.Kernels(set).Split("private static void ").Where(part => part.StartsWith("Update", StringComparison.Ordinal))];
            Assert.Equal(4, updates.Length);
            Assert.All(updates, kernel =>
            {
                Assert.InRange(kernel.IndexOf("Sqrt", StringComparison.Ordinal), 0, kernel.IndexOf("for (", StringComparison.Ordinal));
                Assert.Equal(kernel.IndexOf("Sqrt", StringComparison.Ordinal), kernel.LastIndexOf("Sqrt", StringComparison.Ordinal));
            });
        }

        Assert.Contains("/// secondMoment ← the mean over the row of what is assigned to secondMoment", file, StringComparison.Ordinal);
        Assert.Contains("It keeps the state firstMoment: 4 bytes for each element, and the state secondMoment: 4 bytes for each row.", file, StringComparison.Ordinal);
        Assert.Contains("after the mean over each row of secondMoment", file, StringComparison.Ordinal);
        Assert.Contains("of a parameter, a number for each of its rows.", file, StringComparison.Ordinal);
    }

    /// <summary>
    /// A kernel over a list of rows has the scalars of the step before the loop over rows, the numbers of a row in it, and what is computed of them before the loop over
    /// elements.
    /// </summary>
    [Fact]
    public void KernelsOverLists_TakeTheNumbersOfEachRow()
    {
        GeneratorRun run = GeneratorTest.Run(Optimizers.Source(nameof(Optimizers.RowStates)).Replace("[Optimizer]", "[Optimizer(RowKernels = true)]", StringComparison.Ordinal));
        foreach (string set in new[] { "Avx512", "Avx2", "Neon", "Scalar" })
        {
            string[] kernels = [.. run.Kernels(set).Split("private static void ").Where(part => part.Contains("in RowStreams<float> rows", StringComparison.Ordinal))];
            Assert.Equal(["SumsOfSecondMoment", "UpdateIsFirstRows", "UpdateNotIsFirstRows"], kernels.Select(kernel => kernel[..kernel.IndexOf('(')]).Order(StringComparer.Ordinal));
            Assert.All(kernels.Where(kernel => kernel.StartsWith("Update", StringComparison.Ordinal)), kernel => AssertOrder(
                kernel, "group.LearningRate", "int k = 0", "rows.RowMean(1, k)", "Sqrt", "nuint i = 0"));
            AssertOrder(kernels.Single(kernel => kernel.StartsWith("Sums", StringComparison.Ordinal)), "int k = 0", "rows.RowState(1, k)", "nuint i = 0", "lanes = ref Unsafe.Add(ref lanes, 16);");
            Assert.DoesNotContain(kernels, kernel => kernel.Contains("Prefetch", StringComparison.Ordinal));
        }
    }

    /// <summary>It is no rule of the literature that is one of elements, and no stack of attributes.</summary>
    [Fact]
    public async Task IsNotTakenForARuleOfElements()
    {
        string adagrad = (await RefactoringTest.ApplyAsync<DeclareByMethodRefactoring>(
            GeneratorTest.Usings + "[Optimizer(LearningRate = 0.01), AdagradNormalize(AdagradForm.Sum, Epsilon = 1e-10)]\ninternal sealed partial class Any;\n"))!;
        string rowwise = adagrad.Replace("[State]", "[State(Granularity = StateGranularity.Row)]", StringComparison.Ordinal);
        Assert.NotEqual(adagrad, rowwise);
        Assert.Contains("Up to rounding it is", GeneratorTest.Run(adagrad).File("Any.g.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("Up to rounding it is", GeneratorTest.Run(rowwise).File("Any.g.cs"), StringComparison.Ordinal);
        Assert.NotNull(await RefactoringTest.ApplyAsync<DeclareByAttributesRefactoring>(adagrad));
        Assert.Null(await RefactoringTest.ApplyAsync<DeclareByAttributesRefactoring>(rowwise));
    }

    /// <summary>A comment changes nothing; the granularity of one state changes its own file.</summary>
    [Fact]
    public void AnEditOfTheGranularity_ModifiesItsFileAlone()
    {
        const string Other = "[Optimizer, Ewa(0.9f)] internal sealed partial class Other;\n";
        string source = GeneratorTest.Usings + Other + Optimizers.RowStates;
        var test = new GeneratorTest();
        GeneratorDriver driver = test.Driver().RunGenerators(test.Compile(source));
        Dictionary<string, string> before = Files(driver), commented = Files(driver.RunGenerators(test.Compile("// A comment.\n" + source)));
        Dictionary<string, string> edited = Files(driver.RunGenerators(test.Compile(source.Replace("Granularity = StateGranularity.Row", "InitialValue = 0", StringComparison.Ordinal))));
        Assert.Equal(before, commented);
        Assert.Equal(before["Other.g.cs"], edited["Other.g.cs"]);
        Assert.NotEqual(before["RowStates.g.cs"], edited["RowStates.g.cs"]);
        Assert.DoesNotContain("ReduceRow", edited["RowStates.g.cs"], StringComparison.Ordinal);
    }

    /// <summary>A class by a user, through the generator: numbers by rows, on every instruction set, with the values by hand.</summary>
    [Fact]
    public void ARuleOfTheUsers_IsCompiledAndRun()
    {
        using var project = new LoadedProject(GeneratorTest.Run(Rule(Row + " s", "s += gradient * gradient; return parameter - gradient / s;")));
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            var parameters = new ParameterSet();
            Parameter<float> table = parameters.Add("table", 2, 20);
            table.Gradients[..20].Fill(2);
            table.Gradients[20..].Fill(-4);
            table.Gradients[39] = 0;
            Optimizer<float> optimizer = project.Create("Any", parameters);
            optimizer.InstructionSet = set;
            optimizer.Step();
            Assert.Equal([4f, 15.2f], optimizer.GetState(table, "s").ToArray());
            Assert.Equal([-0.5f, -0.5f, 4 / 15.2f, 0], new[] { table.Values[0], table.Values[19], table.Values[38], table.Values[39] });
        }
    }

    /// <summary>The names of kernels are made of those of states and flags, which may come to the same.</summary>
    [Theory, InlineData(""), InlineData("(RowKernels = true)")]
    public void NamesThatComeToTheSame_AreToldApart(string options)
    {
        string source = GeneratorTest.Usings + $$"""
            [Optimizer{{options}}]
            internal sealed partial class Any
            {
                [PerStep] private static void Flag(long step, out bool b) => b = step > 1;
                [UpdateRule]
                private static float Update(float parameter, float gradient, {{Row}} a, {{Row}} aB, {{Row}} sum0, {{Row}} i, {{Row}} aRows, {{Row}} lanes, bool b)
                {
                    a += b ? gradient : 1; aB += gradient; sum0 += gradient * a; i = i + gradient; aRows += i; lanes = gradient;
                    return parameter - a - aB - sum0 - i * aRows - lanes;
                }
            }
            """;
        using var project = new LoadedProject(GeneratorTest.Run(source));
        var parameters = new ParameterSet();
        Parameter<float> table = parameters.Add("table", 1, 2);
        Optimizer<float> optimizer = project.Create("Any", parameters);
        table.Gradients.Fill(3);
        optimizer.Step();
        Assert.Equal([1f, 3, 3, 3, 3, 3], optimizer.Definition.States.Select(state => optimizer.GetState(table, state.Name)[0]));
        Assert.Equal([-19f, -19], table.Values.ToArray());
    }

    private static Dictionary<string, string> Files(GeneratorDriver driver) =>
        driver.GetRunResult().GeneratedTrees.ToDictionary(tree => Path.GetFileName(tree.FilePath), tree => tree.ToString());

    private static string Fingerprint(string source) => RuleFingerprint.Of(ProgramDumpTests.Lower(source));

    private static string Order(string source)
    {
        string file = GeneratorTest.Run(source).File("Any.g.cs"), start = "AssignedRowStates => ";
        int at = file.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return file[at..file.IndexOf(';', at)];
    }

    /// <summary>Each text comes after the one before.</summary>
    private static void AssertOrder(string kernel, params string[] texts)
    {
        int at = -1;
        foreach (string text in texts)
        {
            int next = kernel.IndexOf(text, at + 1, StringComparison.Ordinal);
            Assert.True(next > at, $"'{text}' is not where it should be in {kernel}");
            at = next;
        }
    }

    private static string Rule(string states, string body) => GeneratorTest.Usings + $$"""
        [Optimizer]
        internal sealed partial class Any
        {
            internal static float Change(ref float x) => x = 1;
            internal static void Give(float x, out float y) => y = x;
            [UpdateRule] private static float Update(float parameter, float gradient, {{states}}) { {{body}} }
        }
        """;

    private static void Check(string state, string body, params string[] diagnostics) => GeneratorTest.Run(Rule(state, body), diagnostics);
}
