using OptimGen.CodeFixes;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests.Loops;

/// <summary>The class that is written for a loop, and the call in its place: their text, that nothing is found in it, and that they give the loop's bits.</summary>
public class DeclareLoopFixTests
{
    private const string Declare = "Declare the rule 'WRule'", Replace = "Declare the rule 'WeightsRule' and step it here";

    [Fact]
    public async Task Class_HasTheLoopsStatements() => Assert.Equal(
        """
        using System;
        namespace Any
        {
            internal static class Training
            {
                private const float Beta = 0.9f;

                public static void Step(float[] w, float[] grad, float[] m, float lr)
                {
                    for (int i = 0; i < w.Length; i++)
                    {
                        // momentum
                        float parameter = grad[i];
                        m[i] = Beta * m[i] + parameter;

                        w[i] -= lr * (m[i] + 0.5f); // descent
                    }
                }
            }

            /// <summary>Updates w from grad, element by element.</summary>
            [OptimGen.Optimizer]
            internal sealed partial class WRule
            {
                [OptimGen.Hyperparameter]
                public float Beta { get; set; } = 0.9f;

                [OptimGen.Hyperparameter]
                public float Lr { get; set; }

                /// <summary>The rule for one parameter in the caller's own memory. Step() updates the values in place; the state is kept from step to step.</summary>
                /// <param name="values">The parameter, at least one element.</param>
                /// <param name="gradients">Its gradient, as many elements.</param>
                public static WRule Over(Memory<float> values, Memory<float> gradients)
                {
                    var parameters = new OptimGen.ParameterSet<float>();
                    parameters.Wrap("w", values, gradients);
                    return new WRule(parameters);
                }

                [OptimGen.UpdateRule]
                private static float Update(float parameter, float gradient, [OptimGen.State] ref float m, float beta, float lr)
                {
                    // momentum
                    float parameter2 = gradient;
                    m = beta * m + parameter2;
                    return parameter - lr * (m + 0.5f);
                }
            }
        }
        """,
        await CodeFixTest.ApplyCodeFixAsync<DeclareLoopFix>(
            """
            using System;
            namespace Any
            {
                internal static class Training
                {
                    private const float Beta = 0.9f;

                    public static void Step(float[] w, float[] grad, float[] m, float lr)
                    {
                        for (int i = 0; i < w.Length; i++)
                        {
                            // momentum
                            float parameter = grad[i];
                            m[i] = Beta * m[i] + parameter;

                            w[i] -= lr * (m[i] + 0.5f); // descent
                        }
                    }
                }
            }
            """, Declare));

    [Fact]
    public Task Call_OverFields() => CodeFixTest.VerifyCodeFixAsync<DeclareLoopFix>(
        """
        using OptimGen;
        internal sealed class Model
        {
            private readonly float[] weights = new float[10], gradients = new float[10];
            private readonly float[] velocity = new float[10];
            private readonly float momentum = 0.9f;

            public void Step(float learningRate)
            {
                // descent
                for (int i = 0; i < weights.Length; i++)
                {
                    velocity[i] = momentum * velocity[i] + gradients[i];
                    weights[i] -= learningRate * velocity[i];
                }
            }
        }

        """, Replace,
        """
        using OptimGen;
        internal sealed class Model
        {
            private readonly float[] weights = new float[10], gradients = new float[10];
            private readonly float momentum = 0.9f;
            private WeightsRule? weightsRule;

            public void Step(float learningRate)
            {
                // descent
                weightsRule ??= WeightsRule.Over(weights, gradients);
                weightsRule.Momentum = momentum;
                weightsRule.LearningRate = learningRate;
                weightsRule.Step();
            }
        }

        /// <summary>Updates weights from gradients, element by element.</summary>
        [Optimizer]
        internal sealed partial class WeightsRule
        {
            [Hyperparameter]
            public float Momentum { get; set; } = 0.9f;

            [Hyperparameter]
            public float LearningRate { get; set; }

            /// <summary>The rule for one parameter in the caller's own memory. Step() updates the values in place; the state is kept from step to step.</summary>
            /// <param name="values">The parameter, at least one element.</param>
            /// <param name="gradients">Its gradient, as many elements.</param>
            public static WeightsRule Over(System.Memory<float> values, System.Memory<float> gradients)
            {
                var parameters = new ParameterSet<float>();
                parameters.Wrap("weights", values, gradients);
                return new WeightsRule(parameters);
            }

            [UpdateRule]
            private static float Update(float parameter, float gradient, [State] ref float velocity, float momentum, float learningRate)
            {
                velocity = momentum * velocity + gradient;
                return parameter - learningRate * velocity;
            }
        }

        """);

