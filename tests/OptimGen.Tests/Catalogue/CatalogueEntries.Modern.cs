namespace OptimGen.Tests.Catalogue;

internal static partial class CatalogueEntries
{
    public static IEnumerable<CatalogueEntry> Modern { get; } =
    [
        new()
        {
            Name = nameof(Adafactor), Create = parameters => new Adafactor(parameters), States = 1,
            Hyperparameters = [("LearningRate", 1e-2), ("DecayRate", 0.8), ("Epsilon1", 1e-30), ("Epsilon2", 1e-3), ("ClipThreshold", 1), ("WeightDecay", 0)],
            Reference = (h, initial) => new AdafactorReference(h, initial),
            Rates = new(Parabola: 0.05, Ravine: 0.05, Rosenbrock: 0.05, Saddle: 0.05),
        },
        new()
        {
            Name = nameof(Adan), Create = parameters => new Adan(parameters), States = 4,
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.98), ("Beta2", 0.92), ("Beta3", 0.99), ("Epsilon", 1e-8), ("WeightDecay", 0)],
            Reference = (h, initial) => new AdanReference(h, initial),
            Rates = new(Parabola: 0.01, Ravine: 0.01, Rosenbrock: 0.01, Saddle: 0.01),
        },
        new()
        {
            Name = nameof(Adopt), Create = parameters => new Adopt(parameters), States = 2,
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.9), ("Beta2", 0.9999), ("Epsilon", 1e-6), ("WeightDecay", 0)],
            Reference = (h, initial) => new AdoptReference(h, initial),
            Rates = new(Parabola: 0.03, Ravine: 0.03, Rosenbrock: 0.3, Saddle: 0.03),
        },
        new()
        {
            Name = nameof(AdEMAMix), Create = parameters => new AdEMAMix(parameters), States = 3,
            Hyperparameters =
            [
                ("LearningRate", 1e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Beta3", 0.9999), ("Alpha", 5), ("AlphaWarmup", 0), ("Beta3Warmup", 0),
                ("Epsilon", 1e-8), ("WeightDecay", 0),
            ],
            Reference = (h, initial) => new AdEMAMixReference(h, initial),
            Rates = new(Parabola: 0.1, Ravine: 0.1, Rosenbrock: 0.03, Saddle: 0.1),
        },
        new()
        {
            Name = nameof(Asgd), Create = parameters => new Asgd(parameters), States = 1, RestsWithoutGradient = false,
            Hyperparameters = [("LearningRate", 1e-2), ("Lambda", 1e-4), ("Alpha", 0.75), ("T0", 1e6), ("WeightDecay", 0)],
            Reference = (h, initial) => new AsgdReference(h, initial),
            Rates = new(Parabola: 0.1, Ravine: 0.01, Rosenbrock: 0.001, Saddle: 0.1),
        },
        new()
        {
            Name = nameof(Lamb), Create = parameters => new Lamb(parameters), States = 2, RestsWithoutGradient = false,
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-6), ("WeightDecay", 0.01)],
            Reference = (h, initial) => new LambReference(h, initial),
            Rates = new(Parabola: 0.01, Ravine: 0.01, Rosenbrock: 0.01, Saddle: 0.01),
        },
        new()
        {
            Name = nameof(Lars), Create = parameters => new Lars(parameters), States = 1,
            Hyperparameters = [("LearningRate", 1), ("Momentum", 0.9), ("TrustCoefficient", 1e-3), ("WeightDecay", 0), ("Epsilon", 0)],
            Reference = (h, initial) => new LarsReference(h, initial),
            Rates = new(Parabola: 5, Ravine: 5, Rosenbrock: 5, Saddle: 5),
        },
        new()
        {
            Name = nameof(Madgrad), Create = parameters => new Madgrad(parameters), States = 3,
            Hyperparameters = [("LearningRate", 1e-2), ("Momentum", 0.9), ("Epsilon", 1e-6), ("WeightDecay", 0)],
            Reference = (h, initial) => new MadgradReference(h, initial),
            Rates = new(Parabola: 0.1, Ravine: 0.1, Rosenbrock: 0.1, Saddle: 0.1),
        },
        new()
        {
            Name = nameof(NovoGrad), Create = parameters => new NovoGrad(parameters), States = 1,
            Hyperparameters = [("LearningRate", 1e-2), ("Beta1", 0.95), ("Beta2", 0.98), ("Epsilon", 1e-8), ("WeightDecay", 0)],
            Reference = (h, initial) => new NovoGradReference(h, initial),
            Rates = new(Parabola: 0.01, Ravine: 0.01, Rosenbrock: 0.01, Saddle: 0.01),
        },
        new()
        {
            Name = nameof(Prodigy), Create = parameters => new Prodigy(parameters), States = 4,
            Hyperparameters =
            [
                ("LearningRate", 1), ("Beta1", 0.9), ("Beta2", 0.999), ("InitialDistance", 1e-6), ("DistanceCoefficient", 1), ("Epsilon", 1e-8), ("WeightDecay", 0),
            ],
            Reference = (h, initial) => new ProdigyReference(h, initial),
            // A step of 1e-6 in a parameter of about 1 has a rounding error of up to a tenth of the step. A large multiple of the rate that Prodigy
            // finds diverges.
            AgainstReference = new Dictionary<string, double> { ["InitialDistance"] = 0.1 }, LargeRate = 1.5,
            Rates = new(Parabola: 1, Ravine: 1, Rosenbrock: 1, Saddle: 1),
        },
        new()
        {
            Name = nameof(Rprop), Create = parameters => new Rprop(parameters), States = 2,
            Hyperparameters = [("LearningRate", 1e-2), ("EtaMinus", 0.5), ("EtaPlus", 1.2), ("MinStepSize", 1e-6), ("MaxStepSize", 50)],
            Reference = (h, initial) => new RpropReference(h, initial),
            Rates = new(Parabola: 0.01, Ravine: 0.01, Rosenbrock: 0.01, Saddle: 0.01),
        },
        new()
        {
            Name = nameof(ScheduleFreeAdamW), Create = parameters => new ScheduleFreeAdamW(parameters), States = 2,
            Hyperparameters = [("LearningRate", 2.5e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("WarmupSteps", 0), ("Epsilon", 1e-8), ("WeightDecay", 0)],
            Reference = (h, initial) => new ScheduleFreeAdamWReference(h, initial),
            Rates = new(Parabola: 0.03, Ravine: 0.03, Rosenbrock: 0.03, Saddle: 0.03),
        },
        new()
        {
            Name = nameof(ScheduleFreeSgd), Create = parameters => new ScheduleFreeSgd(parameters), States = 1,
            Hyperparameters = [("LearningRate", 1), ("Momentum", 0.9), ("WarmupSteps", 0), ("WeightDecay", 0)],
            Reference = (h, initial) => new ScheduleFreeSgdReference(h, initial),
            Rates = new(Parabola: 0.5, Ravine: 0.01, Rosenbrock: 0.003, Saddle: 0.5),
        },
        new()
        {
            Name = nameof(Sophia), Create = parameters => new Sophia(parameters), States = 2,
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.965), ("Gamma", 0.01), ("Epsilon", 1e-12), ("WeightDecay", 0)],
            Reference = (h, initial) => new SophiaReference(h, initial),
            Rates = new(Parabola: 0.01, Ravine: 0.01, Rosenbrock: 0.01, Saddle: 0.01),
            BeforeStep = optimizer =>
            {
                foreach (Parameter<float> parameter in optimizer.Parameters)
                {
                    Span<float> curvature = ((Sophia)optimizer).GetCurvature(parameter);
                    for (int i = 0; i < curvature.Length; i++)
                    {
                        curvature[i] = SophiaReference.Curvature(i);
                    }
                }
            },
        },
    ];
}
