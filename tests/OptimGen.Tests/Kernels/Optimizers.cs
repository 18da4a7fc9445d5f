namespace OptimGen.Tests.Kernels;

// Every stage, every option and every sensible combination of the two, each as a user would declare it. RuleCases finds these classes by their
// attribute, so a line here is enough for all the tests of the kernels. The rates are far larger than in practice: a step must move the
// parameter by much more than its rounding.

// No moments.
[Optimizer]
internal sealed partial class Descent;

[Optimizer(LearningRate = 0.5)]
internal sealed partial class DescentWithRate;

[Optimizer(LearningRate = 0.5), ClipByValue(0.75)]
internal sealed partial class DescentClipped;

[Optimizer(LearningRate = 0.5), WeightDecay(0.3)]
internal sealed partial class DescentDecayed;

[Optimizer(LearningRate = 0.5), ClipByValue(0.75), WeightDecay(0.3)]
internal sealed partial class DescentClippedDecayed;

[Optimizer(LearningRate = 0.5), DecoupledWeightDecay(0.3)]
internal sealed partial class DescentDecoupled;

[Optimizer(LearningRate = 0.5), ClipByValue(0.75), DecoupledWeightDecay(0.3)]
internal sealed partial class DescentClippedDecoupled;

// First moments.
[Optimizer(LearningRate = 0.5), Ewa(0.9)]
internal sealed partial class Average;

[Optimizer(LearningRate = 0.5), Ewa(0)]
internal sealed partial class AverageOfNoPast;

[Optimizer(LearningRate = 0.5), Ewa(0.9), BiasCorrection]
internal sealed partial class AverageCorrected;

[Optimizer(LearningRate = 0.5), Ewa(0.9), BiasCorrection(FirstSteps = 3)]
internal sealed partial class AverageCorrectedFirstSteps;

[Optimizer(LearningRate = 0.5), Ewa(0.9, Nesterov = true)]
internal sealed partial class AverageNesterov;

[Optimizer(LearningRate = 0.5), Ewa(0.9, Nesterov = true), BiasCorrection]
internal sealed partial class AverageNesterovCorrected;

[Optimizer(LearningRate = 0.5), Ewa(0.9, Nesterov = true), BiasCorrection(FirstSteps = 3)]
internal sealed partial class AverageNesterovCorrectedFirstSteps;

[Optimizer(LearningRate = 0.5), ClipByValue(1.25), WeightDecay(0.3), Ewa(0.8)]
internal sealed partial class AverageClippedDecayed;

[Optimizer(LearningRate = 0.5), DecoupledWeightDecay(0.3), Ewa(0.8), BiasCorrection]
internal sealed partial class AverageCorrectedDecoupled;

[Optimizer(LearningRate = 0.1), HeavyBall(0.9)]
internal sealed partial class HeavyBallMomentum;

[Optimizer(LearningRate = 0.1), HeavyBall(0.9, Nesterov = true)]
internal sealed partial class HeavyBallNesterov;

[Optimizer(LearningRate = 0.1), HeavyBall(0.9), WeightDecay(0.3)]
internal sealed partial class HeavyBallDecayed;

[Optimizer(LearningRate = 0.1), HeavyBall(0.9), DecoupledWeightDecay(0.3)]
internal sealed partial class HeavyBallDecoupled;

[Optimizer(LearningRate = 0.1), HeavyBall(0.9, Nesterov = true), ClipByValue(0.75), DecoupledWeightDecay(0.3)]
internal sealed partial class HeavyBallNesterovClippedDecoupled;

// Root mean square.
[Optimizer(LearningRate = 0.1), RmsNormalize(0.99)]
internal sealed partial class Rms;

[Optimizer(LearningRate = 0.1), RmsNormalize(0)]
internal sealed partial class RmsOfNoPast;