    [Fact]
    public async Task Call_OverLocals()
    {
        const string Source = """
            using System;
            using OptimGen;
            internal static class Training
            {
                public static float[] Run(float[] weights, int steps)
                {
                    float[] gradients = new float[weights.Length], m = new float[weights.Length];
                    float[] v = new float[weights.Length];
                    const float Beta = 0.9f;
                    for (int step = 1; step <= steps; step++)
                    {
                        for (int i = 0; i < weights.Length; i++)
                        {
                            gradients[i] = weights[i] - i;
                        }

                        float rate = 0.1f / step;
                        for (int i = 0; i < weights.Length; i++)
                        {
                            m[i] = Beta * m[i] + (1 - Beta) * gradients[i];
                            v[i] += gradients[i] * gradients[i];
                            weights[i] -= rate * m[i] / (MathF.Sqrt(v[i]) + 1e-8f);
                        }
                    }

                    return weights;
                }
            }
            """;
        string after = await CodeFixTest.ApplyCodeFixAsync<DeclareLoopFix>(Source, Replace);
        Assert.StartsWith(
            """
            using System;
            using OptimGen;
            internal static class Training
            {
                public static float[] Run(float[] weights, int steps)
                {
                    float[] gradients = new float[weights.Length];
                    const float Beta = 0.9f;
                    var weightsRule = WeightsRule.Over(weights, gradients);
                    for (int step = 1; step <= steps; step++)
                    {
                        for (int i = 0; i < weights.Length; i++)
                        {
                            gradients[i] = weights[i] - i;
                        }

                        float rate = 0.1f / step;
                        weightsRule.Beta = Beta;
                        weightsRule.Rate = rate;
                        weightsRule.Step();
                    }

                    return weights;
                }
            }
            """, after, StringComparison.Ordinal);
        using LoadedProject before = Load(Source), replaced = Load(after);
        Assert.Equal((float[])before.Call("Training", "Run", Numbers(37, 1), 7)!, (float[])replaced.Call("Training", "Run", Numbers(37, 1), 7)!);
    }

    /// <summary>What stands in the way of a call: arrays of another owner, states that something else reads, a part of an array.</summary>
    [Theory]
    [InlineData("class A { void Step(float[] weights, float[] g, float lr) { for (int i = 0; i < weights.Length; i++) weights[i] -= lr * g[i]; } }")]
    [InlineData("class A { float[] weights = new float[3]; readonly float[] g = new float[3]; void Step(float lr) { for (int i = 0; i < weights.Length; i++) weights[i] -= lr * g[i]; } }")]
    [InlineData("class A { readonly float[] weights = new float[3], g = new float[3]; void Step(float lr, int n) { for (int i = 0; i < n; i++) weights[i] -= lr * g[i]; } }")]
    [InlineData("class A { readonly float[] weights = new float[3], g = new float[3], m = new float[3]; float M() => m[0]; void Step(float lr) { for (int i = 0; i < weights.Length; i++) { m[i] = 0.9f * m[i] + g[i]; weights[i] -= lr * m[i]; } } }")]
    [InlineData("class A { readonly float[] weights = new float[3], g = new float[3], m = [1, 1, 1]; void Step(float lr) { for (int i = 0; i < weights.Length; i++) { m[i] = 0.9f * m[i] + g[i]; weights[i] -= lr * m[i]; } } }")]
    [InlineData("class A { void Step(System.Span<float> weights, System.Span<float> g, float lr) { while (lr > 0) { for (int i = 0; i < weights.Length; i++) { weights[i] -= lr * g[i]; } lr /= 2; } } }")]
    [InlineData("class A { void Step(float[] weights, float lr) { while (lr > 0) { var g = new float[3]; for (int i = 0; i < weights.Length; i++) { weights[i] -= lr * g[i]; } lr /= 2; } } }")]
    [InlineData("class A { void Step(float[] weights, float[] g, float lr) { while (lr > 0) { for (int i = 0; i < weights.Length; i++) { weights[i] -= lr * g[i]; } g = (float[])g.Clone(); } } }")]
    public async Task Call_IsNotOffered_WhereTheLoopHasToStay(string source) => Assert.Equal(["Declare the rule 'WeightsRule'"], await CodeFixTest.TitlesAsync<DeclareLoopFix>(source));

    [Fact]
    public async Task All_HaveNamesOfTheirOwn()
    {
        const string Fields = "private readonly float[] weights = new float[3], g = new float[3];";
        const string Loop = "for (int i = 0; i < weights.Length; i++) { weights[i] -= 0.1f * g[i]; }";
        const string Before = $"using OptimGen;\ninternal sealed class A\n{{\n    {Fields}\n    public void Step()\n    {{\n        {Loop}\n    }}\n}}\n";
        string twice = Before + Before.Replace("class A", "class B", StringComparison.Ordinal).Replace("using OptimGen;\n", "", StringComparison.Ordinal) + "internal sealed class WeightsRule;\n";
        string after = await CodeFixTest.ApplyFixAllAsync<DeclareLoopFix>(twice, "Declare the rule 'WeightsRule2' and step it here");
        Assert.Contains("weightsRule3 ??= WeightsRule3.Over(weights, g);", after, StringComparison.Ordinal);
        GeneratorTest.Run(after);
    }

