using System.Globalization;
using System.Runtime.CompilerServices;
using Consumer;
using OptimGen;

Console.WriteLine($"framework: {Environment.Version}");
Console.WriteLine($"just in time: {RuntimeFeature.IsDynamicCodeCompiled}");
Console.WriteLine($"supported: {string.Join(", ", InstructionSets.Supported)}");
Train(set => new ByAttributes(set) { LearningRate = 0.01f });
Train(set => new ByMethod(set));
Train(set => new Adam(set) { LearningRate = 0.01f });

// Fits a line through 203 numbers; 203 is several turns of every loop and a remainder.
static void Train(Func<ParameterSet, Optimizer<float>> make)
{
    var parameters = new ParameterSet();
    Parameter<float> weights = parameters.Add("weights", 7, 29);
    Parameter<float> bias = parameters.AddBias("bias", 1);
    weights.Values.Fill(0.1f);
    Optimizer<float> optimizer = make(parameters);

    var problem = new Line(weights.Length, examples: 64);
    var trainer = new Trainer(optimizer, problem.Examples, problem.MeanCostAndGradients)
    {
        BatchSize = 24,
        Seed = 1,
        Schedule = Schedule.InverseTime(optimizer.GetHyperparameter("LearningRate"), decay: 0.01),
    };
    TrainingResult result = trainer.Train(epochs: 40);

    string name = optimizer.Definition.Name;
    Console.WriteLine($"{name}.instruction set: {optimizer.InstructionSet}");
    Console.WriteLine($"{name}.outcome: {result.Outcome}, {result.Steps} steps");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}.costs: {result.Curve.Costs[0]:R} {result.FinalMeanCost:R}"));
    Console.WriteLine($"{name}.weights: {Bits(weights.Values)}");
    Console.WriteLine($"{name}.bias: {Bits(bias.Values)}");
    foreach (StateDefinition state in optimizer.Definition.States)
    {
        Console.WriteLine($"{name}.{state.Name}: {Bits(optimizer.GetState(weights, state.Name))}");
    }
}

static string Bits(ReadOnlySpan<float> values)
{
    var text = new System.Text.StringBuilder();
    foreach (float value in values)
    {
        text.Append(BitConverter.SingleToUInt32Bits(value).ToString("X8", CultureInfo.InvariantCulture));
    }

    return text.ToString();
}
