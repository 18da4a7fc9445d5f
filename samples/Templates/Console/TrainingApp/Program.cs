using OptimGen;
using TrainingNamespace;

var fit = new LineFit();
var optimizer = new MyOptimizer(fit.Parameters);
TrainingResult result = fit.Train(optimizer, epochs: 200);

Console.WriteLine($"{result.Outcome} after {result.Steps} steps, with kernels for {optimizer.InstructionSet}");
Console.WriteLine(FormattableString.Invariant($"y = {fit.Slope:0.000} x + {fit.Intercept:0.000}, mean cost {result.FinalMeanCost:0.0000000}"));
