using System.Buffers;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>Values and gradients are the same to the bit after every analysis, however it ends, and what cannot be analyzed is one clear error.</summary>
public class RestoreTests
{
    private static readonly double[] Spectrum = [.. Enumerable.Range(0, 20).Select(i => i - 3.5)];

    private static MiniBatch One => new([0]);

    [Theory]
    [InlineData(128)]
    [InlineData(0)]
    public void AnObjectiveThatThrows_LeavesEverythingAsItWas_AtEveryCall(int fullHessianLimit)
    {
        var options = new CriticalPointOptions<float> { FullHessianLimit = fullHessianLimit };
        KnownFunction<float> function = Function();
        int all = CriticalPoint.Analyze(function.Parameters, function.Objective, One, options).Evaluations;
        for (int last = 1; last <= all; last += 1 + last / 8)
        {
            int calls = 0;
            var failure = new InvalidDataException("example 3 is missing");
            float[][] before = Bits(function.Parameters);
            Assert.Same(failure, Assert.Throws<InvalidDataException>(() => CriticalPoint.Analyze(
                function.Parameters, (set, batch) => ++calls == last ? throw failure : function.Objective(set, batch), One, options)));
            RequireSameBits(before, function.Parameters);
        }
    }

    [Fact]
    public void Cancellation_LeavesEverythingAsItWas()
    {
        KnownFunction<float> function = Function();
        foreach (int last in new[] { 0, 1, 2, 30, 100 })
        {
            using var cancellation = new CancellationTokenSource();
            int calls = 0;
            if (last == 0)
            {
                cancellation.Cancel();
            }

            float[][] before = Bits(function.Parameters);
            Assert.Throws<OperationCanceledException>(() => CriticalPoint.Analyze(function.Parameters, Objective, One, new CriticalPointOptions<float> { CancellationToken = cancellation.Token }));
            Assert.Equal(last, calls);
            RequireSameBits(before, function.Parameters);

            double Objective(ParameterSet<float> set, MiniBatch batch)
            {
                if (++calls == last)
                {
                    cancellation.Cancel();
                }

                return function.Objective(set, batch);
            }
        }
    }

    [Theory]
    [InlineData(1, double.NaN, false)]
    [InlineData(2, double.PositiveInfinity, false)]
    [InlineData(40, double.NaN, false)]
    [InlineData(1, double.NaN, true)]
    [InlineData(40, double.NegativeInfinity, true)]
    public void WhatIsNotFinite_IsOneError_ThatNamesIt(int from, double value, bool inGradient)
    {
        KnownFunction<float> function = Function();
        float[][] before = Bits(function.Parameters);
        int calls = 0;
        var error = Assert.Throws<InvalidOperationException>(() => CriticalPoint.Analyze(function.Parameters, Objective, One));
        Assert.Contains(inGradient ? "gradient of parameter 'second' at [2] is" : "The cost is", error.Message, StringComparison.Ordinal);
        RequireSameBits(before, function.Parameters);

        double Objective(ParameterSet<float> set, MiniBatch batch)
        {
            double cost = function.Objective(set, batch);
            if (++calls < from)
            {
                return cost;
            }

            set["second"].Gradients[2] = inGradient ? (float)value : 0;
            return inGradient ? cost : value;
        }
    }

    /// <summary>A logarithm is not finite on the other side of 0; the steps are shortened until they stay on this one.</summary>
    [Fact]
    public void ANearbySingularity_ShortensTheSteps()
    {
        const double X = 1e-4;
        (ParameterSet<double> parameters, Objective<double> objective) =
            KnownPoints.Of<double>([X, 3], x => (x[0] / X - Math.Log(x[0]) + x[1] * x[1], [1 / X - 1 / x[0], 2 * x[1]]));
        CriticalPointAnalysis<double> point = CriticalPoint.Analyze(parameters, objective, One);
        Assert.Equal(1 / (X * X), point.Largest[0].Value, point.Largest[0].Error);
        Assert.InRange(point.Largest[0].Error, 0, 1e-3 / (X * X));
    }

