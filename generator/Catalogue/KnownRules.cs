using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Catalogue;

/// <summary>
/// The rules of the literature, by their shape. Those of the runtime's catalogue, and plainer forms that it has with more stages; a test makes the table from their
/// declarations. A rule with a [PerStep] or [Reduce] method is not among them, because such a method is not looked into.
/// </summary>
internal static class KnownRules
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["0bc80d48743db207"] = "Adagrad: Duchi, Hazan and Singer, 2011, Adaptive subgradient methods, JMLR 12",
        ["9708419b8631e376"] = "AdagradEpsilonInside: Duchi, Hazan and Singer, 2011, Adaptive subgradient methods, JMLR 12",
        ["3fcae8b56f4a48a6"] = "AdagradMean: Duchi, Hazan and Singer, 2011, with the mean for the sum",
        ["7e3ebda86313c22b"] = "Adam with coupled weight decay: Kingma and Ba, 2015, Adam: a method for stochastic optimization, arXiv:1412.6980",
        ["38c5224aa73655ec"] = "Adam: Kingma and Ba, 2015, Adam: a method for stochastic optimization, arXiv:1412.6980",
        ["8352ca4f83e370c3"] = "AdamEpsilonInside: Kingma and Ba, 2015, Adam: a method for stochastic optimization, arXiv:1412.6980",
        ["0bb4b7660ee6bec6"] = "AdamW: Loshchilov and Hutter, 2019, Decoupled weight decay regularization, arXiv:1711.05101",
        ["ccf318a4a3f65bc9"] = "Adamax: Kingma and Ba, 2015, section 7.1, arXiv:1412.6980",
        ["86a9595806e19aee"] = "AmsGrad: Reddi, Kale and Kumar, 2018, On the convergence of Adam and beyond, arXiv:1904.09237",
        ["9a51402c058d0624"] = "HeavyBall: Polyak, 1964, Some methods of speeding up the convergence of iteration methods",
        ["7d4380fc2c173073"] = "Momentum: Polyak, 1964, Some methods of speeding up the convergence of iteration methods",
        ["d75b8c4f6d34c35c"] = "NAdam without a schedule of its momentum: Dozat, 2016, Incorporating Nesterov momentum into Adam",
        ["ead705f82b3bc7be"] = "Nesterov: Sutskever et al., 2013, On the importance of initialization and momentum in deep learning; Nesterov, 1983",
        ["e34683e155251175"] = "RmsProp: Tieleman and Hinton, 2012, Lecture 6.5",
        ["8e4289cc3c5750cc"] = "RmsPropCentered: Graves, 2013, Generating sequences with recurrent neural networks, arXiv:1308.0850",
        ["539bafe7b7223111"] = "RmsPropEpsilonInside: Tieleman and Hinton, 2012, Lecture 6.5",
        ["2208f4603eab4e5b"] = "RmsPropMomentum: Tieleman and Hinton, 2012, Lecture 6.5; Graves, 2013, arXiv:1308.0850",
        ["328f4fdf10128f4b"] = "Sgd: Robbins and Monro, 1951, A stochastic approximation method",
        ["7fedc07d84095a56"] = "Signum: Bernstein et al., 2018, signSGD, arXiv:1802.04434",
        ["9c3f2b5ac72dbf59"] = "gradient descent with Nesterov momentum: Sutskever et al., 2013, On the importance of initialization and momentum in deep learning; Nesterov, 1983",
        ["f8164af82034e6aa"] = "gradient descent with heavy-ball momentum: Polyak, 1964, Some methods of speeding up the convergence of iteration methods",
        ["03cfc48819583e9d"] = "gradient descent with momentum: Polyak, 1964, Some methods of speeding up the convergence of iteration methods",
        ["d96ea9290af19d5b"] = "gradient descent: Robbins and Monro, 1951, A stochastic approximation method",
        ["c955b31558db3a4c"] = "signSGD: Bernstein et al., 2018, signSGD, arXiv:1802.04434",
    };

    /// <summary>What the literature calls a rule, a colon, and the reference; <see langword="null"/> if it is none of those that are known.</summary>
    public static string? NameOf(RuleSpec rule, StepProgram program) =>
        RuleShape.Of(rule, program, RuleShape.Comparison.Mathematics) is { } shape && Names.TryGetValue(shape.Hash, out string? name) ? name : null;
}
