using OptimGen.Tests.Training;

namespace OptimGen.Tests.CriticalPoints;

public class CostSurfaceTests
{
    private static MiniBatch One => new([0]);

    private static readonly CostSurfaceOptions Small = new() { Size = 9, Radius = 0.5, Seed = 3 };

    /// <summary>f = ½(−2x² + 3y² + …) over its eigenvectors of −2 and 9 is c + g·(xu + yv) + ½(9x² − 2y²), with the gradient g at the point.</summary>
    [Fact]
    public void OverEigenvectors_TheCostIsTheParabolaOfTheirEigenvalues()
    {
        var function = new KnownFunction<double>([-2, 0.5, 1, 3, 9], new Random(4));
        CriticalPointAnalysis<double> analysis = CriticalPoint.Analyze(function.Parameters, function.Objective, One);
        function.Parameters.ZeroGradients();
        function.Objective(function.Parameters, One);
        double slopeX = Slope(analysis.Largest[0].Vector), slopeY = Slope(analysis.Smallest[0].Vector);

        var surface = CostSurface.Extremes(function.Parameters, function.Objective, One, analysis, Small);

        Assert.Equal(9, analysis.Largest[0].Value, 1e-6);
        Assert.Equal(-2, analysis.Smallest[0].Value, 1e-6);
        for (int i = 0; i < 9; i++)
        {
            for (int j = 0; j < 9; j++)
            {
                (double x, double y) = (surface.X.Coordinates[i], surface.Y.Coordinates[j]);
                Assert.Equal(analysis.Cost + slopeX * x + slopeY * y + 4.5 * x * x - y * y, surface[i, j], 1e-7);
                Assert.Equal(surface[i, j], surface.Costs[j * 9 + i]);
            }
        }

        Assert.Equal([-0.5, -0.375, -0.25, -0.125, 0, 0.125, 0.25, 0.375, 0.5], surface.X.Coordinates);
        Assert.Equal(analysis.Cost, surface.Cost);
        Assert.Contains("9 ±", surface.X.Description, StringComparison.Ordinal);
        Assert.Contains("−2 ±", surface.Y.Description, StringComparison.Ordinal);

        double Slope(ParameterVector<double> direction)
        {
            double sum = 0;
            foreach (Parameter<double> parameter in function.Parameters)
            {
                for (int i = 0; i < parameter.Length; i++)
                {
                    sum += parameter.Gradients[i] * direction[parameter][i];
                }
            }

            return sum;
        }
    }

    /// <summary>Li and others: each row of a matrix moves by its own norm, and so does each kernel of a tensor and a whole vector; biases stay.</summary>
    [Fact]
    public void RandomDirections_MoveEachFilterByItsNorm_AndNoBias()
    {
        var parameters = new ParameterSet<double>();
        Parameter<double> matrix = parameters.Add("matrix", 3, 40), kernels = parameters.Add("kernels", 2, 3, 5), vector = parameters.Add("vector", 30);
        Parameter<double> bias = parameters.AddBias("bias", 3);
        var random = new Random(5);
        foreach (Parameter<double> parameter in parameters)
        {
            for (int i = 0; i < parameter.Length; i++)
            {
                parameter.Values[i] = random.NextDouble() + 0.1;
            }
        }

        matrix.Values.Slice(40, 40).Clear();
        double[][] start = [.. parameters.Select(parameter => parameter.Values.ToArray())];
        var moves = new List<double[][]>();
        CostSurface.Random(
            parameters,
            (set, _) =>
            {
                moves.Add([.. set.Select((parameter, p) => parameter.Values.ToArray().Select((value, i) => value - start[p][i]).ToArray())]);
                return 1;
            },
            One,
            new CostSurfaceOptions { Size = 3, Radius = 2 });

        // Twice at the point; then y = −2 and x = −2, 0, 2, and so on, without x = y = 0; and at the point again.
        Assert.Equal(2 + 8 + 1, moves.Count);
        Assert.All(new[] { moves[0], moves[1], moves[^1] }, move => Assert.All(move, part => Assert.All(part, value => Assert.Equal(0, value))));
        double[][] v = moves[3], u = moves[5];
        Assert.All(new[] { u, v }, direction =>
        {
            Assert.Equal(Norms(start[0], 3).Select(norm => 2 * norm), Norms(direction[0], 3), Near);
            Assert.Equal(Norms(start[1], 2).Select(norm => 2 * norm), Norms(direction[1], 2), Near);
            Assert.Equal(Norms(start[2], 1).Select(norm => 2 * norm), Norms(direction[2], 1), Near);
            Assert.All(direction[3], value => Assert.Equal(0, value));
            Assert.All(direction[0].Skip(40).Take(40), value => Assert.Equal(0, value));
        });
        // Two directions, and the corner is their sum. With 150 elements, their cosine has a standard deviation of 0.08.
        Assert.InRange(Math.Abs(Cosine(u[0], v[0])), 0, 0.5);
        Assert.All(Enumerable.Range(0, 120), i => Assert.Equal(u[0][i] + v[0][i], moves[2][0][i], 1e-12));

        static bool Near(double one, double other) => Math.Abs(one - other) <= 1e-12 * (1 + one);
    }

