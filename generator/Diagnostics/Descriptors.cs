using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace OptimGen.Generator.Diagnostics;

/// <summary>Every diagnostic of the generator, in the order of the identifiers.</summary>
internal static class Descriptors
{
    private const string Category = "OptimGen";

    /// <summary>
    /// Where the pages of the diagnostics are: a package URL (https://github.com/package-url/purl-spec) with the folder inside of the package.
    /// It is replaced by a web address when the project has one.
    /// </summary>
    private const string PagesAddress = "pkg:nuget/OptimGen#generator/docs/diagnostics/";

    /// <summary>{0} is marked [Optimizer] but not declared partial, so nothing can be added to it.</summary>
    public static readonly DiagnosticDescriptor NotPartial = Error(
        "OPTG001", "An optimizer must be partial",
        "'{0}' must be declared partial, so that the generator can add the optimizer to it");

    /// <summary>{0} can't be an optimizer: {1}.</summary>
    public static readonly DiagnosticDescriptor UnsupportedType = Error(
        "OPTG002", "An optimizer must be an ordinary class",
        "'{0}' cannot be an optimizer because it {1}; declare a non-generic, non-static, non-abstract class without a base class");

    /// <summary>{0} declares {1}, which the generator adds.</summary>
    public static readonly DiagnosticDescriptor MemberExists = Error(
        "OPTG003", "The generator adds this member",
        "'{0}' declares '{1}', a member that the generator adds; remove or rename it");

    /// <summary>[{0}] without [Optimizer] on {1}.</summary>
    public static readonly DiagnosticDescriptor RuleWithoutOptimizer = Error(
        "OPTG004", "A rule needs an optimizer",
        "[{0}] has no effect on '{1}', which is not marked [Optimizer]; add [Optimizer]");

    /// <summary>{0} = {1} must be {2}.</summary>
    public static readonly DiagnosticDescriptor ValueOutOfRange = Error(
        "OPTG005", "The value is out of range",
        "{0} is {1}; it must be {2}");

    /// <summary>A constructor of {0} that does not call the generated one.</summary>
    public static readonly DiagnosticDescriptor UnchainedConstructor = Error(
        "OPTG006", "A constructor must call the generated one",
        "A constructor of '{0}' must call the generated one: write ': this(parameters)' behind it, with a ParameterSet<{1}>");

    /// <summary>{0} stands beside a global {1} {2}.</summary>
    public static readonly DiagnosticDescriptor HidingType = Error(
        "OPTG007", "A global type or namespace hides what generated code needs",
        "'{0}' cannot be generated while the global namespace has a {1} '{2}': it hides what that name means elsewhere; move the {1} into another namespace, or rename it");

    /// <summary>[{0}] and [{1}] can't both be.</summary>
    public static readonly DiagnosticDescriptor SameStage = Error(
        "OPTG010", "Two attributes for one stage",
        "[{0}] and [{1}] are both the rule's {2}; keep one of them");

    /// <summary>Nothing to correct.</summary>
    public static readonly DiagnosticDescriptor NothingToCorrect = Error(
        "OPTG011", "Bias correction needs an average",
        "[BiasCorrection] has nothing to correct: the rule has no exponentially weighted average whose size reaches the update; add [Ewa] or [RmsNormalize], or remove it");

    /// <summary>AMSGrad and a centred second moment.</summary>
    public static readonly DiagnosticDescriptor CenteredAmsGrad = Error(
        "OPTG012", "AMSGrad needs the raw second moment",
        "AmsGrad keeps the largest raw second moment, and Centered divides by the variance instead; set only one of them");

    /// <summary>ε inside of a root that is not there.</summary>
    public static readonly DiagnosticDescriptor NoRoot = Error(
        "OPTG013", "The infinity norm has no root",
        "[InfinityNormalize] divides by a maximum, not by a root, so EpsilonPlacement.InsideRoot has no meaning; remove it");

    /// <summary>A sign does not see the scale.</summary>
    public static readonly DiagnosticDescriptor SignIgnoresScale = Error(
        "OPTG014", "The sign hides the scale",
        "[SignUpdate] keeps only the sign of the direction, which [{0}] cannot change; remove one of them");

    /// <summary>{0} next to [TrackAverage].</summary>
    public static readonly DiagnosticDescriptor TrackAverageStands = Error(
        "OPTG015", "TrackAverage is the whole update",
        "[TrackAverage] makes the parameter the average itself, so {0}");

    /// <summary>{0} can't be vectorized: {1}.</summary>
    public static readonly DiagnosticDescriptor NotVectorizable = Error(
        "OPTG020", "This cannot be vectorized",
        "'{0}' cannot be part of a kernel: {1}");

    /// <summary>{0} is of type {1} in a rule of {2}.</summary>
    public static readonly DiagnosticDescriptor MixedPrecision = Error(
        "OPTG021", "A rule has one precision",
        "'{0}' is of type {1} in a rule of {2}; write all of the rule in {2} (a literal of float ends in f)");

    /// <summary>The method {0} {1}.</summary>
    public static readonly DiagnosticDescriptor MethodSignature = Error(
        "OPTG022", "The method's signature does not fit",
        "The method '{0}' {1}");

    /// <summary>Parameter {0} of {1} is bound to nothing.</summary>
    public static readonly DiagnosticDescriptor UnboundParameter = Error(
        "OPTG023", "The parameter is bound to nothing",
        "The parameter '{0}' of '{1}' {2}");

