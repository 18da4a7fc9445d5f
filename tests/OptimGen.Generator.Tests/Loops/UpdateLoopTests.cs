using Microsoft.CodeAnalysis;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests.Loops;

/// <summary>Which loops are suggested to be declared as rules, and which are something else.</summary>
public class UpdateLoopTests
{
    /// <summary>Loops as people write them, each with what its parameter and gradient are called.</summary>
    public static TheoryData<string> Rules =>
    [
        "w[i] -= lr * grad[i];",
        "w[i] = w[i] - lr * grad[i];",
        "{ float step = lr * grad[i]; w[i] -= step; }",
        "{ m[i] = a * m[i] + grad[i]; w[i] -= lr * m[i]; }",
        "{ m[i] = a * m[i] + lr * grad[i]; w[i] -= m[i]; }",
        "{ m[i] = a * m[i] + (1 - a) * grad[i]; v[i] = b * v[i] + (1 - b) * grad[i] * grad[i]; w[i] -= lr * m[i] / (MathF.Sqrt(v[i]) + 1e-8f); }",
        "{ m[i] += (1 - a) * (grad[i] - m[i]); v[i] -= (1 - b) * (v[i] - grad[i] * grad[i]); w[i] -= lr * m[i] / (MathF.Sqrt(v[i]) + eps); }",
        "{ float g = grad[i] + decay * w[i]; m[i] = a * m[i] + g; w[i] -= lr * m[i]; }",
        "{ v[i] += grad[i] * grad[i]; w[i] -= lr / (MathF.Sqrt(v[i]) + eps) * grad[i]; }",
        "{ v[i] = MathF.Max(b * v[i], MathF.Abs(grad[i])); w[i] = w[i] * (1 - lr * decay) - lr * grad[i] / v[i]; }",
        "{ m[i] = a * m[i] + (1 - a) * grad[i]; if (m[i] > 0) { w[i] -= lr; } else { w[i] += lr; } }",
        "{ float d = a * m[i] + (1 - a) * grad[i]; m[i] = b * m[i] + (1 - b) * grad[i]; w[i] -= lr * MathF.Sign(d); }",
        "{ float g = Math.Clamp(grad[i], -1, 1); w[i] -= lr * g; }",
        "{ float g = grad[i] > 0 ? 1 : -1; w[i] -= lr * g; }",
    ];

    /// <summary>Arithmetic on arrays that is no descent, or that a rule cannot have.</summary>
    public static TheoryData<string> OtherLoops =>
    [
        "w[i] = grad[i] + m[i];",
        "w[i] *= lr;",
        "w[i] -= m[i];",
        "w[i] -= grad[i];",
        "w[i] -= a * m[i];",
        "w[i] += lr * grad[i];",
        "w[i] -= lr * grad[i] * m[i];",
        "w[i] -= lr * grad[i - 1];",
        "w[i] -= lr * grad[0];",
        "w[i] -= lr * grad[i] * i;",
        "{ w[i] -= lr * grad[i]; grad[i] = 0; }",
        "{ w[i] -= lr * grad[i]; Count(i); }",
        "{ w[i] -= lr * Noise(grad[i]); }",
        "{ w[i] -= lr * MathF.Exp(grad[i]); }",
        "{ if (grad[i] == 0) { continue; } w[i] -= lr * grad[i]; }",
        "{ if (grad[i] == 0) { break; } w[i] -= lr * grad[i]; }",
        "{ w[i] -= lr * grad[i]; lr *= 0.5f; }",
        "{ w[i] -= lr * grad[i]; sum += grad[i]; }",
        "{ w[i] -= (float)(precise * grad[i]); }",
        "{ m[i] = lr * grad[i]; w[i] -= m[i]; }",
        "{ w[i] -= lr * grad[i]; v[i] = w[i]; }",
        "{ v[i] = b * v[i] + grad[i]; w[i] -= lr * grad[i]; }",
        "w[i] -= w[i] * lr;",
        "list[i] -= lr * grad[i];",
        "w[i] -= lr * Rate * grad[i];",
        "w[i]--;",
        "w[i++] -= lr * grad[i];",
        "for (int j = 0; j < n; j++) { w[i] -= lr * grad[i]; }",
    ];

    [Theory, MemberData(nameof(Rules))]
    public void Rule_IsSuggested(string body) => Assert.Equal(
        ["OPTG039 at `for (int i = 0; i < w.Length; i++)`: The loop moves 'w' along 'grad' by a rule of single elements; declare the rule as an optimizer, which gets vectorized kernels"],
        Found($"for (int i = 0; i < w.Length; i++) {body}"));

