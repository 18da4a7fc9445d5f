namespace OptimGen.Tests.Golden;

// The optimizers of the golden trajectories as stacks of attributes, with torch's defaults and the hyperparameters of the files.

[Optimizer(LearningRate = 0.1)]
internal sealed partial class Sgd;

[Optimizer(LearningRate = 0.05), HeavyBall(0.9)]
internal sealed partial class HeavyBallDescent;

[Optimizer(LearningRate = 0.05), HeavyBall(0.9, Nesterov = true)]
internal sealed partial class NesterovDescent;

[Optimizer(LearningRate = 0.01), Ewa(0.9), RmsNormalize(0.999, Epsilon = 1e-8), BiasCorrection]
internal sealed partial class Adam;

[Optimizer(LearningRate = 0.01), Ewa(0.9), RmsNormalize(0.999, Epsilon = 1e-8), BiasCorrection, DecoupledWeightDecay(0.05)]
internal sealed partial class AdamW;

[Optimizer(LearningRate = 0.01), RmsNormalize(0.99, Epsilon = 1e-8)]
internal sealed partial class RmsProp;

[Optimizer(LearningRate = 0.1), AdagradNormalize(AdagradForm.Sum, Epsilon = 1e-10)]
internal sealed partial class Adagrad;
