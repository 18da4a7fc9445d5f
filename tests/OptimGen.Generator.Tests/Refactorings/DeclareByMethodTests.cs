using System.Numerics;
using OptimGen.CodeFixes.Refactorings;
using OptimGen.Generator.Tests.Harness;
using OptimGen.RandomRules;

namespace OptimGen.Generator.Tests.Refactorings;

/// <summary>From attributes to a method: the text, and that both declarations give the same bits.</summary>
public class DeclareByMethodTests
{
    [Fact]
    public async Task Adam() => Assert.Equal(
        """
        using System;
        using OptimGen;

        /// <summary>Mine.</summary>
        [Optimizer(Contract = true)]
        public sealed partial class Mine
        {
            /// <summary>The learning rate η, not negative. Initially 0.002.</summary>
            [Hyperparameter(Min = 0)]
            public float LearningRate { get; set; } = 0.002f;

            /// <summary>The weight of the past in the gradient's average, β₁ in [0, 1). Initially 0.9.</summary>
            [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
            public float Beta1 { get; set; } = 0.9f;

            /// <summary>The weight of the past in the mean square, β₂ in [0, 1). Initially 0.999.</summary>
            [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
            public float Beta2 { get; set; } = 0.999f;

            /// <summary>The ε that keeps the denominator from 0, outside of any root; not negative. Initially 1e-8.</summary>
            [Hyperparameter(Min = 0)]
            public float Epsilon { get; set; } = 1e-8f;

            [PerStep]
            private static void Prepare(
                long step, double learningRate, double beta1, double beta2, out double oneMinusBeta1, out double oneMinusBeta2,
                out double rootScale, out double stepSize)
            {
                oneMinusBeta1 = 1 - beta1;
                double biasCorrection1 = 1 - OptimGen.CompilerServices.StepMath.Power(beta1, step);
                oneMinusBeta2 = 1 - beta2;
                double biasCorrection2 = 1 - OptimGen.CompilerServices.StepMath.Power(beta2, step);
                rootScale = 1.0 / Math.Sqrt(biasCorrection2);
                stepSize = learningRate / biasCorrection1;
            }

            [UpdateRule]
            private static float Update(
                float parameter, float gradient, [State] ref float firstMoment, [State] ref float secondMoment, float beta1, float beta2,
                float epsilon, float oneMinusBeta1, float oneMinusBeta2, float rootScale, float stepSize)
            {
                firstMoment = beta1 * firstMoment + oneMinusBeta1 * gradient;
                secondMoment = beta2 * secondMoment + oneMinusBeta2 * gradient * gradient;
                float denominator = MathF.Sqrt(secondMoment) * rootScale + epsilon;
                return parameter - stepSize * firstMoment / denominator;
            }
        }
        """,
        await RefactoringTest.ApplyAsync<DeclareByMethodRefactoring>(
            """
            using System;
            using OptimGen;

            /// <summary>Mine.</summary>
            [Optimizer(LearningRate = 2e-3), Ewa(0.9f)]
            [RmsNormalize(0.999f), BiasCorrection]
            public sealed partial class Mine;
            """));

    [Theory]
    [InlineData("[Optimizer(Unroll = 2)]\npartial class Any { }", "[Optimizer(Unroll = 2, Contract = true)]\npartial class Any {\n    /// <summary>", "gradient;\n    }\n}")]
    [InlineData("[SignUpdate][Optimizer]\r\npartial class Any\r\n{\r\n}", "[Optimizer(Contract = true)]\r\npartial class Any\r\n{\r\n    /// <summary>", "gradient);\r\n    }\r\n}")]
    [InlineData(
        "[Optimizer] [HeavyBall(0.5)]\npartial class Any\n{\n    // mine\n    public void Update() { }\n}",
        "[Optimizer(Contract = true)]\npartial class Any\n{\n    /// <summary>", "momentumBuffer;\n    }\n\n    // mine\n    public void Update() { }\n}")]
    public async Task Text_AroundIsKept(string before, string start, string end)
    {
        string usings = before.Contains('\r', StringComparison.Ordinal) ? GeneratorTest.Usings.ReplaceLineEndings("\r\n") : GeneratorTest.Usings;
        string after = (await RefactoringTest.ApplyAsync<DeclareByMethodRefactoring>(usings + before))!;
        Assert.StartsWith(usings + start, after, StringComparison.Ordinal);
        Assert.EndsWith(end, after, StringComparison.Ordinal);
        GeneratorTest.Run(after);
    }

