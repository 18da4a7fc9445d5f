using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>Each diagnostic: what is underlined and what it says; and its valid neighbours, which say nothing.</summary>
public class DiagnosticTests
{
    [Theory]
    [InlineData("[Optimizer] internal sealed class Any;", "OPTG001 at `Any`: 'Any' must be declared partial, so that the generator can add the optimizer to it")]
    [InlineData(
        "internal class Outer { [Optimizer] internal sealed partial class Any; }",
        "OPTG001 at `Outer`: 'Outer' must be declared partial, so that the generator can add the optimizer to it")]
    public void OPTG001_NotPartial(string source, params string[] diagnostics) => Check(source, diagnostics);

    [Theory]
    [InlineData("record", "partial record Any", "is a record")]
    [InlineData("static", "static partial class Any", "is static")]
    [InlineData("abstract", "abstract partial class Any", "is abstract")]
    [InlineData("generic", "partial class Any<T>", "is generic or nested in a generic type")]
    [InlineData("base", "partial class Any : System.EventArgs", "has a base class")]
    [InlineData("primary constructor", "partial class Any(int seed)", "has a primary constructor")]
    public void OPTG002_UnsupportedType(string why, string declaration, string obstacle)
    {
        Assert.NotEmpty(why);
        string body = declaration.Contains("seed", StringComparison.Ordinal) ? " { public int Seed => seed; }" : ";";
        Check(
            $"[Optimizer] internal {declaration}{body}",
            $"OPTG002 at `Any`: 'Any' cannot be an optimizer because it {obstacle}; declare a non-generic, non-static, non-abstract class without a base class");
    }

    /// <summary>A base class that is written out says the precision, and nothing else may say another.</summary>
    [Theory]
    [InlineData("[Optimizer(ElementType = typeof(float))]", "")]
    [InlineData("[Optimizer]", "[UpdateRule] private static float Update(float parameter, float gradient) => parameter - gradient;")]
    public void OPTG002_BaseOfAnotherPrecision(string attribute, string members) => Check(
        $"{attribute} internal sealed partial class Any : Optimizer<double> {{ {members} }}",
        [
            .. members.Length > 0 ? ["OPTG005 at `Optimizer`: ElementType of [Optimizer] is double; it must be float, as the method 'Update' is declared"] : Array.Empty<string>(),
            "CS7036 at `Any`: There is no argument given that corresponds to the required parameter 'parameters' of 'Optimizer<double>.Optimizer(ParameterSet<double>, StepRule<double>, Func<Optimizer<double>, GroupHyperparameters<double>>?, HyperparameterReader<double>?, HyperparameterWriter<double>?, OptimizerOptions?)'",
            "OPTG002 at `Any`: 'Any' cannot be an optimizer because it has a base class of another precision; declare a non-generic, non-static, non-abstract class without a base class",
        ]);

    [Theory]
    [InlineData("internal sealed partial class Any : Optimizer<double>;")]
    [InlineData("internal sealed partial class Any : Optimizer<double> { [UpdateRule] private static double Update(double parameter, double gradient) => parameter - gradient; }")]
    public void OPTG002_NotForTheGeneratedBase(string declaration) => Check("[Optimizer] " + declaration);

    [Theory]
    [InlineData(
        "ElementType = typeof(double), StateStorage = Storage.Block8",
        "OPTG005 at `Optimizer(ElementType = typeof(double), StateStorage = Storage.Block8)`: storage of the state 'firstMoment' is Block8; it must be Native, because the rule is in double")]
    [InlineData("StateStorage = (Storage)7", "OPTG005 at `(Storage)7`: StateStorage of [Optimizer] is 7; it must be a member of the enumeration")]
    [InlineData("StateRounding = (StorageRounding)(-1)", "OPTG005 at `(StorageRounding)(-1)`: StateRounding of [Optimizer] is -1; it must be a member of the enumeration")]
    public void OPTG005_FormOfStates(string arguments, string diagnostic) => Check($"[Optimizer({arguments}), Ewa(0.9)] internal sealed partial class Any;", diagnostic);

