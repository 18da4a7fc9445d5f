namespace OptimGen.Tests.Catalogue;

/// <summary>Tests of single rules in the modern part of the catalogue.</summary>
public class ModernRuleTests
{
    /// <summary>torch's steps for g = 1, 1, 1, −1, 1 from η = 0.1: .1, .12, .144, 0, .072; optax is one step behind here.</summary>
    [Fact]
    public void Rprop_TakesTorchsSteps()
    {
        (Optimizer<float> optimizer, Parameter<float> parameter) = Make(parameters => new Rprop(parameters) { LearningRate = 0.1f });
        double[] wants = [0.1, 0.12, 0.144, 0, 0.072];
        float[] gradients = [1, 1, 1, -1, 1];
        for (int i = 0; i < wants.Length; i++)
        {
            float before = parameter.Values[0];
            parameter.Gradients[0] = gradients[i];
            optimizer.Step();
            Assert.Equal(wants[i], before - parameter.Values[0], 1e-6);
        }
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(float.Epsilon)]
    public void Rprop_SeesTheSignOfGradientsWhoseProductUnderflows(float gradient)
    {
        (Optimizer<float> optimizer, Parameter<float> parameter) = Make(parameters => new Rprop(parameters) { LearningRate = 0.1f });
        parameter.Gradients[0] = gradient;
        optimizer.Step();
        optimizer.Step();
        Assert.Equal(0.12f, optimizer.GetState(parameter, "stepSize")[0], 1e-6f);
    }

    /// <summary>The paper's ε₁, whose square is 0 in single precision: elements without a gradient stay, and the others take the steps of algorithm 5.</summary>
    [Theory]
    [InlineData(1e-30f), InlineData(1e-38f)]
    public void Adafactor_StaysWhereThereIsNoGradient(float epsilon1)
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            (Optimizer<float> optimizer, Parameter<float> parameter) = Make(
                parameters => new OptimGen.Adafactor(parameters) { Epsilon1 = epsilon1, InstructionSet = set }, 37);
            parameter.Values.Fill(2);
            for (int step = 1; step <= 5; step++)
            {
                Assert.True(optimizer.Step().WasTaken);
            }

            Assert.All(parameter.Values.ToArray(), value => Assert.Equal(2, value));