    [Theory]
    [InlineData("[Optimizer] partial class Any { [UpdateRule] static float Update(float parameter, float gradient) => parameter - gradient; }")]
    [InlineData("[Optimizer, Ewa(2)] partial class Any;")]
    [InlineData("[Ewa(0.9)] partial class Any;")]
    [InlineData("[Optimizer] partial class Any; [Ewa(0.9)] partial class Any;")]
    [InlineData("class Other; [Optimizer] partial class Any;")]
    public async Task IsNotOffered_ForOtherClasses(string source) => Assert.Null(await RefactoringTest.ApplyAsync<DeclareByMethodRefactoring>(GeneratorTest.Usings + source));

    /// <summary>Any two forms of two stages come together in one of the stacks.</summary>
    [Fact]
    public async Task AnyTwoForms_OfTwoStages_GiveTheSameBits()
    {
        RandomRule[] stacks = [.. StageStack.Pairwise.Select((stack, index) => stack.ToRule(index))];
        Assert.InRange(stacks.Length, 36, 80);
        string[] methods = await Task.WhenAll(stacks.Select(async stack => (await RefactoringTest.ApplyAsync<DeclareByMethodRefactoring>(stack.Source))!));
        Assert.All(methods, method => Assert.Contains("[UpdateRule]", method, StringComparison.Ordinal));
        using LoadedProject ofAttributes = Load([.. stacks.Select(stack => stack.Source)]), ofMethods = Load(methods);
        foreach (RandomRule stack in stacks)
        {
            string type = $"{RandomRule.Namespace}.{stack.Name}";
            if (stack.IsDouble)
            {
                RequireSameBits<double>(ofAttributes, ofMethods, type, stack.Source);
            }
            else
            {
                RequireSameBits<float>(ofAttributes, ofMethods, type, stack.Source);
            }
        }
    }

    private static void RequireSameBits<T>(LoadedProject one, LoadedProject other, string type, string source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (InstructionSet set in new[] { InstructionSet.Scalar, InstructionSets.Supported[0] })
        {
            T[] expected = Steps<T>(one, type, set);
            Assert.All(expected, value => Assert.True(T.IsFinite(value), source));
            Assert.True(expected.SequenceEqual(Steps<T>(other, type, set)), source);
        }
    }

    private static T[] Steps<T>(LoadedProject project, string type, InstructionSet set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameters = new ParameterSet<T>();
        Parameter<T> parameter = parameters.Add("weights", 67);
        var random = new Random(7);
        for (int i = 0; i < parameter.Length; i++)
        {
            parameter.Values[i] = T.CreateTruncating(random.NextDouble() - 0.5);
        }

        Optimizer<T> optimizer = project.Create(type, parameters);
        optimizer.InstructionSet = set;
        for (int step = 0; step < 6; step++)
        {
            for (int i = 0; i < parameter.Length; i++)
            {
                parameter.Gradients[i] = T.CreateTruncating(2 * random.NextDouble() - 1);
            }

            optimizer.Step();
        }

        return [.. parameter.Values, .. optimizer.Definition.States.SelectMany(state => optimizer.GetState(parameter, state.Name).ToArray())];
    }

    private static LoadedProject Load(string[] sources) => new(new GeneratorTest { ChecksRules = true }.Run(sources));
}