    [Theory]
    [InlineData("file partial class Any", "Any")]
    [InlineData("file partial class Outer { [Optimizer] internal partial class Any; } internal partial class Other", "Any")]
    public void OPTG002_FileLocal(string declaration, string name) => Check(
        (declaration.Contains("Outer", StringComparison.Ordinal) ? "" : "[Optimizer] ") + declaration + ";",
        $"OPTG002 at `{name}`: '{name}' cannot be an optimizer because it is local to its file; declare a non-generic, non-static, non-abstract class without a base class");

    [Theory]
    [InlineData("public float LearningRate { get; set; }", "LearningRate", "LearningRate")]
    [InlineData("public int Beta1() => 1;", "Beta1", "Beta1")]
    [InlineData("internal struct GroupHyperparameters;", "GroupHyperparameters", "GroupHyperparameters")]
    [InlineData("public int States => 1;", "States", "States")]
    [InlineData("internal const int StateAccess = 1;", "StateAccess", "StateAccess")]
    [InlineData("public void For() { }", "For", "For")]
    [InlineData("public Any(ParameterSet<float> set) => _ = set;", "Any", "Any(ParameterSet<float>)")]
    public void OPTG003_MemberExists(string member, string underlined, string name) => Check(
        $$"""
        [Optimizer, Ewa(0.9f)]
        internal sealed partial class Any
        {
            {{member}}
        }
        """,
        [$"OPTG003 at `{underlined}`: 'Any' declares '{name}', a member that the generator adds; remove or rename it"]);

    [Fact]
    public void OPTG003_HyperparameterOfEveryGroup() => Check(
        """
        [Optimizer]
        internal sealed partial class Any
        {
            [Hyperparameter] public float LearningRate { get; set; } = 1;

            [Hyperparameter] public float LearningRateScale { get; set; } = 1;

            [UpdateRule] private static float Update(float parameter, float gradient, float learningRate, float learningRateScale) =>
                parameter - learningRate * gradient * learningRateScale;
        }
        """,
        "OPTG003 at `LearningRateScale`: 'Any' declares 'LearningRateScale', a member that the generator adds; remove or rename it");

    [Fact]
    public void OPTG003_ConstructorInDouble() => Check(
        """
        [Optimizer]
        internal sealed partial class Any
        {
            public Any(ParameterSet<double> set) => _ = set;

            [UpdateRule] private static double Update(double parameter, double gradient) => parameter - gradient;
        }
        """,
        "OPTG003 at `Any`: 'Any' declares 'Any(ParameterSet<double>)', a member that the generator adds; remove or rename it");

    [Theory]
    [InlineData("LearningRate")]
    [InlineData("GroupHyperparameters")]
    [InlineData("For")]
    public void OPTG003_ClassHasTheNameOfAMember(string name) => Check(
        $"[Optimizer] internal sealed partial class {name};",
        $"OPTG003 at `{name}`: '{name}' declares '{name}', a member that the generator adds; remove or rename it");

    [Theory]
    [InlineData("public float Beta1 { get; set; }")]
    [InlineData("private float beta2;  public float Other => beta2 += 1;")]
    [InlineData("public Any(ParameterSet<float> set, float rate) : this(set) => LearningRate = rate;")]
    [InlineData("public static Any Create(ParameterSet set) => new(set) { LearningRate = 1 };")]
    [InlineData("public new int Parameters => 1; public new int InstructionSet => 2; public int IndexOf => 3;")]
    [InlineData("private readonly float learningRate = 1; public float Rate => learningRate;")]
    [InlineData("internal struct Scalars; internal const int Rule = 1; private static class NeonKernels;")]
    [InlineData("private static void PrepareStep(long step, int group) { }")]
    [InlineData("public Any(ParameterSet<double> set) : this(new ParameterSet<float>()) => _ = set;")]
    [InlineData("public override string ToString() => $\"{LearningRate}\";")]
    public void OPTG003_NotForOtherMembers(string member) => Check($"[Optimizer] internal sealed partial class Any {{ {member} }}");

    /// <summary>A class has no other way to its rule than the generated constructor.</summary>
    [Theory]
    [InlineData("public Any() { }", "float")]
    [InlineData("public Any(int seed) { _ = seed; }", "float")]
    [InlineData("public Any(ParameterSet<float> set, float rate) => _ = rate + set.Count;", "float")]
    public void OPTG006_UnchainedConstructor(string constructor, string element) => Check(
        $"[Optimizer] internal sealed partial class Any {{ {constructor} }}",
        $"OPTG006 at `Any`: A constructor of 'Any' must call the generated one: write ': this(parameters)' behind it, with a ParameterSet<{element}>");

