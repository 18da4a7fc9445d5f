namespace OptimGen.Tests.Catalogue;

// Plain and heavy-ball descent, the adaptive rules up to Adam, Adam's family, and the rules that step by signs.
internal static partial class CatalogueEntries
{
    public static IEnumerable<CatalogueEntry> Classic { get; } =
    [
        new()
        {
            Name = "Sgd", States = 0,
            Create = parameters => new Sgd(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("WeightDecay", 0)],
            Reference = (hyperparameters, initial) => new SgdReference(hyperparameters, initial),
            Rates = new(0.5, 1e-2, 1e-3, 0.1),
        },
        new()
        {
            Name = "Momentum", States = 1,
            Create = parameters => new Momentum(parameters),
            Hyperparameters = [("LearningRate", 1e-2), ("WeightDecay", 0), ("Beta1", 0.9)],
            Reference = (hyperparameters, initial) => new MomentumReference(hyperparameters, initial),
            Rates = new(0.5, 2e-2, 3e-3, 0.1),
        },
        new()
        {
            Name = "HeavyBall", States = 1,
            Create = parameters => new HeavyBall(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("WeightDecay", 0), ("Momentum", 0.9)],
            Reference = (hyperparameters, initial) => new TorchMomentumReference(hyperparameters, initial, nesterov: false),
            Rates = new(0.1, 1e-2, 3e-4, 0.05),
        },
        new()
        {
            Name = "Nesterov", States = 1,
            Create = parameters => new Nesterov(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("WeightDecay", 0), ("Momentum", 0.9)],
            Reference = (hyperparameters, initial) => new TorchMomentumReference(hyperparameters, initial, nesterov: true),
            Rates = new(0.1, 5e-3, 3e-4, 0.05),
        },
        new()
        {
            Name = "RmsProp", States = 1,
            Create = parameters => new RmsProp(parameters),
            Hyperparameters = [("LearningRate", 1e-2), ("Beta2", 0.99), ("Epsilon", 1e-8)],
            Reference = (hyperparameters, initial) => new RmsPropReference(hyperparameters, initial),
            Rates = new(0.02, 0.01, 2e-3, 0.02),
        },
        new()
        {
            Name = "RmsPropEpsilonInside", States = 1,
            Create = parameters => new RmsPropEpsilonInside(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("Beta2", 0.9), ("Epsilon", 1e-7)],
            Reference = (hyperparameters, initial) => new RmsPropReference(hyperparameters, initial) { EpsilonInside = true },
            Rates = new(0.02, 0.01, 2e-3, 0.02),
        },
        new()
        {
            Name = "RmsPropCentered", States = 2,
            Create = parameters => new RmsPropCentered(parameters),
            Hyperparameters = [("LearningRate", 1e-2), ("Beta2", 0.99), ("Epsilon", 1e-8)],
            Reference = (hyperparameters, initial) => new RmsPropReference(hyperparameters, initial) { Centered = true },
            Rates = new(0.02, 0.01, 2e-3, 0.02),
            SurvivesOverflow = false,
        },
        new()
        {
            Name = "RmsPropMomentum", States = 2,
            Create = parameters => new RmsPropMomentum(parameters),
            Hyperparameters = [("LearningRate", 1e-2), ("Momentum", 0.9), ("Beta2", 0.99), ("Epsilon", 1e-8)],
            Reference = (hyperparameters, initial) => new RmsPropReference(hyperparameters, initial) { WithMomentum = true },
            Rates = new(2e-3, 2e-3, 2e-4, 2e-3),
        },
        new()
        {
            Name = "Adagrad", States = 1,
            Create = parameters => new Adagrad(parameters),
            Hyperparameters = [("LearningRate", 1e-2), ("Epsilon", 1e-10)],
            Reference = (hyperparameters, initial) => new AdagradReference(hyperparameters, initial),
            Rates = new(0.5, 0.5, 0.5, 0.2),
        },
        new()
        {
            Name = "AdagradEpsilonInside", States = 1,
            Create = parameters => new AdagradEpsilonInside(parameters),
            Hyperparameters = [("LearningRate", 1e-2), ("Epsilon", 1e-7)],
            Reference = (hyperparameters, initial) => new AdagradReference(hyperparameters, initial) { EpsilonInside = true },
            Rates = new(0.5, 0.5, 0.5, 0.2),
        },
        new()
        {
            Name = "AdagradMean", States = 1,
            Create = parameters => new AdagradMean(parameters),
            Hyperparameters = [("LearningRate", 1e-2), ("Epsilon", 1e-10)],
            Reference = (hyperparameters, initial) => new AdagradReference(hyperparameters, initial) { Mean = true },
            Rates = new(0.05, 0.05, 0.05, 0.02),
        },
        new()
        {
            Name = "RowwiseAdagrad", States = 1,
            Create = parameters => new RowwiseAdagrad(parameters),
            Hyperparameters = [("LearningRate", 1e-2), ("Epsilon", 1e-10)],
            Reference = (hyperparameters, initial) => new AdagradReference(hyperparameters, initial) { DividesRate = true },
            Rates = new(0.5, 0.5, 0.5, 0.2),
        },
        new()
        {
            Name = "Adadelta", States = 2,
            Create = parameters => new Adadelta(parameters),
            Hyperparameters = [("LearningRate", 1), ("Rho", 0.9), ("Epsilon", 1e-6)],
            Reference = (hyperparameters, initial) => new AdadeltaReference(hyperparameters, initial),
            Rates = new(10, 5, 2, 5),
        },
        new()
        {
            Name = "Adam", States = 2,
            Create = parameters => new Adam(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-8)],
            Reference = (hyperparameters, initial) => new AdamReference(hyperparameters, initial, AdamEpsilon.BesideCorrectedRoot),
            Rates = new(0.05, 0.05, 0.01, 0.02),
        },
        new()
        {
            Name = "AdamEpsilonInside", States = 2,
            Create = parameters => new AdamEpsilonInside(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-8)],
            Reference = (hyperparameters, initial) => new AdamReference(hyperparameters, initial, AdamEpsilon.InsideRoot),
            Rates = new(0.05, 0.05, 0.01, 0.02),
        },
        new()
        {
            Name = "AdamEpsilonHat", States = 2,
            Create = parameters => new AdamEpsilonHat(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-7)],
            Reference = (hyperparameters, initial) => new AdamReference(hyperparameters, initial, AdamEpsilon.BesideUncorrectedRoot),
            Rates = new(0.05, 0.05, 0.01, 0.02),
        },
        new()
        {
            Name = "AdamW", States = 2,
            Create = parameters => new AdamW(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-8), ("WeightDecay", 1e-2)],
            Reference = (hyperparameters, initial) => new AdamReference(hyperparameters, initial, AdamEpsilon.BesideCorrectedRoot, decays: true),
            Rates = new(0.05, 0.05, 0.01, 0.02),
            RestsWithoutGradient = false,
        },
        new()
        {
            Name = "AdamWEpsilonHat", States = 2,
            Create = parameters => new AdamWEpsilonHat(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("WeightDecay", 0.004), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-7)],
            Reference = (hyperparameters, initial) => new AdamReference(hyperparameters, initial, AdamEpsilon.BesideUncorrectedRoot, decays: true),
            Rates = new(0.05, 0.05, 0.01, 0.02),
            RestsWithoutGradient = false,
        },
        new()
        {
            Name = "AmsGrad", States = 3,
            Create = parameters => new AmsGrad(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-8)],
            Reference = (hyperparameters, initial) => new AdamReference(hyperparameters, initial, AdamEpsilon.BesideCorrectedRoot, amsGrad: true),
            Rates = new(0.05, 0.05, 0.02, 0.02),
        },
        new()
        {
            Name = "Adamax", States = 2,
            Create = parameters => new Adamax(parameters),
            Hyperparameters = [("LearningRate", 2e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-8)],
            Reference = (hyperparameters, initial) => new AdamaxReference(hyperparameters, initial),
            Rates = new(0.05, 0.05, 0.02, 0.02),
        },
        new()
        {
            Name = "NAdam", States = 2,
            Create = parameters => new NAdam(parameters),
            Hyperparameters = [("LearningRate", 2e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-8), ("MomentumDecay", 0.004)],
            Reference = (hyperparameters, initial) => new NAdamReference(hyperparameters, initial),
            Rates = new(0.05, 0.05, 0.01, 0.02),
        },
        new()
        {
            Name = "RAdam", States = 2,
            Create = parameters => new RAdam(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-8)],
            Reference = (hyperparameters, initial) => new RAdamReference(hyperparameters, initial),
            // The first five steps are along the gradient without normalization, which is large here.
            Rates = new(0.05, 5e-3, 1e-3, 0.02),
        },
        new()
        {
            Name = "AdaBelief", States = 2,
            Create = parameters => new AdaBelief(parameters),
            Hyperparameters = [("LearningRate", 1e-3), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-16)],
            Reference = (hyperparameters, initial) => new AdaBeliefReference(hyperparameters, initial),
            Rates = new(0.05, 0.05, 0.01, 0.02),
        },
        new()
        {
            Name = "Yogi", States = 2,
            Create = parameters => new Yogi(parameters),
            Hyperparameters = [("LearningRate", 1e-2), ("Beta1", 0.9), ("Beta2", 0.999), ("Epsilon", 1e-3)],
            Reference = (hyperparameters, initial) => new YogiReference(hyperparameters, initial),
            Rates = new(0.05, 0.05, 0.02, 0.02),
            RestsWithoutGradient = false,
        },
        new()
        {
            Name = "Lion", States = 1,
            Create = parameters => new Lion(parameters),
            Hyperparameters = [("LearningRate", 1e-4), ("Beta1", 0.9), ("Beta2", 0.99), ("WeightDecay", 0)],
            Reference = (hyperparameters, initial) => new LionReference(hyperparameters, initial),
            Rates = new(0.01, 5e-3, 1e-3, 5e-3),
        },
        new()
        {
            Name = "Signum", States = 1,
            Create = parameters => new Signum(parameters),
            Hyperparameters = [("LearningRate", 1e-4), ("Beta1", 0.9)],
            Reference = (hyperparameters, initial) => new SignumReference(hyperparameters, initial),
            Rates = new(0.01, 5e-3, 1e-3, 5e-3),
        },
    ];
}