            // RMS(U) is below 1, so nothing is clipped. V was ε₁ before, so V = t^−κ·9 here.
            parameter.Gradients[0] = 3;
            optimizer.Step();
            double direction = 3 / Math.Sqrt(Math.Pow(6, -0.8) * 9), rms = direction / Math.Sqrt(37);
            Assert.Equal(2 - (2 * 0.01 / Math.Max(1, rms) * direction), parameter.Values[0], 1e-6);
            Assert.All(parameter.Values[1..].ToArray(), value => Assert.Equal(2, value));
        }
    }

    [Fact]
    public void Adopt_OnlyMeasuresAtTheFirstStep()
    {
        (Optimizer<float> optimizer, Parameter<float> parameter) = Make(parameters => new Adopt(parameters) { WeightDecay = 0.5f, LearningRate = 0.1f });
        parameter.Values[0] = 3;
        parameter.Gradients[0] = 2;
        optimizer.Step();
        Assert.Equal(3, parameter.Values[0]);
        Assert.Equal(4, optimizer.GetState(parameter, "secondMoment")[0]);
        Assert.Equal(0, optimizer.GetState(parameter, "firstMoment")[0]);
        optimizer.Step();
        Assert.NotEqual(3, parameter.Values[0]);
    }

    /// <summary>α grows linearly, and so does the half-life of β₃. Both end at their declared values.</summary>
    [Fact]
    public void AdEMAMix_WarmsUp()
    {
        const int Warmup = 25, Steps = 40;
        double[] start = Columns.Parameters();
        (Optimizer<float> optimizer, Parameter<float> parameter) = Make(
            parameters => new AdEMAMix(parameters) { AlphaWarmup = Warmup, Beta3Warmup = Warmup, Beta3 = 0.99f, LearningRate = 0.01f }, Columns.Count);
        Columns.Copy(start, parameter.Values);
        var hyperparameters = CatalogueEntries.Of(nameof(AdEMAMix)).Hyperparameters.ToDictionary(one => one.Name, one => one.Default);
        (hyperparameters["AlphaWarmup"], hyperparameters["Beta3Warmup"], hyperparameters["Beta3"], hyperparameters["LearningRate"]) = (Warmup, Warmup, 0.99, 0.01);
        var reference = new AdEMAMixReference(hyperparameters, start);
        for (int step = 1; step <= Steps; step++)
        {
            double[] gradient = Columns.Gradient(step);
            Columns.Copy(gradient, parameter.Gradients);
            optimizer.Step();
            reference.Step(gradient);
            for (int i = 0; i < Columns.Count; i++)
            {
                Assert.True(Math.Abs(parameter.Values[i] - reference.Parameters[i].Value) <= reference.Parameters[i].Tolerance, $"step {step}, column {i}");
            }
        }
    }

    [Fact]
    public void AdEMAMix_WarmsUpFromAFastAverageWithoutMemory()
    {
        (Optimizer<float> optimizer, Parameter<float> parameter) = Make(parameters => new AdEMAMix(parameters) { Beta1 = 0, Beta3Warmup = 100 });
        parameter.Gradients[0] = 1;
        optimizer.Step();
        Assert.True(float.IsFinite(parameter.Values[0]));
        // The memory of β₃ = 0.9999 is 10⁴ steps, a hundredth of which is a weight of the newest gradient of 1/100.
        Assert.Equal(0.01f, optimizer.GetState(parameter, "slowMoment")[0], 1e-4f);
    }

    [Fact]
    public void Sophia_MovesByTheSignWhereThereIsNoCurvature()
    {
        (Optimizer<float> optimizer, Parameter<float> parameter) = Make(parameters => new Sophia(parameters) { LearningRate = 0.25f }, 4);
        ((Sophia)optimizer).GetCurvature(parameter)[1] = 1e9f;
        ((Sophia)optimizer).GetCurvature(parameter)[2] = -1;
        new float[] { 1e-3f, 1e-3f, -1e-3f, 0 }.CopyTo(parameter.Gradients);
        optimizer.Step();
        Assert.Equal(-0.25f, parameter.Values[0]);
        Assert.InRange(parameter.Values[1], -1e-6f, -1e-14f);
        Assert.Equal(0.25f, parameter.Values[2]);
        Assert.Equal(0, parameter.Values[3]);
    }

    [Fact]
    public void Lars_MovesATensorByAPartOfItsNormWhateverTheGradientsSize()
    {
        foreach (float size in new[] { float.Epsilon * 64, 1e-20f, 1f, 1e20f, float.MaxValue })
        {
            (Optimizer<float> optimizer, Parameter<float> parameter) = Make(parameters => new Lars(parameters), 20);
            parameter.Values.Fill(1);
            parameter.Gradients.Fill(size);
            optimizer.Step();
            Assert.All(parameter.Values.ToArray(), value => Assert.Equal(0.999, value, 1e-6));
        }
    }

    [Theory]
    [InlineData(nameof(Lars))]
    [InlineData(nameof(Lamb))]
    public void TrustRatio_IsOneWhereTheParametersAreZero(string name)
    {
        (Optimizer<float> optimizer, Parameter<float> parameter) = Make(CatalogueEntries.Of(name).Create, 3);
        optimizer.SetHyperparameter("LearningRate", 0.5);
        parameter.Gradients.Fill(1);
        optimizer.Step();
        Assert.All(parameter.Values.ToArray(), value => Assert.Equal(-0.5, value, 1e-5));
    }

    /// <summary>It reaches the minimum from an initial distance that is a million times too small, without tuning of the learning rate.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public void Prodigy_FindsItsLearningRate(float distance)
    {
        (Optimizer<float> optimizer, Parameter<float> parameter) = Make(parameters => new Prodigy(parameters), 10);
        for (int step = 0; step < 3000; step++)
        {
            for (int i = 0; i < 10; i++)
            {
                parameter.Gradients[i] = (i + 1) * (parameter.Values[i] - distance);
            }

            optimizer.Step();
        }

        Assert.All(parameter.Values.ToArray(), value => Assert.Equal(distance, value, 0.01 * distance));
    }

    [Fact]
    public void Prodigy_WaitsForAGradient()
    {
        (Optimizer<float> optimizer, Parameter<float> parameter) = Make(parameters => new Prodigy(parameters), 3);
        parameter.Values.Fill(2);
        optimizer.Step();
        optimizer.Step();
        Assert.All(parameter.Values.ToArray(), value => Assert.Equal(2, value));
        parameter.Gradients.Fill(1);
        optimizer.Step();
        Assert.All(parameter.Values.ToArray(), value => Assert.True(value < 2));
    }

    private static (Optimizer<float> Optimizer, Parameter<float> Parameter) Make(Func<ParameterSet<float>, Optimizer<float>> create, int length = 1)
    {
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("p", length);
        return (create(parameters), parameter);
    }
}