    [Fact]
    public void OPTG006_CallOfTheBase() => Check(
        "[Optimizer(ElementType = typeof(double))] internal sealed partial class Any { public Any(ParameterSet<double> set, int seed) : base(set, null!) => _ = seed; }",
        "OPTG006 at `Any`: A constructor of 'Any' must call the generated one: write ': this(parameters)' behind it, with a ParameterSet<double>");

    [Theory]
    [InlineData("public Any(ParameterSet<float> set, float rate) : this(set) => LearningRate = rate;")]
    [InlineData("public Any() : this(3) { } public Any(int count) : this(Make(count)) { } private static ParameterSet Make(int count) { var set = new ParameterSet(); set.Add(\"w\", count); return set; }")]
    [InlineData("static Any() { }")]
    public void OPTG006_NotForConstructorsThatLeadThere(string constructor) => Check($"[Optimizer] internal sealed partial class Any {{ {constructor} }}");

    [Theory]
    [InlineData("Ewa(0.9)", "Ewa")]
    [InlineData("BiasCorrection", "BiasCorrection")]
    [InlineData("OptimGen.TrackAverageAttribute", "TrackAverage")]
    public void OPTG004_StageWithoutOptimizer(string attribute, string name) => Check(
        $"[{attribute}] internal sealed partial class Any;",
        $"OPTG004 at `{attribute}`: [{name}] has no effect on 'Any', which is not marked [Optimizer]; add [Optimizer]");

    [Theory]
    [InlineData("[Hyperparameter] public float Rate { get; set; }", "Hyperparameter")]
    [InlineData("[PerStep] private static void Prepare(double rate, out double half) => half = rate / 2;", "PerStep")]
    [InlineData("[PerTensor] private static void Prepare(double rate, out double half) => half = rate / 2;", "PerTensor")]
    [InlineData("[Reduce(Reduction.Norm)] private static float Size(float gradient) => gradient;", "Reduce(Reduction.Norm)")]
    [InlineData("private static float Half([Ewa(0.9)] float value) => value / 2;", "Ewa(0.9)")]
    [InlineData("private static float Half([State] ref float value) => value / 2;", "State")]
    public void OPTG004_PartWithoutOptimizer(string member, string attribute) => Check(
        $"internal class Any {{ {member} }}",
        $"OPTG004 at `{attribute}`: [{attribute.Split('(')[0]}] has no effect on 'Any', which is not marked [Optimizer]; add [Optimizer]");

    [Fact]
    public void OPTG004_UpdateRuleWithoutOptimizer() => Check(
        "internal sealed class Any { [UpdateRule] private static float Update(float parameter, float gradient) => parameter - gradient; }",
        "OPTG004 at `UpdateRule`: [UpdateRule] has no effect on 'Any', which is not marked [Optimizer]; add [Optimizer]");

    [Fact]
    public void OPTG004_NotForAnotherLibrarysAttribute() => Check("""
        [Other.Ewa(2)] internal sealed class Any;

        namespace Other
        {
            internal sealed class EwaAttribute(double beta) : System.Attribute { public double Beta { get; } = beta; }
        }
        """);