    [Theory, MemberData(nameof(OtherLoops))]
    public void OtherLoop_IsNot(string body) => Assert.Empty(Found($"for (int i = 0; i < w.Length; i++) {body}"));

    [Theory]
    [InlineData("for (int i = 0; i < n; ++i)", true)]
    [InlineData("for (var i = 0; i < this.bias.Length; i++)", true)]
    [InlineData("for (int i = 1; i < n; i++)", false)]
    [InlineData("for (int i = 0; i <= n; i++)", false)]
    [InlineData("for (int i = 0; i < n; i += 2)", false)]
    [InlineData("for (int i = n - 1; i >= 0; i--)", false)]
    [InlineData("for (int i = 0; i < n - 1; i++)", false)]
    [InlineData("for (int i = 0; i < Next(); i++)", false)]
    [InlineData("for (int i = 0, j = 0; i < n; i++)", false)]
    [InlineData("for (long i = 0; i < n; i++)", false)]
    public void Header_GoesOverEveryElement(string header, bool isRule) => Assert.Equal(isRule, Found($"{header} w[i] -= lr * grad[i];").Length == 1);

    [Theory]
    [InlineData("Span<float> p = w; ReadOnlySpan<float> g = grad; for (int i = 0; i < p.Length; i++) p[i] -= lr * g[i];")]
    [InlineData("Memory<float> p = w, g = grad; for (int i = 0; i < p.Length; i++) p.Span[i] -= lr * g.Span[i];")]
    [InlineData("for (int l = 0; l < layers.Length; l++) for (int i = 0; i < layers[l].Length; i++) layers[l][i] -= lr * grads[l][i];")]
    [InlineData("for (int i = 0; i < bias.Length; i++) bias[i] -= this.learningRate * this.dbias[i];")]
    [InlineData("double[] p = new double[3], g = new double[3]; for (int i = 0; i < 3; i++) p[i] -= precise * g[i];")]
    [InlineData("double[] p = new double[3], g = new double[3]; for (int i = 0; i < 3; i++) p[i] -= precise * lr * g[i];", false)]
    [InlineData("double[] p = new double[3], grads = new double[3]; for (int i = 0; i < 3; i++) p[i] -= 0.5 * grads[i];")]
    [InlineData("var set = new ParameterSet<float>(); for (int i = 0; i < set[0].Length; i++) set[0].Values[i] -= lr * set[0].Gradients[i];", false)]
    [InlineData("Parameter<float> one = new ParameterSet<float>().Add(\"a\", 3); for (int i = 0; i < one.Length; i++) one.Values[i] -= lr * one.Gradients[i];")]
    [InlineData("for (int i = 0; i < n; i++) w[i] -= lr * other[i];")]
    [InlineData("for (int i = 0; i < n; i++) w[i] -= a * dw[i];")]
    [InlineData("for (int i = 0; i < n; i++) r[i] -= a * other[i];", false)]
    public void Streams_AreArraysSpansAndMemory(string statements, bool isRule = true) => Assert.Equal(isRule ? 1 : 0, Found(statements).Length);

    [Fact]
    public void GeneratedCode_AndPragmas_AreRespected() => Assert.Empty(Found(
        "#pragma warning disable OPTG039\n for (int i = 0; i < n; i++) w[i] -= lr * grad[i];\n#pragma warning restore OPTG039\n"));

    internal static string[] Found(string statements)
    {
        Compilation project = new GeneratorTest { ChecksRules = true }.Compile($$"""
            using System; using System.Collections.Generic; using OptimGen;
            internal sealed class Model
            {
                private float[] bias = new float[3], dbias = new float[3];
                private float[][] layers = [], grads = [];
                private float learningRate = 0.1f;
                private float Rate { get { return learningRate++; } set { learningRate = value; } }
                private static int Next() => 1;
                private static void Count(int i) { }
                private static float Noise(float x) => x + Environment.TickCount;
                internal void Step(float[] w, float[] grad, float[] m, float[] v, float[] dw, float[] r, float[] other, List<float> list, float lr, float a, float b, float eps, float decay, double precise, int n, float sum)
                {
                    {{statements}}
                }
            }
            """);
        Assert.DoesNotContain(project.GetDiagnostics(), one => one.Severity == DiagnosticSeverity.Error && one.Id.StartsWith("CS", StringComparison.Ordinal) && one.DefaultSeverity == DiagnosticSeverity.Error);
        return [.. GeneratorTest.Diagnose(project).Where(one => one.Id.StartsWith("OPTG", StringComparison.Ordinal) || one.Id == "AD0001").Select(GeneratorTest.Format)];
    }
}
