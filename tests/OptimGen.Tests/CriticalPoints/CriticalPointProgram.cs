using System.Security.Cryptography;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>Prints a checksum of all bits that analyses of known functions compute.</summary>
internal static class CriticalPointProgram
{
    public static int Run()
    {
        var bits = new List<byte>();
        foreach (int n in new[] { 37, 300 })
        {
            var function = new KnownFunction<float>(RandomSpectra.Draw("mixed", n, new Random(n)), new Random(1), third: 1, fourth: 2);
            CriticalPointAnalysis<float> point = CriticalPoint.Analyze(function.Parameters, function.Objective, new MiniBatch([0]));
            foreach (HessianEigenvalue<float> one in point.Smallest.Concat(point.Largest))
            {
                Add([one.Value, one.Residual, one.ProductError, .. one.Vector.Elements]);
            }

            HessianSpectrum spectrum = CriticalPoint.Spectrum(function.Parameters, function.Objective, new MiniBatch([0]), new() { MaxLanczosSteps = 30, SpectrumProbes = 4 });
            (double density, double error) = spectrum.Density(0.1, 0.2);
            Add([point.SpectrumLow, point.SpectrumHigh, point.GradientNoise, spectrum.Trace, spectrum.TraceStandardError, density, error]);
        }

        Console.WriteLine(Convert.ToHexString(SHA256.HashData([.. bits])));
        return 0;

        void Add(double[] values) => bits.AddRange(values.SelectMany(BitConverter.GetBytes));
    }
}