    [Theory]
    [InlineData("Optimizer(LearningRate = -1)", "-1", "LearningRate of [Optimizer] is -1; it must be at least 0, and finite")]
    [InlineData("Optimizer(LearningRate = double.NaN)", "double.NaN", "LearningRate of [Optimizer] is NaN; it must be at least 0, and finite")]
    [InlineData("Optimizer(LearningRate = double.PositiveInfinity)", "double.PositiveInfinity", "LearningRate of [Optimizer] is Infinity; it must be at least 0, and finite")]
    [InlineData("Optimizer(LearningRate = 1e39)", "1e39", "LearningRate of [Optimizer] is 1E+39, Infinity as a float; it must be at least 0, and finite")]
    [InlineData("Ewa(1)", "1", "β of [Ewa] is 1; it must be in [0, 1)")]
    [InlineData("Ewa(-0.1f)", "-0.1f", "β of [Ewa] is -0.1; it must be in [0, 1)")]
    [InlineData("Ewa(0.99999999999)", "0.99999999999", "β of [Ewa] is 0.99999999999, 1 as a float; it must be in [0, 1)")]
    [InlineData("HeavyBall(1.5)", "1.5", "μ of [HeavyBall] is 1.5; it must be in [0, 1)")]
    [InlineData("RmsNormalize(2f)", "2f", "β of [RmsNormalize] is 2; it must be in [0, 1)")]
    [InlineData("RmsNormalize(0.9, Epsilon = -1e-8)", "-1e-8", "Epsilon of [RmsNormalize] is -1E-08; it must be at least 0, and finite")]
    [InlineData("RmsNormalize(0.9, EpsilonPlacement = (EpsilonPlacement)2)", "(EpsilonPlacement)2", "EpsilonPlacement of [RmsNormalize] is 2; it must be a member of the enumeration")]
    [InlineData("AdagradNormalize((AdagradForm)(-1))", "(AdagradForm)(-1)", "the form of [AdagradNormalize] is -1; it must be a member of the enumeration")]
    [InlineData("InfinityNormalize(1)", "1", "β of [InfinityNormalize] is 1; it must be in [0, 1)")]
    [InlineData("ClipByValue(0)", "0", "the limit of [ClipByValue] is 0; it must be greater than 0, and finite")]
    [InlineData("ClipByValue(1e-60)", "1e-60", "the limit of [ClipByValue] is 1E-60, 0 as a float; it must be greater than 0, and finite")]
    [InlineData("WeightDecay(-1)", "-1", "the coefficient of [WeightDecay] is -1; it must be at least 0, and finite")]
    [InlineData("DecoupledWeightDecay(-1)", "-1", "the coefficient of [DecoupledWeightDecay] is -1; it must be at least 0, and finite")]
    public void OPTG005_ValueOutOfRange(string attribute, string underlined, string message) => Check(
        attribute.StartsWith("Optimizer", StringComparison.Ordinal)
            ? $"[{attribute}] internal sealed partial class Any;"
            : $"[Optimizer, {attribute}] internal sealed partial class Any;",
        $"OPTG005 at `{underlined}`: {message}");

    [Fact]
    public void OPTG005_FirstSteps() => Check(
        "[Optimizer, Ewa(0.9), BiasCorrection(FirstSteps = 0)] internal sealed partial class Any;",
        "OPTG005 at `0`: FirstSteps of [BiasCorrection] is 0; it must be a whole number, at least 1");

    [Theory]
    [InlineData("Unroll = -1", "-1", "Unroll of [Optimizer] is -1; it must be in [0, 8]")]
    [InlineData("Unroll = 9", "9", "Unroll of [Optimizer] is 9; it must be in [0, 8]")]
    [InlineData("Unroll = int.MaxValue", "int.MaxValue", "Unroll of [Optimizer] is 2147483647; it must be in [0, 8]")]
    [InlineData("ElementType = typeof(int)", "typeof(int)", "ElementType of [Optimizer] is int; it must be float or double")]
    [InlineData("ElementType = typeof(float?)", "typeof(float?)", "ElementType of [Optimizer] is float?; it must be float or double")]
    [InlineData("ElementType = typeof(System.Collections.Generic.List<>)", "typeof(System.Collections.Generic.List<>)", "ElementType of [Optimizer] is System.Collections.Generic.List<>; it must be float or double")]
    public void OPTG005_Options(string argument, string underlined, string message) => Check(
        $"[Optimizer({argument})] internal sealed partial class Any;", $"OPTG005 at `{underlined}`: {message}");

    [Theory]
    [InlineData("Unroll = 0")]
    [InlineData("Unroll = 8")]
    [InlineData("ElementType = typeof(float)")]
    [InlineData("ElementType = typeof(double), Unroll = 1")]
    [InlineData("ElementType = null")]
    public void OPTG005_NotForOptionsInBounds(string argument) => Check($"[Optimizer({argument})] internal sealed partial class Any;");

    /// <summary>A state that starts from an infinity asks for it; one that becomes it by rounding does not.</summary>
    [Theory]
    [InlineData("1e300", "1E+300, Infinity as a float")]
    [InlineData("-3.5e38", "-3.5E+38, -Infinity as a float")]
    public void OPTG005_InitialValueOfAState(string written, string value) => Check(
        OfState("float", written), $"OPTG005 at `{written}`: InitialValue of [State] is {value}; it must be a number that a float can hold");