    public static TheoryData<string, string> Bits => new()
    {
        { "float", "w[i] -= lr * grad[i];" },
        { "double", "w[i] -= lr * grad[i];" },
        { "float", "w[i] = w[i] - lr * grad[i] - lr * decay * w[i];" },
        { "float", "{ m[i] = a * m[i] + grad[i]; w[i] -= lr * m[i]; }" },
        { "double", "{ m[i] = a * m[i] + lr * grad[i]; w[i] -= m[i]; }" },
        { "float", "{ float g = grad[i] + decay * w[i]; m[i] = a * m[i] + (1 - a) * g; v[i] = b * v[i] + (1 - b) * g * g; w[i] -= lr * (m[i] / (1 - a)) / (MathF.Sqrt(v[i] / (1 - b)) + eps); }" },
        { "double", "{ m[i] += (1 - a) * (grad[i] - m[i]); v[i] -= (1 - b) * (v[i] - grad[i] * grad[i]); w[i] -= lr * m[i] / (Math.Sqrt(Math.Max(v[i], 0)) + eps); }" },
        { "float", "{ v[i] = MathF.Max(b * v[i], MathF.Abs(grad[i])); w[i] = w[i] * (1 - lr * decay) - lr * grad[i] / (v[i] + eps); }" },
        { "float", "{ m[i] = a * m[i] + (1 - a) * grad[i]; if (m[i] > 0) { w[i] -= lr; } else { w[i] += lr * 2; v[i] = b * v[i] + grad[i]; w[i] -= lr * v[i]; } }" },
        { "float", "{ float d = a * m[i] + (1 - a) * grad[i]; w[i] -= lr * MathF.Sign(d); m[i] = b * m[i] + (1 - b) * grad[i]; }" },
        { "float", "{ float step = lr; float parameter = Math.Clamp(grad[i], -step, step); float ahead; if (parameter < 0 || parameter > 0.01f) ahead = parameter * 3; else ahead = -parameter; w[i] -= ahead * step; }" },
        { "float", "{ w[i] -= lr * (grad[i] > 0 ? 1 : -1); }" },
        { "float", "{ m[i] = (float)(0.25 * 3) * m[i] + grad[i]; w[i] -= lr * m[i]; }" },
        { "float", "{ w[i] *= 1 - lr * decay; m[i] = MathF.FusedMultiplyAdd(a, m[i], grad[i]); w[i] -= lr * (grad[i] + a * m[i]); }" },
    };

    [Theory, MemberData(nameof(Bits))]
    public async Task Class_GivesTheBitsOfTheLoop(string type, string body)
    {
        string before = $$"""
            using System;
            using OptimGen;
            internal static class Loop
            {
                public static void Run({{type}}[] w, {{type}}[] grad, {{type}}[] m, {{type}}[] v, {{type}} lr, {{type}} a, {{type}} b, {{type}} eps, {{type}} decay)
                {
                    for (int i = 0; i < w.Length; i++) {{body}}
                }
            }
            """;
        using LoadedProject project = Load(await CodeFixTest.ApplyCodeFixAsync<DeclareLoopFix>(before, Declare));
        if (type == "float")
        {
            RequireSameBits<float>(project);
        }
        else
        {
            RequireSameBits<double>(project);
        }
    }

    private static void RequireSameBits<T>(LoadedProject project)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Length = 133;
        T[] w = Typed<T>(1), m = new T[Length], v = new T[Length];
        var parameters = new ParameterSet<T>();
        Parameter<T> parameter = parameters.Add("w", Length);
        w.CopyTo(parameter.Values);
        Optimizer<T> optimizer = project.Create("WRule", parameters);
        double[] scalars = [0.03, 0.9, 0.97, 1e-6, 0.01];
        foreach ((string name, double value) in new[] { "Lr", "A", "B", "Eps", "Decay" }.Zip(scalars).Where(one => optimizer.Definition.Hyperparameters.Any(known => known.Name == one.First)))
        {
            optimizer.SetHyperparameter(name, value);
        }

        for (int step = 0; step < 6; step++)
        {
            T[] gradients = Typed<T>(step + 2);
            gradients.CopyTo(parameter.Gradients);
            project.Call("Loop", "Run", [w, gradients, m, v, .. scalars.Select(one => (object)T.CreateTruncating(one))]);
            optimizer.Step();
            Assert.Equal(w, parameter.Values.ToArray());
            foreach (StateDefinition state in optimizer.Definition.States)
            {
                Assert.Equal(state.Name == "m" ? m : v, optimizer.GetState(parameter, state.Name).ToArray());
            }
        }

        static TElement[] Typed<TElement>(int seed)
            where TElement : unmanaged, System.Numerics.INumberBase<TElement> => [.. Numbers(Length, seed).Select(TElement.CreateTruncating)];
    }

    private static float[] Numbers(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() * 2 - 1)];
    }

    private static LoadedProject Load(string source) => new(GeneratorTest.Run(source));
}
