using System.Globalization;

namespace OptimGen;

/// <content>What a check says of a difference, and of none.</content>
internal sealed partial class RuleComparison<T>
{
    private (RuleCheckDifference Difference, string Report) Describe(Finding finding)
    {
        OptimizerDefinition definition = finding.Kernel.Definition;
        string[] names =
        [
            RuleText.Parameter, "gradient", .. definition.States.Select(state => state.Name), .. finding.Kernel.KeptAverage is null ? Array.Empty<string>() : [AverageName],
        ];
        (int Stream, int Order, string? Statement)[] different =
        [
            .. Enumerable.Range(0, names.Length)
                .Where(stream => !FloatBits.Same(finding.Actual(stream), finding.Expected(stream)))
                .Select(stream => (stream, RuleText.AssignmentOf(names[stream], definition).Order, RuleText.AssignmentOf(names[stream], definition).Statement))
                .OrderBy(one => one.Item2),
        ];
        (int first, _, string? statement) = different[0];
        T expected = finding.Expected(first), actual = finding.Actual(first);
        ulong? distance = FloatBits.Distance(expected, actual);
        Parameter<T> parameter = finding.Kernel.Parameters[finding.Tensor];

        string away = distance is { } ulps ? string.Create(CultureInfo.InvariantCulture, $"{ulps} ulp away") : "NaN against a number";
        List<string> report =
        [
            $"{definition.Name}: the kernel of {finding.Set} does not give the bits of {Describe(finding.Reference)}.",
            $"  step {finding.Step}, parameter '{parameter.Name}' of {parameter.Length} elements (group '{parameter.Group.Name}'), element {finding.Element}",
            $"  differs first: {names[first]}, {(statement is not null ? $"assigned by: {statement}" : names[first] == AverageName ? "moved after the rule" : "kept by a stage")}",
            $"  expected {FloatBits.Print(expected)}",
            $"  got      {FloatBits.Print(actual)}, {away}",
            .. different.Length > 1 ? [$"  also differs: {string.Join(", ", different.Skip(1).Select(one => names[one.Stream]))}"] : Array.Empty<string>(),
            "  the element before the step:",
            .. names.Select((name, stream) => $"    {name} = {FloatBits.Print(finding.Before(stream))}"),
            .. definition.Hyperparameters.Select(one => $"    {one.Name} = {FloatBits.Print(T.CreateTruncating(finding.Kernel.GetHyperparameter(one.Name)))}"),
            .. finding.Refusal is { } refusal ? [$"  The step was refused, and must not have changed anything: {refusal.Message}"] : Array.Empty<string>(),
            $"  Seed {options.Seed}.",
        ];
        var difference = new RuleCheckDifference
        {
            InstructionSet = finding.Set, Step = finding.Step, Parameter = parameter.Name, Element = finding.Element, Stream = names[first], Statement = statement,
            Expected = double.CreateTruncating(expected), Actual = double.CreateTruncating(actual), UlpDistance = distance,
        };
        return (difference, string.Join("\n", report));
    }

    private RuleCheckResult Result(OptimizerDefinition definition, RuleCheckReference reference, RuleCheckDifference? difference, string? complaint) => new()
    {
        Agrees = complaint is null,
        Reference = reference,
        Difference = difference,
        ComparedValues = comparedValues,
        RefusedSteps = refusedSteps,
        ThrowingElements = throwingElements,
        Report = complaint ?? Success(definition, reference),
    };

    private string Success(OptimizerDefinition definition, RuleCheckReference reference)
    {
        string refused = refusedSteps > 0 ? $", of which {refusedSteps} were refused" : "";
        string threw = throwingElements > 0 ? $"; the method throws for {throwingElements} elements, which were left out" : "";
        return $"{definition.Name}: the kernels of {string.Join(", ", options.InstructionSets)} give the bits of {Describe(reference)} "
            + $"in {comparedValues} values over {steps} steps{refused}{threw}.";
    }

    private static string Describe(RuleCheckReference reference) => reference switch
    {
        RuleCheckReference.Method => "its own method",
        RuleCheckReference.Stages => "its stages as they are defined",
        _ => "the scalar kernel",
    };

    /// <summary>Where a kernel and the reference part.</summary>
    private sealed record Finding(
        Optimizer<T> Kernel, InstructionSet Set, RuleCheckReference Reference, int Step, int Tensor, int Element, T[][][] Inputs, T[][][] Outputs,
        T[][][] ExpectedOutputs, Exception? Refusal)
    {
        /// <summary>The position of an element in a stream, which may have a number for each row.</summary>
        public static int PositionIn(T[][] streams, int stream, int element) => (int)((long)element * streams[stream].Length / streams[0].Length);

        public T Before(int stream) => Of(Inputs, stream);

        public T Actual(int stream) => Of(Outputs, stream);

        public T Expected(int stream) => Of(ExpectedOutputs, stream);

        private T Of(T[][][] tensors, int stream) => tensors[Tensor][stream][PositionIn(tensors[Tensor], stream, Element)];
    }
}
