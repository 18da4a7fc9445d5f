namespace OptimGen.Tests.CriticalPoints;

/// <summary>Objectives whose gradients have noise far above rounding, or structure far finer than the parameters: errors are stated, not hidden.</summary>
public class NoisyObjectiveTests
{
    /// <summary>Gradients with errors of 10⁻¹ to 10⁻⁹ that depend on every bit of the parameters, as those of a coarse solver would.</summary>
    [Fact]
    public void Noise_IsInTheStatedErrors()
    {
        var relativeErrors = new List<double>();
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            string kind = RandomSpectra.Kinds[seed % (RandomSpectra.Kinds.Length - 1)];
            int n = seed % 10 == 0 ? random.Next(130, 300) : random.Next(2, 40);
            double noise = Math.Pow(10, -8 * random.NextDouble() - 1);
            var function = new KnownFunction<double>(RandomSpectra.Draw(kind, n, random), random, third: 2 * random.NextDouble(), fourth: 2 * random.NextDouble());
            // The noise hides whether the point is critical, so the tolerance is wide.
            var options = new CriticalPointOptions<double> { Seed = seed, EigenvalueCount = Math.Min(n, 2), MaxLanczosSteps = 60, GradientTolerance = 10 };
            CriticalPointAnalysis<double> point = CriticalPoint.Analyze(function.Parameters, WithNoise, new MiniBatch([0]), options);
            Assert.All(KnownPoint.Failures(point, function.Spectrum, options), failure => Assert.Fail($"{seed} ({kind}, n = {n}, noise {noise:G2}): {failure}"));
            relativeErrors.Add(point.Largest[0].Error / function.Spectrum.Max(Math.Abs));

            double WithNoise(ParameterSet<double> set, MiniBatch batch)
            {
                double cost = function.Objective(set, batch);
                ulong hash = 1;
                foreach (Parameter<double> parameter in set)
                {
                    foreach (double value in parameter.Values)
                    {
                        hash = Mix(hash ^ BitConverter.DoubleToUInt64Bits(value));
                    }
                }

                foreach (Parameter<double> parameter in set)
                {
                    foreach (ref double gradient in parameter.Gradients)
                    {
                        hash = Mix(hash);
                        gradient += noise * (2.0 * (hash >> 11) / (1L << 53) - 1);
                    }
                }

                return cost;
            }
        }

        // Bounds that hold by being huge would say nothing.
        Assert.InRange(relativeErrors.Order().ElementAt(relativeErrors.Count / 2), 1e-6, 0.1);

        static ulong Mix(ulong x) => new SplitMix64(x).Next();
    }

    /// <summary>Σcᵢ·cos(k(xᵢ − x₀))/k², whose Hessian at x₀ is −cᵢ, with waves much shorter than the parameters are large.</summary>
    [Theory]
    [InlineData(10, 1)]
    [InlineData(1e3, 30)]
    [InlineData(1e6, 1)]
    [InlineData(1e6, 30)]
    public void ShortWaves_AreResolved(double k, double x0)
    {
        const int N = 30;
        foreach (int limit in new[] { 0, 128 })
        {
            var parameters = new ParameterSet<double>();
            Parameter<double> x = parameters.Add("x", N);
            x.Values.Fill(x0);
            var options = new CriticalPointOptions<double> { EigenvalueCount = 1, FullHessianLimit = limit };
            CriticalPointAnalysis<double> point = CriticalPoint.Analyze(parameters, Objective, new MiniBatch([0]), options);
            Assert.Empty(KnownPoint.Failures(point, [.. Enumerable.Range(0, N).Select(i => -1.0 - i % 7)], options));
            Assert.InRange(point.Largest[0].Error, 0, 0.05);

            double Objective(ParameterSet<double> set, MiniBatch batch)
            {
                double cost = 0;
                for (int i = 0; i < N; i++)
                {
                    double c = 1 + i % 7, phase = k * (x.Values[i] - x0);
                    cost += c * Math.Cos(phase) / (k * k);
                    x.Gradients[i] -= c * Math.Sin(phase) / k;
                }

                return cost;
            }
        }
    }
}