    [Fact]
    public void TheSeed_DecidesTheDirections_AndTheBitsAreTheSameEachTime()
    {
        var network = new TanhNetwork<float>();
        double[] Costs(long seed) =>
            [.. CostSurface.Random(network.Parameters, network.Objective, new MiniBatch(TanhNetwork<float>.AllExamples), Small with { Seed = seed }).Costs];

        double[] first = Costs(1);
        Assert.Equal(first, Costs(1));
        Assert.NotEqual(first, Costs(2));
        Assert.Equal(first[40], Costs(2)[40]);
    }

    /// <summary>An objective that leaves the gradients out gives the same surface.</summary>
    [Fact]
    public void Gradients_AreNotNeeded()
    {
        var network = new TanhNetwork<float>();
        int[] all = TanhNetwork<float>.AllExamples;
        var with = CostSurface.Random(network.Parameters, network.Objective, new MiniBatch(all), Small);
        var without = CostSurface.Random(
            network.Parameters,
            (set, batch) =>
            {
                double cost = network.Objective(set, batch);
                set.ZeroGradients();
                return cost;
            },
            new MiniBatch(all),
            Small);
        Assert.Equal(with.Costs, without.Costs);
    }

    [Fact]
    public void TheParameters_ArePutBackToTheBit_HoweverItEnds()
    {
        var network = new TanhNetwork<float>();
        float[][] before = Bits(network.Parameters);
        var failure = new InvalidDataException("example 3 is missing");
        foreach (int last in new[] { 1, 2, 3, 40, 83 })
        {
            int calls = 0;
            Assert.Same(failure, Assert.Throws<InvalidDataException>(() => Surface((set, batch) => ++calls == last ? throw failure : network.Objective(set, batch))));
            RequireSame(before, network.Parameters);

            using var cancellation = new CancellationTokenSource();
            calls = 0;
            Assert.ThrowsAny<OperationCanceledException>(() => Surface(
                (set, batch) =>
                {
                    if (++calls == last)
                    {
                        cancellation.Cancel();
                    }

                    // The last call has none after it that would see the cancellation.
                    return last == 83 ? throw new OperationCanceledException() : network.Objective(set, batch);
                },
                Small with { CancellationToken = cancellation.Token }));
            RequireSame(before, network.Parameters);
        }

        Surface(network.Objective);
        RequireSame(before, network.Parameters);

        CostSurface Surface(Objective<float> objective, CostSurfaceOptions? options = null) =>
            CostSurface.Random(network.Parameters, objective, new MiniBatch(TanhNetwork<float>.AllExamples), options ?? Small);
    }