    [Theory]
    [InlineData("float", "-0.0")]
    [InlineData("float", "3e38")]
    [InlineData("float", "1e-300")]
    [InlineData("float", "double.NegativeInfinity")]
    [InlineData("float", "double.NaN")]
    [InlineData("double", "1e300")]
    public void OPTG005_NotForWhatAStateCanHold(string type, string written) => Check(OfState(type, written));

    [Theory]
    [InlineData("Optimizer(LearningRate = 0)")]
    [InlineData("Optimizer, Ewa(0)")]
    [InlineData("Optimizer, Ewa(0.9999999f)")]
    [InlineData("Optimizer, HeavyBall(0.999)")]
    [InlineData("Optimizer, RmsNormalize(0.999, Epsilon = 0)")]
    [InlineData("Optimizer, ClipByValue(1e-40)")]
    [InlineData("Optimizer, WeightDecay(3e38)")]
    [InlineData("Optimizer, Ewa(0.9), BiasCorrection(FirstSteps = 1)")]
    [InlineData("Optimizer, Ewa(0.9), BiasCorrection(FirstSteps = BiasCorrectionAttribute.Always)")]
    public void OPTG005_NotForValuesAtTheBounds(string attributes) => Check($"[{attributes}] internal sealed partial class Any;");

    [Theory]
    [InlineData("Ewa(0.9)", "HeavyBall(0.9)", "first moment")]
    [InlineData("RmsNormalize(0.9)", "AdagradNormalize", "second moment")]
    [InlineData("RmsNormalize(0.9)", "InfinityNormalize(0.9)", "second moment")]
    [InlineData("AdagradNormalize", "InfinityNormalize(0.9)", "second moment")]
    [InlineData("WeightDecay(0)", "DecoupledWeightDecay(0)", "weight decay")]
    public void OPTG010_SameStage(string first, string second, string stage)
    {
        string message = $"OPTG010 at `{second}`: [{Name(first)}] and [{Name(second)}] are both the rule's {stage}; keep one of them";
        Check($"[Optimizer, {first}, {second}] internal sealed partial class Any;", message);
        Check($"[{second}, {first}, Optimizer] internal sealed partial class Any;", message);
    }

    [Fact]
    public void OPTG010_TwoUpdates() => Check(
        "[Optimizer, Ewa(0.9), SignUpdate, TrackAverage] internal sealed partial class Any;",
        "OPTG010 at `TrackAverage`: [SignUpdate] and [TrackAverage] are both the rule's update; keep one of them");

    [Theory]
    [InlineData("Optimizer, BiasCorrection", true)]
    [InlineData("Optimizer, HeavyBall(0.9), BiasCorrection", true)]
    [InlineData("Optimizer, AdagradNormalize, BiasCorrection", true)]
    [InlineData("Optimizer, InfinityNormalize(0.9), BiasCorrection", true)]
    [InlineData("Optimizer, Ewa(0.9), BiasCorrection", false)]
    [InlineData("Optimizer, HeavyBall(0.9), RmsNormalize(0.9), BiasCorrection", false)]
    public void OPTG011_NothingToCorrect(string attributes, bool reports) => Check(
        $"[{attributes}] internal sealed partial class Any;",
        reports
            ? ["OPTG011 at `BiasCorrection`: [BiasCorrection] has nothing to correct: the rule has no exponentially weighted average whose size reaches the update; add [Ewa] or [RmsNormalize], or remove it"]
            : []);

    [Theory]
    [InlineData("RmsNormalize(0.9, Centered = true, AmsGrad = true)", true)]
    [InlineData("RmsNormalize(0.9, Centered = true, AmsGrad = false)", false)]
    [InlineData("RmsNormalize(0.9, AmsGrad = true)", false)]
    public void OPTG012_CenteredAmsGrad(string attribute, bool reports) => Check(
        $"[Optimizer, {attribute}] internal sealed partial class Any;",
        reports
            ? [$"OPTG012 at `{attribute}`: AmsGrad keeps the largest raw second moment, and Centered divides by the variance instead; set only one of them"]
            : []);