    [Theory]
    [InlineData(2, "cost")]
    [InlineData(2, "gradient of parameter 'first'")]
    [InlineData(int.MaxValue, "cost")]
    public void AnObjectiveThatIsNotDeterministic_IsRefused(int changesAt, string named)
    {
        KnownFunction<float> function = Function();
        int all = CriticalPoint.Analyze(function.Parameters, function.Objective, One).Evaluations, calls = 0;
        float[][] before = Bits(function.Parameters);
        var error = Assert.Throws<InvalidOperationException>(() => CriticalPoint.Analyze(function.Parameters, Objective, One));
        Assert.Contains("not deterministic", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        RequireSameBits(before, function.Parameters);

        double Objective(ParameterSet<float> set, MiniBatch batch)
        {
            double cost = function.Objective(set, batch);
            bool changes = ++calls == Math.Min(changesAt, all);
            set["first"].Gradients[1] += changes && named != "cost" ? 1e-3f : 0;
            return changes && named == "cost" ? cost + 1e-9 : cost;
        }
    }

    [Fact]
    public void WrappedMemory_IsPutBack_AndReleasedMemoryIsNamed()
    {
        float[] values = [0.5f, -0.25f, 1], gradients = [7, 8, float.NaN];
        using var foreign = new Foreign([1, 2]);
        var parameters = new ParameterSet<float>();
        parameters.Wrap("body", values, gradients);
        parameters.Wrap("head", foreign.Memory, new float[2]);
        bool disposes = false;
        CriticalPointAnalysis<float> point = CriticalPoint.Analyze(parameters, Objective, One);
        Assert.Equal((5, 1.0), (point.Dimension, Math.Round(point.Smallest[0].Value, 3)));
        Assert.Equal([0.5f, -0.25f, 1], values);
        Assert.Equal([7, 8, float.NaN], gradients);

        disposes = true;
        Assert.ThrowsAny<Exception>(() => CriticalPoint.Analyze(parameters, Objective, One));
        // What can still be put back, is.
        Assert.Equal([0.5f, -0.25f, 1], values);
        Assert.Equal([7, 8, float.NaN], gradients);
        Assert.Contains("'head'", Assert.Throws<InvalidOperationException>(() => CriticalPoint.Analyze(parameters, Objective, One)).Message, StringComparison.Ordinal);

        double Objective(ParameterSet<float> set, MiniBatch batch)
        {
            double cost = 0;
            foreach (Parameter<float> parameter in set)
            {
                for (int i = 0; i < parameter.Length; i++)
                {
                    cost += parameter.Values[i] * parameter.Values[i] / 2;
                    parameter.Gradients[i] += parameter.Values[i];
                }
            }

            if (disposes)
            {
                ((IDisposable)foreign).Dispose();
            }

            return cost;
        }
    }

    [Fact]
    public void BadInput_NamesTheArgumentAndTheValue()
    {
        KnownFunction<float> function = Function();
        ParameterSet<float> parameters = function.Parameters;
        float[][] before = Bits(parameters);
        RequireRefused<ArgumentOutOfRangeException>("EigenvalueCount is 21; it must be at least 1 and at most 20", new() { EigenvalueCount = 21 });
        RequireRefused<ArgumentOutOfRangeException>("EigenvalueCount is 0", new() { EigenvalueCount = 0 });
        RequireRefused<ArgumentOutOfRangeException>("FullHessianLimit is -1", new() { FullHessianLimit = -1 });
        RequireRefused<ArgumentOutOfRangeException>("MaxLanczosSteps is 1", new() { MaxLanczosSteps = 1 });
        RequireRefused<ArgumentOutOfRangeException>("GradientTolerance is NaN", new() { GradientTolerance = double.NaN });
        RequireRefused<ArgumentOutOfRangeException>("CurvatureTolerance is 1", new() { CurvatureTolerance = 1 });
        RequireRefused<ArgumentOutOfRangeException>("SpectrumProbes is 1", new() { SpectrumProbes = 1 });
        RequireRefused<ArgumentException>("The group 'empty' has no parameters", new() { Group = parameters.AddGroup("empty") });
        RequireRefused<ArgumentException>("The group 'other' is one of another parameter set", new() { Group = new ParameterSet<float>().AddGroup("other") });
        Assert.Equal("parameters", Assert.Throws<ArgumentException>(() => CriticalPoint.Analyze(new ParameterSet<float>(), function.Objective, One)).ParamName);
        Assert.Equal("parameters", Assert.Throws<ArgumentNullException>(() => CriticalPoint.Analyze<float>(null!, function.Objective, One)).ParamName);
        Assert.Equal("objective", Assert.Throws<ArgumentNullException>(() => CriticalPoint.Analyze(parameters, null!, One)).ParamName);
        Assert.Equal("batch", Assert.Throws<ArgumentException>(() => CriticalPoint.Analyze(parameters, function.Objective, default)).ParamName);
        parameters["second"].Values[3] = float.NaN;
        Assert.Contains("'second' at [3] is NaN", Assert.Throws<InvalidOperationException>(() => CriticalPoint.Analyze(parameters, function.Objective, One)).Message, StringComparison.Ordinal);
        parameters["second"].Values[3] = before[1][3];
        RequireSameBits(before, parameters);

        void RequireRefused<TException>(string message, CriticalPointOptions<float> options)
            where TException : Exception =>
            Assert.Contains(message, Assert.Throws<TException>(() => CriticalPoint.Analyze(parameters, (_, _) => throw new InvalidOperationException("Not to be called."), One, options)).Message, StringComparison.Ordinal);
    }

    /// <summary>Off the critical point, so that gradients differ from 0; with gradients of a NaN and a negative zero before.</summary>
    private static KnownFunction<float> Function()
    {
        var function = new KnownFunction<float>(Spectrum, new Random(1), third: 1, fourth: 1, offset: 1);
        foreach (Parameter<float> parameter in function.Parameters)
        {
            parameter.Values[0] += 0.25f;
            parameter.Gradients[0] = BitConverter.Int32BitsToSingle(0x7FC01234);
            parameter.Gradients[1] = -0f;
        }

        return function;
    }

    private static float[][] Bits(ParameterSet<float> parameters) =>
        [.. parameters.Select(parameter => parameter.Values.ToArray()), .. parameters.Select(parameter => parameter.Gradients.ToArray())];

    private static void RequireSameBits(float[][] before, ParameterSet<float> parameters) => Assert.Equal(
        before.SelectMany(one => one.Select(BitConverter.SingleToInt32Bits)), Bits(parameters).SelectMany(one => one.Select(BitConverter.SingleToInt32Bits)));

    private sealed class Foreign(float[] memory) : MemoryManager<float>
    {
        private float[]? memory = memory;

        public override Span<float> GetSpan() => memory ?? throw new ObjectDisposedException("the tensor");

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing) => memory = null;
    }
}