    [Theory]
    [InlineData(1, "The cost is NaN at the point itself")]
    [InlineData(10, "The cost is NaN at x = 0.375 and y = -0.5")]
    public void ACostThatIsNotFinite_IsNamed(int call, string message)
    {
        int calls = 0;
        var function = new KnownFunction<double>([1, 2, 3], new Random(1));
        double[][] before = [.. function.Parameters.Select(parameter => parameter.Values.ToArray())];
        var error = Assert.Throws<InvalidOperationException>(() => CostSurface.Random(
            function.Parameters, (set, batch) => ++calls == call ? double.NaN : function.Objective(set, batch), One, Small));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, function.Parameters.Select(parameter => parameter.Values.ToArray()));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(83)]
    public void AnObjectiveThatIsNotDeterministic_IsRefused(int call)
    {
        int calls = 0;
        var function = new KnownFunction<double>([1, 2, 3], new Random(1));
        Assert.Contains("not deterministic", Assert.Throws<InvalidOperationException>(() => CostSurface.Random(
            function.Parameters, (set, batch) => function.Objective(set, batch) + (++calls == call ? 1e-9 : 0), One, Small)).Message, StringComparison.Ordinal);
        Assert.Equal(call, calls);
    }

    [Fact]
    public void BadInput_IsNamed_BeforeAnythingIsComputed()
    {
        var function = new KnownFunction<double>([1, 2, 3], new Random(1));
        var other = new KnownFunction<double>([1, 2, 3], new Random(1));
        CriticalPointAnalysis<double> analysis = CriticalPoint.Analyze(function.Parameters, function.Objective, One);
        CriticalPointAnalysis<double> foreign = CriticalPoint.Analyze(other.Parameters, other.Objective, One);
        ParameterVector<double> up = analysis.Largest[0].Vector, down = analysis.Smallest[0].Vector;
        Objective<double> none = (_, _) => throw new InvalidDataException("called");

        Refusal.Require<ArgumentOutOfRangeException>("Size", "Size is 8; it must be odd", () => new CostSurfaceOptions { Size = 8 });
        Refusal.Require<ArgumentOutOfRangeException>("Size", "Size is 1;", () => new CostSurfaceOptions { Size = 1 });
        Refusal.Require<ArgumentOutOfRangeException>("Size", "Size is 1003;", () => new CostSurfaceOptions { Size = 1003 });
        Refusal.Require<ArgumentOutOfRangeException>("Radius", "Radius is 0;", () => new CostSurfaceOptions { Radius = 0 });
        Refusal.Require<ArgumentOutOfRangeException>("Radius", "Radius is Infinity;", () => new CostSurfaceOptions { Radius = double.PositiveInfinity });
        Refusal.Require<ArgumentException>("batch", "no examples", () => CostSurface.Random(function.Parameters, none, default));
        Refusal.Require<ArgumentException>("parameters", "no parameters", () => CostSurface.Random(new ParameterSet<double>(), none, One));
        Refusal.Require<ArgumentException>("x", "another parameter set", () => CostSurface.Along(function.Parameters, none, One, foreign.Largest[0].Vector, down));
        Refusal.Require<ArgumentException>("y", "another parameter set", () => CostSurface.Along(function.Parameters, none, One, up, foreign.Largest[0].Vector));
        Refusal.Require<ArgumentException>("analysis", "another parameter set", () => CostSurface.Extremes(function.Parameters, none, One, foreign));
        Refusal.Require<ArgumentException>("y", "parallel", () => CostSurface.Along(function.Parameters, none, One, up, up));
        Refusal.Require<ArgumentException>("Title", "empty", () => CostSurface.Random(function.Parameters, function.Objective, One, Small) with { Title = "" });
        Refusal.Require<ArgumentOutOfRangeException>("yIndex", "yIndex is 9;", () => CostSurface.Random(function.Parameters, function.Objective, One, Small)[0, 9]);
        down.Elements.Clear();
        Refusal.Require<ArgumentException>("y", "The norm of y is 0", () => CostSurface.Along(function.Parameters, none, One, up, down));
        up.Elements[0] = double.NaN;
        Refusal.Require<ArgumentException>("x", "The norm of x is NaN", () => CostSurface.Along(function.Parameters, none, One, up, down));

        var biases = new ParameterSet<double>();
        biases.AddBias("bias", 3).Values.Fill(1);
        biases.Add("weight", 3);
        Assert.Contains("biases and zeros only", Assert.Throws<InvalidOperationException>(() => CostSurface.Random(biases, none, One)).Message, StringComparison.Ordinal);
        var single = new KnownFunction<double>([2], new Random(1));
        CriticalPointAnalysis<double> line = CriticalPoint.Analyze(single.Parameters, single.Objective, One);
        Refusal.Require<ArgumentException>("analysis", "a surface needs two", () => CostSurface.Extremes(single.Parameters, none, One, line));
    }

    /// <summary>Eigenvectors of a group are directions of its parameters only.</summary>
    [Fact]
    public void AnAnalysisOfAGroup_MovesTheGroup()
    {
        var parameters = new ParameterSet<double>();
        Parameter<double> fixedOne = parameters.Add("fixed", 1), moved = parameters.AddGroup("moved").Add("x", 2);
        fixedOne.Values[0] = 7;
        double Cost(ParameterSet<double> set, MiniBatch batch)
        {
            Assert.Equal(7, fixedOne.Values[0]);
            (double x, double y) = (moved.Values[0], moved.Values[1]);
            moved.Gradients[0] += 4 * x;
            moved.Gradients[1] -= y;
            return 2 * x * x - y * y / 2;
        }

        var analysis = CriticalPoint.Analyze(parameters, Cost, One, new CriticalPointOptions<double> { Group = moved.Group });
        var surface = CostSurface.Extremes(parameters, Cost, One, analysis, Small);
        Assert.Equal(2 * 0.25, surface[8, 4], 1e-9);
        Assert.Equal(-0.25 / 2, surface[4, 0], 1e-9);
    }

    [Fact]
    public void ATrainersSurface_HasItsPenaltyAndItsExamples()
    {
        var sizes = new HashSet<int>();
        var parameters = new ParameterSet<double>();
        Parameter<double> weights = parameters.Add("x", 2);
        (weights.Values[0], weights.Values[1]) = (1, 2);
        var trainer = new Trainer<double>(new GradientDescent<double>(parameters), 600, (set, batch) =>
        {
            sizes.Add(batch.Count);
            weights.Gradients[0] += weights.Values[0];
            return weights.Values[0] * weights.Values[0] / 2;
        }) { BatchSize = 10, WeightPenalty = 30 };

        CostSurface surface = trainer.Surface(Small);

        Assert.Equal(0.5 + 30 / (2 * 10.0) * 5, surface.Cost, 1e-12);
        Assert.Equal([512], sizes);
        Assert.Equal(512, surface.ExampleCount);
        Assert.Equal(100, trainer.Surface(trainer.Diagnose(exampleLimit: 100), Small, exampleLimit: 100).ExampleCount);
        Assert.Equal("exampleLimit", Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Surface(Small, exampleLimit: 0)).ParamName);
    }

    private static double[] Norms(double[] elements, int filters) =>
        [.. elements.Chunk(elements.Length / filters).Select(filter => Math.Sqrt(filter.Sum(value => value * value)))];

    private static double Cosine(double[] one, double[] other) =>
        one.Zip(other).Sum(pair => pair.First * pair.Second) / (Norms(one, 1)[0] * Norms(other, 1)[0]);

    private static float[][] Bits(ParameterSet<float> parameters) =>
        [.. parameters.Select(parameter => parameter.Values.ToArray()), .. parameters.Select(parameter => parameter.Gradients.ToArray())];

    private static void RequireSame(float[][] before, ParameterSet<float> parameters) => Assert.Equal(before, Bits(parameters));
}
