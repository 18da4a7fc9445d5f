using ForeignMemory;

using var weights = new ForeignTensor(20);
using var gradients = new ForeignTensor(20);
weights.Memory.Span.Fill(1f / 20);

double[] costs = FineTuning.Run(weights, gradients, steps: 500);

Console.WriteLine(FormattableString.Invariant($"mean squared error {costs[0]:0.000} before, {costs[^1]:0.000000} after {costs.Length} steps"));
Console.WriteLine(FormattableString.Invariant($"the first weight, where the library has it: {weights.Memory.Span[0]:0.000}, which was 0.050"));