[Optimizer(LearningRate = 0.1), RmsNormalize(0.99, Epsilon = 0.01, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
internal sealed partial class RmsInsideRoot;

[Optimizer(LearningRate = 0.1), RmsNormalize(0.99, Epsilon = 0.01), BiasCorrection]
internal sealed partial class RmsCorrected;

[Optimizer(LearningRate = 0.1), RmsNormalize(0.99, Epsilon = 0.01, EpsilonPlacement = EpsilonPlacement.InsideRoot), BiasCorrection]
internal sealed partial class RmsInsideRootCorrected;

[Optimizer(LearningRate = 0.1), RmsNormalize(0.99), BiasCorrection(FirstSteps = 2)]
internal sealed partial class RmsCorrectedFirstSteps;

[Optimizer(LearningRate = 0.1), RmsNormalize(0.9, Centered = true)]
internal sealed partial class RmsCentered;

[Optimizer(LearningRate = 0.1), RmsNormalize(0.9, Centered = true, Epsilon = 0.01, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
internal sealed partial class RmsCenteredInsideRoot;

// A corrected variance is 0 at the first step, up to rounding, so ε is large here.
[Optimizer(LearningRate = 0.1), RmsNormalize(0.9, Centered = true, Epsilon = 0.1), BiasCorrection]
internal sealed partial class RmsCenteredCorrected;

[Optimizer(LearningRate = 0.1), RmsNormalize(0.9, Centered = true, Epsilon = 0.1, EpsilonPlacement = EpsilonPlacement.InsideRoot), BiasCorrection]
internal sealed partial class RmsCenteredInsideRootCorrected;

// The correction ends after two steps, and the kernel without it takes over.
[Optimizer(LearningRate = 0.1), RmsNormalize(0.9, Centered = true, Epsilon = 0.1), BiasCorrection(FirstSteps = 2)]
internal sealed partial class RmsCenteredCorrectedFirstSteps;

[Optimizer(LearningRate = 0.1), RmsNormalize(0.5, AmsGrad = true)]
internal sealed partial class RmsAmsGrad;

[Optimizer(LearningRate = 0.1), RmsNormalize(0.5, AmsGrad = true, Epsilon = 0.01, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
internal sealed partial class RmsAmsGradInsideRoot;

[Optimizer(LearningRate = 0.1), RmsNormalize(0.5, AmsGrad = true), BiasCorrection]
internal sealed partial class RmsAmsGradCorrected;

[Optimizer(LearningRate = 0.02), WeightDecay(0.3), RmsNormalize(0.99)]
internal sealed partial class RmsDecayed;

// Sums and means of squares.
[Optimizer(LearningRate = 0.5), AdagradNormalize]
internal sealed partial class Adagrad;

[Optimizer(LearningRate = 0.5), AdagradNormalize(AdagradForm.Sum, Epsilon = 0.1, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
internal sealed partial class AdagradInsideRoot;

[Optimizer(LearningRate = 0.5), AdagradNormalize(AdagradForm.Mean)]
internal sealed partial class AdagradMean;

[Optimizer(LearningRate = 0.5), AdagradNormalize(AdagradForm.Mean, Epsilon = 0.1, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
internal sealed partial class AdagradMeanInsideRoot;

[Optimizer(LearningRate = 0.5), AdagradNormalize(AdagradForm.Mean, Epsilon = 0.1), ClipByValue(0.75), DecoupledWeightDecay(0.3)]
internal sealed partial class AdagradMeanClippedDecoupled;

// Infinity norms.
[Optimizer(LearningRate = 0.1), InfinityNormalize(0.5)]
internal sealed partial class Infinity;

[Optimizer(LearningRate = 0.1), InfinityNormalize(0.999, Epsilon = 0.5), WeightDecay(0.3)]
internal sealed partial class InfinityDecayedLargeEpsilon;

// Both moments.
[Optimizer(LearningRate = 0.1), Ewa(0.9), RmsNormalize(0.999, Epsilon = 1e-8), BiasCorrection]
internal sealed partial class Adam;

[Optimizer(LearningRate = 0.1), Ewa(0.9), RmsNormalize(0.999)]
internal sealed partial class AdamUncorrected;

[Optimizer(LearningRate = 0.1), Ewa(0.9), RmsNormalize(0.999), BiasCorrection(FirstSteps = 3)]
internal sealed partial class AdamCorrectedFirstSteps;

[Optimizer(LearningRate = 0.1), Ewa(0.9), RmsNormalize(0.999, Epsilon = 0.01, EpsilonPlacement = EpsilonPlacement.InsideRoot), BiasCorrection]
internal sealed partial class AdamInsideRoot;

[Optimizer(LearningRate = 0.1), Ewa(0.9), RmsNormalize(0.5, AmsGrad = true), BiasCorrection]
internal sealed partial class AdamAmsGrad;

[Optimizer(LearningRate = 0.1), Ewa(0.9), RmsNormalize(0.9, Centered = true, Epsilon = 0.1), BiasCorrection]
internal sealed partial class AdamCentered;

[Optimizer(LearningRate = 0.1), Ewa(0.9), RmsNormalize(0.9, Centered = true)]
internal sealed partial class AdamCenteredUncorrected;

[Optimizer(LearningRate = 0.1), WeightDecay(0.3), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
internal sealed partial class AdamDecayed;

[Optimizer(LearningRate = 0.1), DecoupledWeightDecay(0.3), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
internal sealed partial class AdamW;

[Optimizer(LearningRate = 0.1), Ewa(0.9, Nesterov = true), RmsNormalize(0.999), BiasCorrection]
internal sealed partial class NAdam;

[Optimizer(LearningRate = 0.1), Ewa(0.9, Nesterov = true), RmsNormalize(0.999)]
internal sealed partial class NAdamUncorrected;

[Optimizer(LearningRate = 0.1), Ewa(0.9), InfinityNormalize(0.5), BiasCorrection]
internal sealed partial class Adamax;

[Optimizer(LearningRate = 0.1), Ewa(0.9, Nesterov = true), InfinityNormalize(0.9), BiasCorrection]
internal sealed partial class NAdamax;

[Optimizer(LearningRate = 0.5), Ewa(0.9), AdagradNormalize(AdagradForm.Sum), BiasCorrection]
internal sealed partial class AdagradOfAverageCorrected;

[Optimizer(LearningRate = 0.5), Ewa(0.9, Nesterov = true), AdagradNormalize(AdagradForm.Mean)]
internal sealed partial class AdagradMeanOfAverageNesterov;

[Optimizer(LearningRate = 0.1), HeavyBall(0.9), RmsNormalize(0.99)]
internal sealed partial class RmsOfMomentum;

[Optimizer(LearningRate = 0.1), HeavyBall(0.9, Nesterov = true), RmsNormalize(0.99), BiasCorrection]
internal sealed partial class RmsOfMomentumNesterovCorrected;

[Optimizer(LearningRate = 0.1), HeavyBall(0.9), AdagradNormalize(AdagradForm.Mean)]
internal sealed partial class AdagradMeanOfMomentum;

[Optimizer(LearningRate = 0.1), HeavyBall(0.9), InfinityNormalize(0.9), DecoupledWeightDecay(0.3)]
internal sealed partial class InfinityOfMomentumDecoupled;

// Everything at once; the order of the attributes has no meaning.
[RmsNormalize(0.5, AmsGrad = true, Epsilon = 0.01, EpsilonPlacement = EpsilonPlacement.InsideRoot), BiasCorrection(FirstSteps = 4)]
[DecoupledWeightDecay(0.3), Ewa(0.8, Nesterov = true), ClipByValue(1.25), Optimizer(LearningRate = 0.2)]
internal sealed partial class Everything;

[RmsNormalize(0.9, Centered = true, Epsilon = 0.1), HeavyBall(0.9, Nesterov = true), WeightDecay(0.3), ClipByValue(1.25)]
[Optimizer(LearningRate = 0.2)]
internal sealed partial class EverythingElse;

// Signs.
[Optimizer(LearningRate = 0.1), SignUpdate]
internal sealed partial class Sign;

[Optimizer(LearningRate = 0.1), SignUpdate, WeightDecay(0.3), ClipByValue(0.75)]
internal sealed partial class SignClippedDecayed;

[Optimizer(LearningRate = 0.1), SignUpdate, Ewa(0.9)]
internal sealed partial class SignOfAverage;

[Optimizer(LearningRate = 0.1), SignUpdate, Ewa(0.9, Nesterov = true), DecoupledWeightDecay(0.3)]
internal sealed partial class SignOfAverageNesterovDecoupled;

[Optimizer(LearningRate = 0.1), SignUpdate, HeavyBall(0.9)]
internal sealed partial class SignOfMomentum;

// Averages on their own.
[Optimizer, Ewa(0.9), TrackAverage]
internal sealed partial class Track;

[Optimizer, Ewa(0.9), TrackAverage, BiasCorrection]
internal sealed partial class TrackCorrected;

[Optimizer, Ewa(0.9), TrackAverage, BiasCorrection(FirstSteps = 3)]
internal sealed partial class TrackCorrectedFirstSteps;

[Optimizer, Ewa(0.5), TrackAverage, ClipByValue(0.75)]
internal sealed partial class TrackClipped;