    [Theory]
    [InlineData("InfinityNormalize(0.9, EpsilonPlacement = EpsilonPlacement.InsideRoot)", true)]
    [InlineData("InfinityNormalize(0.9, EpsilonPlacement = EpsilonPlacement.OutsideRoot)", false)]
    [InlineData("AdagradNormalize(EpsilonPlacement = EpsilonPlacement.InsideRoot)", false)]
    public void OPTG013_NoRoot(string attribute, bool reports) => Check(
        $"[Optimizer, {attribute}] internal sealed partial class Any;",
        reports
            ? [$"OPTG013 at `{attribute}`: [InfinityNormalize] divides by a maximum, not by a root, so EpsilonPlacement.InsideRoot has no meaning; remove it"]
            : []);

    [Theory]
    [InlineData("RmsNormalize(0.9)")]
    [InlineData("AdagradNormalize")]
    [InlineData("InfinityNormalize(0.9)")]
    [InlineData("BiasCorrection")]
    public void OPTG014_SignIgnoresScale(string attribute) => Check(
        $"[Optimizer, Ewa(0.9), SignUpdate, {attribute}] internal sealed partial class Any;",
        $"OPTG014 at `{attribute}`: [SignUpdate] keeps only the sign of the direction, which [{Name(attribute)}] cannot change; remove one of them");

    [Theory]
    [InlineData("SignUpdate")]
    [InlineData("SignUpdate, Ewa(0.9, Nesterov = true), ClipByValue(1), WeightDecay(0.1)")]
    [InlineData("SignUpdate, HeavyBall(0.9), DecoupledWeightDecay(0.1)")]
    public void OPTG014_NotForWhatChangesTheSign(string attributes) => Check($"[Optimizer, {attributes}] internal sealed partial class Any;");

    [Theory]
    [InlineData("TrackAverage", "TrackAverage", "it needs [Ewa]")]
    [InlineData("Ewa(0.9, Nesterov = true), TrackAverage", "Ewa(0.9, Nesterov = true)", "Nesterov has no meaning beside it")]
    [InlineData("Ewa(0.9), TrackAverage, RmsNormalize(0.9)", "RmsNormalize(0.9)", "[RmsNormalize] has no place beside it")]
    [InlineData("Ewa(0.9), TrackAverage, AdagradNormalize", "AdagradNormalize", "[AdagradNormalize] has no place beside it")]
    [InlineData("Ewa(0.9), TrackAverage, InfinityNormalize(0)", "InfinityNormalize(0)", "[InfinityNormalize] has no place beside it")]
    [InlineData("Ewa(0.9), TrackAverage, WeightDecay(0)", "WeightDecay(0)", "[WeightDecay] has no place beside it")]
    [InlineData("Ewa(0.9), TrackAverage, DecoupledWeightDecay(0)", "DecoupledWeightDecay(0)", "[DecoupledWeightDecay] has no place beside it")]
    public void OPTG015_TrackAverageStands(string attributes, string underlined, string why) => Check(
        $"[Optimizer, {attributes}] internal sealed partial class Any;",
        $"OPTG015 at `{underlined}`: [TrackAverage] makes the parameter the average itself, so {why}");

    [Theory]
    [InlineData("Ewa(0.9), TrackAverage")]
    [InlineData("Ewa(0.9), BiasCorrection(FirstSteps = 10), TrackAverage, ClipByValue(2)")]
    public void OPTG015_NotForAnAverage(string attributes) => Check($"[Optimizer, {attributes}] internal sealed partial class Any;");

    [Fact]
    public void SeveralErrors_ShowAtOnce() => Check(
        """
        [Optimizer(LearningRate = -1), Ewa(2), HeavyBall(0.9), RmsNormalize(0.9, Centered = true, AmsGrad = true)]
        internal sealed class Any
        {
            public float Epsilon { get; set; }
        }
        """,
        "OPTG005 at `-1`: LearningRate of [Optimizer] is -1; it must be at least 0, and finite",
        "OPTG005 at `2`: β of [Ewa] is 2; it must be in [0, 1)",
        "OPTG010 at `HeavyBall(0.9)`: [Ewa] and [HeavyBall] are both the rule's first moment; keep one of them",
        "OPTG012 at `RmsNormalize(0.9, Centered = true, AmsGrad = true)`: AmsGrad keeps the largest raw second moment, and Centered divides by the variance instead; set only one of them",
        "OPTG001 at `Any`: 'Any' must be declared partial, so that the generator can add the optimizer to it",
        "OPTG003 at `Epsilon`: 'Any' declares 'Epsilon', a member that the generator adds; remove or rename it");

