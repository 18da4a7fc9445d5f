using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace OptimGen.Tests.CriticalPoints;

public class KnownPointTests
{
    private static MiniBatch One => new([0]);

    [Fact]
    public void Rosenbrock_HasItsMinimum_InBothPrecisions()
    {
        double root = Math.Sqrt(1002.0 * 1002 - 4 * 400);
        Check<double>(1e-9);
        Check<float>(0.05);

        void Check<T>(double accuracy)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            (ParameterSet<T> parameters, Objective<T> objective) = KnownPoints.Of<T>([1, 1], KnownPoints.Rosenbrock);
            CriticalPointAnalysis<T> point = CriticalPoint.Analyze(parameters, objective, One);
            Assert.Equal(CriticalPointVerdict.Minimum, point.Verdict);
            Assert.Equal((1002 - root) / 2, point.Smallest[0].Value, point.Smallest[0].Error);
            Assert.Equal((1002 + root) / 2, point.Largest[0].Value, point.Largest[0].Error);
            Assert.InRange(point.Smallest[0].Error, 0, accuracy);
        }
    }

    [Fact]
    public void ElsewhereOnRosenbrock_ItIsNotCritical()
    {
        (ParameterSet<double> parameters, Objective<double> objective) = KnownPoints.Of<double>([-1.2, 1], KnownPoints.Rosenbrock);
        CriticalPointAnalysis<double> point = CriticalPoint.Analyze(parameters, objective, One);
        Assert.Equal(CriticalPointVerdict.NotCritical, point.Verdict);
        Assert.Equal(24.2, point.Cost, 1e-12);
        Assert.Equal(Math.Sqrt(215.6 * 215.6 + 88 * 88), point.GradientNorm, 1e-9);
    }

    [Fact]
    public void TwoWeights_AreASaddle_WithTheDiagonalsAsEigenvectors()
    {
        (ParameterSet<float> parameters, Objective<float> objective) = KnownPoints.Of<float>([0, 0], KnownPoints.TwoWeights);
        CriticalPointAnalysis<float> point = CriticalPoint.Analyze(parameters, objective, One);
        Assert.Equal(CriticalPointVerdict.Saddle, point.Verdict);
        Assert.Equal(-6, point.Smallest[0].Value, point.Smallest[0].Error);
        Assert.Equal(6, point.Largest[0].Value, point.Largest[0].Error);
        Assert.InRange(point.Largest[0].Error, 0, 1e-3);
        Span<double> down = point.Smallest[0].Vector[parameters["x"]];
        Assert.Equal(Math.Sqrt(0.5), Math.Abs(down[0]), 1e-4);
        Assert.Equal(down[0], down[1], 1e-4);
    }

    [Fact]
    public void MonkeySaddle_IsFlatToSecondOrder()
    {
        (ParameterSet<double> parameters, Objective<double> objective) = KnownPoints.Of<double>([0, 0], KnownPoints.MonkeySaddle);
        Assert.Equal(CriticalPointVerdict.Plateau, CriticalPoint.Analyze(parameters, objective, One).Verdict);
    }

    /// <summary>x² + y⁴ is a minimum that second derivatives cannot tell.</summary>
    [Fact]
    public void AQuarticDirection_IsDegenerate()
    {
        (ParameterSet<double> parameters, Objective<double> objective) =
            KnownPoints.Of<double>([0, 0], x => (x[0] * x[0] + Math.Pow(x[1], 4), [2 * x[0], 4 * x[1] * x[1] * x[1]]));
        Assert.Equal(CriticalPointVerdict.Degenerate, CriticalPoint.Analyze(parameters, objective, One).Verdict);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(0)]
    public void DeepLinearNetwork_HasTheSingularValues_AtTheOrigin(int fullHessianLimit)
    {
        const int P = 7;
        var random = new Random(3);
        var a = new double[P, P];
        for (int i = 0; i < P * P; i++)
        {
            a[i / P, i % P] = random.NextDouble() - 0.5;
        }

        double[] singular = [.. Matrix<double>.Build.DenseOfArray(a).Svd().S];
        (ParameterSet<double> parameters, Objective<double> objective) = KnownPoints.Of<double>(new double[2 * P * P], w => KnownPoints.DeepLinear(a, w));
        var options = new CriticalPointOptions<double> { EigenvalueCount = 8, FullHessianLimit = fullHessianLimit };
        CriticalPointAnalysis<double> point = CriticalPoint.Analyze(parameters, objective, One, options);
        Assert.Equal(CriticalPointVerdict.Saddle, point.Verdict);
        Assert.Equal(singular[0], point.Largest[0].Value, point.Largest[0].Error);
        Assert.Equal(-singular[0], point.Smallest[0].Value, point.Smallest[0].Error);
        Assert.InRange(point.Largest[0].Error, 0, 1e-9);
        if (fullHessianLimit > 0)
        {
            // Each P times.
            Assert.Equal(singular[0], point.Largest[P - 1].Value, point.Largest[0].Error);
            Assert.Equal(singular[1], point.Largest[P].Value, point.Largest[0].Error);
        }
    }

    [Fact]
    public void AGroup_IsAnalyzedAlone()
    {
        var parameters = new ParameterSet<double>();
        ParameterGroup<double> group = parameters.AddGroup("second");
        parameters.Add("a", 2);
        group.Add("b", 3);
        CriticalPointOptions<double> options = new() { Group = group, EigenvalueCount = 3 };
        CriticalPointAnalysis<double> point = CriticalPoint.Analyze(parameters, Objective, One, options);
        Assert.Equal(CriticalPointVerdict.Minimum, point.Verdict);
        Assert.Equal(3, point.Dimension);
        Assert.Equal([1.0, 2, 3], point.Smallest.Select(one => Math.Round(one.Value, 9)));
        Assert.Equal(CriticalPointVerdict.Saddle, CriticalPoint.Analyze(parameters, Objective, One).Verdict);
        Assert.Equal("b", Assert.Single(point.Smallest[0].Vector.Parameters).Name);
        Assert.Throws<ArgumentException>(() => point.Smallest[0].Vector[parameters["a"]].Length);

        static double Objective(ParameterSet<double> set, MiniBatch batch)
        {
            double cost = 0;
            double[] curvatures = [-1, 4, 1, 2, 3];
            int i = 0;
            foreach (Parameter<double> parameter in set)
            {
                for (int k = 0; k < parameter.Length; k++, i++)
                {
                    cost += curvatures[i] * parameter.Values[k] * parameter.Values[k] / 2;
                    parameter.Gradients[k] += curvatures[i] * parameter.Values[k];
                }
            }

            return cost;
        }
    }

    /// <summary>Gradients that are computed in the element type, with its rounding errors, over dense matrices; the oracle is MathNet.Numerics.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    public void DenseQuadraticForms_AreWithinTheirErrors(int fullHessianLimit)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Check<float>(seed);
            Check<double>(seed);
        }

        void Check<T>(int seed)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var random = new Random(seed);
            int n = random.Next(2, 50);
            var form = new DenseForm<T>(n, random);
            var options = new CriticalPointOptions<T> { FullHessianLimit = fullHessianLimit, EigenvalueCount = Math.Min(n, 2), Seed = seed };
            CriticalPointAnalysis<T> point = CriticalPoint.Analyze(form.Parameters, form.Objective, One, options);
            // At x the gradient is Ax, and so not 0; the Hessian is the same everywhere.
            Assert.All(KnownPoint.Failures(point with { Verdict = CriticalPointVerdict.Undecided }, form.Eigenvalues, options), failure => Assert.Fail($"{typeof(T)} {seed} n = {n}: {failure}"));
            double size = form.Eigenvalues.Max(Math.Abs);
            Assert.InRange(point.Largest[0].Error, 0, (typeof(T) == typeof(float) ? 1e-3 : 1e-11) * size);
        }
    }

    /// <summary>By Lanczos's method and by the whole Hessian, of a perceptron in both precisions.</summary>
    [Fact]
    public void APerceptron_HasTheSameEnds_ByBothMethodsAndInBothPrecisions()
    {
        CriticalPointAnalysis<double> full = Analyze<double>(1000), lanczos = Analyze<double>(0);
        CriticalPointAnalysis<float> single = Analyze<float>(1000), singleLanczos = Analyze<float>(0);
        Assert.True(full.UsesFullHessian && !lanczos.UsesFullHessian);
        RequireSame(full.Largest[0], lanczos.Largest[0]);
        RequireSame(full.Smallest[0], lanczos.Smallest[0]);
        RequireSame(full.Largest[0], single.Largest[0]);
        RequireSame(full.Smallest[0], single.Smallest[0]);
        RequireSame(full.Largest[0], singleLanczos.Largest[0]);
        Assert.InRange(full.Largest[0].Error, 0, 1e-7 * full.Largest[0].Value);
        Assert.InRange(single.Largest[0].Error, 0, 1e-2 * full.Largest[0].Value);

        static CriticalPointAnalysis<T> Analyze<T>(int limit)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var network = new TanhNetwork<T>();
            return CriticalPoint.Analyze(network.Parameters, network.Objective, new MiniBatch(TanhNetwork<T>.AllExamples), new CriticalPointOptions<T> { FullHessianLimit = limit });
        }

        static void RequireSame<TOne, TOther>(HessianEigenvalue<TOne> one, HessianEigenvalue<TOther> other)
            where TOne : unmanaged, IBinaryFloatingPointIeee754<TOne>
            where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> => Assert.Equal(one.Value, other.Value, one.Error + other.Error);
    }

    [Fact]
    public void ExactProducts_AreUsed_AndCompared()
    {
        double[] spectrum = [-2, 1, 5, 9];
        (ParameterSet<double> parameters, Objective<double> objective) =
            KnownPoints.Of<double>([0, 0, 0, 0], x => (x.Select((value, i) => spectrum[i] * value * value / 2).Sum(), [.. x.Select((value, i) => spectrum[i] * value)]));
        int calls = 0;
        CriticalPointAnalysis<double> point = Analyze(1);
        Assert.InRange(calls, 4, 100);
        Assert.Equal(CriticalPointVerdict.Saddle, point.Verdict);
        Assert.Equal(9, point.Largest[0].Value, point.Largest[0].Error);
        Assert.InRange(point.Largest[0].Error, 0, 1e-13);
        Assert.Contains("HessianVectorProduct", Assert.Throws<InvalidOperationException>(() => Analyze(1.5)).Message, StringComparison.Ordinal);
        Assert.Contains("not finite", Assert.Throws<InvalidOperationException>(() => Analyze(double.NaN)).Message, StringComparison.Ordinal);

        CriticalPointAnalysis<double> Analyze(double factor) => CriticalPoint.Analyze(parameters, objective, One, new CriticalPointOptions<double>
        {
            HessianVectorProduct = (set, _, direction, product) =>
            {
                calls++;
                for (int i = 0; i < 4; i++)
                {
                    product[set["x"]][i] = factor * spectrum[i] * direction.Elements[i];
                }
            },
        });
    }
}
