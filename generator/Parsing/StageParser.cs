using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;
using OptimGen.Generator.Stages;

namespace OptimGen.Generator.Parsing;

/// <summary>Reads the stack of attributes on a class or a parameter, and refuses the combinations that make no sense.</summary>
internal sealed class StageParser
{
    private readonly Dictionary<string, AttributeReader> found = [];
    private readonly DiagnosticSink sink;

    private StageParser(ISymbol declared, DiagnosticSink sink, CancellationToken cancellation)
    {
        this.sink = sink;
        foreach (AttributeData attribute in declared.GetAttributes())
        {
            if (KnownAttributes.ShortName(attribute) is { } name)
            {
                found[name] = new AttributeReader(attribute, sink, cancellation);
            }
        }
    }

    /// <param name="declared">The class, or the parameter of a rule's method, that the attributes are on.</param>
    /// <param name="sink">Where findings go.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static StageSet Parse(ISymbol declared, DiagnosticSink sink, CancellationToken cancellation)
    {
        var parser = new StageParser(declared, sink, cancellation);
        StageSet stages = parser.Read();
        parser.RefuseTwoOfOneStage();
        parser.RefuseCombinations(stages);
        return stages;
    }

    private StageSet Read() => new()
    {
        LearningRate = Find(KnownAttributes.Optimizer)?.NamedNumber(StageHyperparameter.LearningRate) ?? StageHyperparameter.LearningRate.Default,
        ClipValue = Find(KnownAttributes.ClipByValue)?.Number(StageHyperparameter.ClipValue),
        WeightDecay = Find(KnownAttributes.WeightDecay)?.Number(StageHyperparameter.WeightDecay),
        Ewa = Find(KnownAttributes.Ewa) is { } ewa
            ? new EwaStage(ewa.Number(StageHyperparameter.Beta1), ewa.Flag("Nesterov"))
            : null,
        HeavyBall = Find(KnownAttributes.HeavyBall) is { } heavyBall
            ? new HeavyBallStage(heavyBall.Number(StageHyperparameter.Momentum), heavyBall.Flag("Nesterov"))
            : null,
        RmsNormalize = Find(KnownAttributes.RmsNormalize) is { } rms
            ? new RmsNormalizeStage(
                rms.Number(StageHyperparameter.Beta2OfMeanSquare), Epsilon(rms, StageHyperparameter.Epsilon), rms.Flag("Centered"), rms.Flag("AmsGrad"))
            : null,
        AdagradNormalize = Find(KnownAttributes.AdagradNormalize) is { } adagrad
            ? new AdagradNormalizeStage(adagrad.Member("the form", members: 2) == 1, Epsilon(adagrad, StageHyperparameter.EpsilonOfAdagrad))
            : null,
        InfinityNormalize = Find(KnownAttributes.InfinityNormalize) is { } infinity
            ? new InfinityNormalizeStage(infinity.Number(StageHyperparameter.Beta2OfInfinityNorm), Epsilon(infinity, StageHyperparameter.Epsilon))
            : null,
        BiasCorrectedSteps = (int?)Find(KnownAttributes.BiasCorrection)?.NamedNumber("FirstSteps", NumberRange.Count, int.MaxValue),
        DecoupledWeightDecay = Find(KnownAttributes.DecoupledWeightDecay)?.Number(StageHyperparameter.DecoupledWeightDecay),
        SignUpdate = Find(KnownAttributes.SignUpdate) is not null,
        TrackAverage = Find(KnownAttributes.TrackAverage) is not null,
    };

    private static EpsilonSpec Epsilon(AttributeReader attribute, StageHyperparameter epsilon) => new(
        attribute.NamedNumber(epsilon), attribute.NamedMember("EpsilonPlacement", members: 2) == 1);

    private void RefuseTwoOfOneStage()
    {
        RefuseTwo("first moment", KnownAttributes.Ewa, KnownAttributes.HeavyBall);
        RefuseTwo("second moment", KnownAttributes.RmsNormalize, KnownAttributes.AdagradNormalize, KnownAttributes.InfinityNormalize);
        RefuseTwo("weight decay", KnownAttributes.WeightDecay, KnownAttributes.DecoupledWeightDecay);
        RefuseTwo("update", KnownAttributes.SignUpdate, KnownAttributes.TrackAverage);
    }

    private void RefuseTwo(string stage, params string[] names)
    {
        string[] present = names.Where(found.ContainsKey).ToArray();
        foreach (string other in present.Skip(1))
        {
            sink.ReportFixable(Descriptors.SameStage, found[other].Location, FixData.Of((FixData.Stages, $"{other},{present[0]}")), present[0], other, stage);
        }
    }

    private void RefuseCombinations(StageSet stages)
    {
        if (stages.RmsNormalize is { Centered: true, AmsGrad: true })
        {
            sink.ReportFixable(
                Descriptors.CenteredAmsGrad, found[KnownAttributes.RmsNormalize].Location, FixData.Of((FixData.Arguments, "Centered,AmsGrad")));
        }

        if (stages.InfinityNormalize is { Epsilon.InsideRoot: true })
        {
            sink.ReportFixable(
                Descriptors.NoRoot, found[KnownAttributes.InfinityNormalize].Location, FixData.Of((FixData.Arguments, "EpsilonPlacement")));
        }

        if (stages.SignUpdate)
        {
            RefuseBeside(
                KnownAttributes.RmsNormalize, KnownAttributes.AdagradNormalize, KnownAttributes.InfinityNormalize, KnownAttributes.BiasCorrection);
        }
        else if (stages is { BiasCorrectedSteps: not null, Ewa: null, RmsNormalize: null })
        {
            sink.ReportFixable(
                Descriptors.NothingToCorrect, found[KnownAttributes.BiasCorrection].Location, FixData.Of((FixData.Stages, KnownAttributes.BiasCorrection)));
        }

        if (stages.TrackAverage)
        {
            RefuseBesideTrackAverage(stages);
        }
    }

    private void RefuseBeside(params string[] names)
    {
        foreach (string name in names.Where(found.ContainsKey))
        {
            sink.ReportFixable(Descriptors.SignIgnoresScale, found[name].Location, FixData.Of((FixData.Stages, $"{name},{KnownAttributes.SignUpdate}")), name);
        }
    }

    private void RefuseBesideTrackAverage(StageSet stages)
    {
        string[] others =
        [
            KnownAttributes.HeavyBall, KnownAttributes.RmsNormalize, KnownAttributes.AdagradNormalize, KnownAttributes.InfinityNormalize,
            KnownAttributes.WeightDecay, KnownAttributes.DecoupledWeightDecay,
        ];
        foreach (string name in others.Where(found.ContainsKey))
        {
            sink.ReportFixable(
                Descriptors.TrackAverageStands, found[name].Location, FixData.Of((FixData.Stages, name)), $"[{name}] has no place beside it");
        }

        if (stages.Ewa is null)
        {
            sink.Report(Descriptors.TrackAverageStands, found[KnownAttributes.TrackAverage].Location, "it needs [Ewa]");
        }
        else if (stages.Ewa.Nesterov)
        {
            sink.ReportFixable(
                Descriptors.TrackAverageStands, found[KnownAttributes.Ewa].Location, FixData.Of((FixData.Arguments, "Nesterov")), "Nesterov has no meaning beside it");
        }
    }

    private AttributeReader? Find(string name) => found.TryGetValue(name, out AttributeReader? reader) ? reader : null;
}