    /// <summary>An analyzer's error can be silenced where it stands; then nothing is generated.</summary>
    [Fact]
    public void Pragma_Silences() => Check("""
        #pragma warning disable OPTG005
        [Optimizer, Ewa(2)] internal sealed partial class Any;
        #pragma warning restore OPTG005
        """);

    [Fact]
    public void SuppressMessage_Silences() => Check("""
        [Optimizer, Ewa(2)]
        [System.Diagnostics.CodeAnalysis.SuppressMessage("OptimGen", "OPTG005:The value is out of range", Justification = "To be repaired.")]
        internal sealed partial class Any;
        """);

    /// <summary>What the compiler complains of is not complained of twice.</summary>
    [Theory]
    [InlineData(
        "Optimizer, Ewa", "partial class Any",
        "CS7036 at `Ewa`: There is no argument given that corresponds to the required parameter 'beta' of 'EwaAttribute.EwaAttribute(double)'")]
    [InlineData("Optimizer, Ewa(\"0.9\")", "partial class Any", "CS1503 at `\"0.9\"`: Argument 1: cannot convert from 'string' to 'double'")]
    [InlineData("Optimizer, Ewa(null)", "partial class Any", "CS1503 at `null`: Argument 1: cannot convert from '<null>' to 'double'")]
    [InlineData("Optimizer, Ewa(0.9), Ewa(0.9)", "partial class Any", "CS0579 at `Ewa`: Duplicate 'Ewa' attribute")]
    [InlineData("Optimizer, Ewa(0.9, Beta = 2)", "partial class Any", "CS0617 at `Beta`: 'Beta' is not a valid named attribute argument. Named attribute arguments must be fields which are not readonly, static, or const, or read-write properties which are public and not static.")]
    [InlineData("Optimizer(Rate = 2)", "partial class Any", "CS0246 at `Rate`: The type or namespace name 'Rate' could not be found (are you missing a using directive or an assembly reference?)")]
    [InlineData("Optimizer", "partial struct Any", "CS0592 at `Optimizer`: Attribute 'Optimizer' is not valid on this declaration type. It is only valid on 'class' declarations.")]
    [InlineData("Optimizer", "struct Any", "CS0592 at `Optimizer`: Attribute 'Optimizer' is not valid on this declaration type. It is only valid on 'class' declarations.")]
    [InlineData("Optimizer", "partial interface Any", "CS0592 at `Optimizer`: Attribute 'Optimizer' is not valid on this declaration type. It is only valid on 'class' declarations.")]
    [InlineData("Optimizer", "partial record struct Any", "CS0592 at `Optimizer`: Attribute 'Optimizer' is not valid on this declaration type. It is only valid on 'class' declarations.")]
    [InlineData("Optimizer", "partial class Any : Missing", "CS0246 at `Missing`: The type or namespace name 'Missing' could not be found (are you missing a using directive or an assembly reference?)")]
    public void CompilersError_IsTheOnlyOne(string attributes, string declaration, string diagnostic) =>
        Check($"[{attributes}] internal {declaration};", diagnostic);

    [Fact]
    public void AttributeOnTwoParts_IsTheCompilersError() => new GeneratorTest().Run(
        ["using OptimGen; [Optimizer] internal partial class Any;", "using OptimGen; [Optimizer] internal partial class Any;"],
        "CS0579 at `Optimizer`: Duplicate 'Optimizer' attribute");

    private static string OfState(string type, string initial) =>
        $"[Optimizer] internal sealed partial class Any {{ [UpdateRule] private static {type} Update({type} parameter, {type} gradient, "
        + $"[State(InitialValue = {initial})] ref {type} kept) {{ kept += gradient; return parameter - kept; }} }}";

    private static string Name(string attribute) => attribute.Split('(')[0];

    private static void Check(string source, params string[] diagnostics) => GeneratorTest.Run(GeneratorTest.Usings + source, diagnostics);
}