    /// <summary>The property {0} can't be a hyperparameter: it {1}.</summary>
    public static readonly DiagnosticDescriptor HyperparameterProperty = Error(
        "OPTG024", "A hyperparameter is a settable property",
        "The property '{0}' {1}");

    /// <summary>Two update rules.</summary>
    public static readonly DiagnosticDescriptor SecondUpdateRule = Error(
        "OPTG025", "An optimizer has one update rule",
        "'{0}' is a second [UpdateRule] of '{1}'; keep one");

    /// <summary>[{0}] on a class with a method.</summary>
    public static readonly DiagnosticDescriptor StageBesideMethod = Error(
        "OPTG026", "The method is the rule",
        "[{0}] on the class has no place beside [UpdateRule]; put it on a parameter of '{1}'");

    /// <summary>The stage [{0}] on the parameter {1}.</summary>
    public static readonly DiagnosticDescriptor StageOnParameter = Error(
        "OPTG027", "The stage does not fit the parameter",
        "[{0}] has no place on the parameter '{1}'; {2}");

    /// <summary>The state {0} is of rows, and {1}.</summary>
    public static readonly DiagnosticDescriptor RowState = Error(
        "OPTG028", "This does not go with a state of rows",
        "The state '{0}' has one number for each row, and {1}");

    /// <summary>{0} changes nothing; {1} says what to do.</summary>
    public static readonly DiagnosticDescriptor StateWithoutEffect = Warning(
        "OPTG030", "The state has no effect",
        "{0} never reaches the parameter; {1}");

    /// <summary>The state {0} keeps its initial value {1}.</summary>
    public static readonly DiagnosticDescriptor StateNeverWritten = Warning(
        "OPTG031", "The state is never written",
        "The state '{0}' is never written, so it is {1} at every step; assign to it, or declare a hyperparameter or a constant in its place");

    /// <summary>The hyperparameter {0} changes nothing; the rule sees it as {1}.</summary>
    public static readonly DiagnosticDescriptor HyperparameterWithoutEffect = Warning(
        "OPTG032", "The hyperparameter has no effect",
        "The hyperparameter '{0}' never reaches the parameter; take it as '{1}' where it is meant to act, or remove [Hyperparameter]");

    /// <summary>The gradient does not reach what {0} returns.</summary>
    public static readonly DiagnosticDescriptor GradientIgnored = Warning(
        "OPTG033", "The rule ignores the gradient",
        "What '{0}' returns does not depend on the gradient, at this step or a later one; take a parameter 'gradient' and use it");

    /// <summary>{0} returns its parameter.</summary>
    public static readonly DiagnosticDescriptor ParameterUnchanged = Warning(
        "OPTG034", "The rule leaves the parameter as it is",
        "'{0}' returns the parameter as it was, so a step changes nothing; return the new value");

    /// <summary>{0} is {1} and stands where a denominator is kept from 0.</summary>
    public static readonly DiagnosticDescriptor EpsilonIsZero = Warning(
        "OPTG035", "An ε of 0 guards nothing",
        "{0} is {1}, so it keeps no denominator from 0; write a larger number, such as 1e-8");

    /// <summary>The weight {0} of the past is {1}.</summary>
    public static readonly DiagnosticDescriptor WeightIsOne = Warning(
        "OPTG036", "A weight of 1 learns nothing",
        "'{0}' is {1}, so 1 − {0} is 0 and the state '{2}' takes in nothing new; write a number below 1");

    /// <summary>{0} is cut off before it is converted to {1}.</summary>
    public static readonly DiagnosticDescriptor IntegerDivision = Warning(
        "OPTG037", "An integer division loses the fraction",
        "'{0}' divides whole numbers and drops the fraction before it becomes a {1}; make one operand a {1}");

    /// <summary>The float literal {0} becomes {1} in double.</summary>
    public static readonly DiagnosticDescriptor FloatInDouble = Info(
        "OPTG038", "A float constant is inexact in double",
        "'{0}' is {1} as a double; write it without f");

    /// <summary>A loop that updates {0} by {1}.</summary>
    public static readonly DiagnosticDescriptor LoopIsRule = Info(
        "OPTG039", "This loop is an update rule",
        "The loop moves '{0}' along '{1}' by a rule of single elements; declare the rule as an optimizer, which gets vectorized kernels");

    /// <summary>All of them.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        NotPartial, UnsupportedType, MemberExists, RuleWithoutOptimizer, ValueOutOfRange, UnchainedConstructor, HidingType, SameStage, NothingToCorrect, CenteredAmsGrad, NoRoot,
        SignIgnoresScale, TrackAverageStands, NotVectorizable, MixedPrecision, MethodSignature, UnboundParameter, HyperparameterProperty,
        SecondUpdateRule, StageBesideMethod, StageOnParameter, RowState,
        StateWithoutEffect, StateNeverWritten, HyperparameterWithoutEffect, GradientIgnored, ParameterUnchanged, EpsilonIsZero, WeightIsOne, IntegerDivision, FloatInDouble, LoopIsRule);

    private static DiagnosticDescriptor Error(string id, string title, string message) => Create(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message) => Create(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Info(string id, string title, string message) => Create(id, title, message, DiagnosticSeverity.Info);

    private static DiagnosticDescriptor Create(string id, string title, string message, DiagnosticSeverity severity) => new(
        id, title, message, Category, severity, isEnabledByDefault: true, helpLinkUri: PagesAddress + id + ".md");
}
