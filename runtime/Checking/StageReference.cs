using System.Globalization;
using System.Numerics;
using System.Reflection;

namespace OptimGen;

/// <summary>
/// What a stack of stages computes for one element, as its documentation defines it, with a fused multiply-add wherever a product is added. It is written
/// from the definitions, and shares nothing with what the generator makes of the same attributes.
/// </summary>
/// <param name="declared">The class, or the parameter of a rule's method, that the attributes are on.</param>
/// <param name="prefix">What the names of hyperparameters and states begin with.</param>
internal sealed class StageReference<T>(ICustomAttributeProvider declared, string prefix)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostKnown = 256;

    [ThreadStatic]
    private static Dictionary<ulong, double>? meant;

    private readonly ClipByValueAttribute? clip = Find<ClipByValueAttribute>(declared);
    private readonly WeightDecayAttribute? decay = Find<WeightDecayAttribute>(declared);
    private readonly EwaAttribute? ewa = Find<EwaAttribute>(declared);
    private readonly HeavyBallAttribute? heavyBall = Find<HeavyBallAttribute>(declared);
    private readonly RmsNormalizeAttribute? rms = Find<RmsNormalizeAttribute>(declared);
    private readonly AdagradNormalizeAttribute? adagrad = Find<AdagradNormalizeAttribute>(declared);
    private readonly InfinityNormalizeAttribute? infinity = Find<InfinityNormalizeAttribute>(declared);
    private readonly BiasCorrectionAttribute? correction = Find<BiasCorrectionAttribute>(declared);
    private readonly DecoupledWeightDecayAttribute? decoupled = Find<DecoupledWeightDecayAttribute>(declared);
    private readonly SignUpdateAttribute? sign = Find<SignUpdateAttribute>(declared);
    private readonly TrackAverageAttribute? track = Find<TrackAverageAttribute>(declared);

    /// <summary>Reads a hyperparameter by its name, or reads and writes a state of the element.</summary>
    public interface IElement
    {
        /// <summary>The hyperparameter.</summary>
        T Hyperparameter(string name);

        /// <summary>The state.</summary>
        ref T State(string name);

        /// <summary>A scalar of the step, rounded once.</summary>
        T Narrow(double scalar);
    }

    /// <summary>g as the stages on the gradient leave it.</summary>
    public T Gradient(T gradient, T parameter, IElement element)
    {
        if (clip is not null)
        {
            T limit = element.Hyperparameter(Name("ClipValue"));
            gradient = T.Min(T.Max(gradient, -limit), limit);
        }

        return decay is null ? gradient : T.FusedMultiplyAdd(element.Hyperparameter(Name("WeightDecay")), parameter, gradient);
    }

    /// <summary>The direction, what divides it for this element, and what divides it for all.</summary>
    public (T Direction, T? Denominator, double? Divisor) Direction(T gradient, long step, IElement element)
    {
        T direction = gradient;
        double? divisor = null;
        if (ewa is not null)
        {
            (direction, divisor) = Average(gradient, step, element);
        }
        else if (heavyBall is not null)
        {
            T momentum = element.Hyperparameter(Name("Momentum"));
            ref T buffer = ref element.State(Name("momentumBuffer"));
            buffer = T.FusedMultiplyAdd(momentum, buffer, gradient);
            direction = heavyBall.Nesterov ? T.FusedMultiplyAdd(momentum, buffer, gradient) : buffer;
        }

        return (direction, Denominator(gradient, step, element), divisor);
    }

    /// <summary>The new parameter of a rule that is nothing but its stages.</summary>
    public T Update(T parameter, T gradient, long step, IElement element)
    {
        gradient = Gradient(gradient, parameter, element);
        (T direction, T? denominator, double? divisor) = Direction(gradient, step, element);
        if (track is not null)
        {
            return divisor is { } by ? direction / element.Narrow(by) : direction;
        }

        T learningRate = element.Hyperparameter("LearningRate");
        if (decoupled is not null)
        {
            T shrinkage = element.Narrow(Meant(learningRate) * Meant(element.Hyperparameter("WeightDecay")));
            parameter = T.FusedMultiplyAdd(-shrinkage, parameter, parameter);
        }

        T stepSize = divisor is { } correction ? element.Narrow(Meant(learningRate) / correction) : learningRate;
        if (denominator is { } quotient)
        {
            return parameter - stepSize * direction / quotient;
        }

        if (sign is not null)
        {
            direction = direction > T.Zero ? T.One : direction < T.Zero ? T.NegativeOne : direction - direction;
        }

        return T.FusedMultiplyAdd(-stepSize, direction, parameter);
    }

    /// <summary>The double that a number means: its shortest decimal.</summary>
    public static double Meant(T value)
    {
        // Every element asks for the same few hyperparameters. By their bits, because 0 and -0 are equal.
        Dictionary<ulong, double> known = meant ??= [];
        if (!known.TryGetValue(FloatBits.Of(value), out double result))
        {
            if (known.Count == MostKnown)
            {
                known.Clear();
            }

            result = double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            known.Add(FloatBits.Of(value), result);
        }

        return result;
    }

    private static TAttribute? Find<TAttribute>(ICustomAttributeProvider declared)
        where TAttribute : Attribute => (TAttribute?)declared.GetCustomAttributes(typeof(TAttribute), inherit: false).FirstOrDefault();

    private (T Direction, double? Divisor) Average(T gradient, long step, IElement element)
    {
        T beta = element.Hyperparameter(Name("Beta1"));
        double exactBeta = Meant(beta);
        T share = element.Narrow(1 - exactBeta);
        ref T moment = ref element.State(Name("firstMoment"));
        moment = T.FusedMultiplyAdd(beta, moment, share * gradient);
        double? corrected = CorrectionOf(exactBeta, step, step);
        if (!ewa!.Nesterov)
        {
            return (moment, corrected);
        }

        T ahead = corrected is null ? beta : element.Narrow(exactBeta / CorrectionOf(exactBeta, step, step + 1)!.Value);
        T now = corrected is null ? share : element.Narrow((1 - exactBeta) / corrected.Value);
        return (T.FusedMultiplyAdd(ahead, moment, now * gradient), null);
    }

    private T? Denominator(T gradient, long step, IElement element)
    {
        if (rms is not null)
        {
            T beta = element.Hyperparameter(Name("Beta2"));
            double exactBeta = Meant(beta);
            T share = element.Narrow(1 - exactBeta);
            ref T moment = ref element.State(Name("secondMoment"));
            moment = T.FusedMultiplyAdd(beta, moment, share * gradient * gradient);
            double? corrected = CorrectionOf(exactBeta, step, step);
            T mean = moment;
            if (rms.Centered)
            {
                ref T average = ref element.State(Name("gradientAverage"));
                average = T.FusedMultiplyAdd(beta, average, share * gradient);
                T scaled = corrected is { } by ? element.Narrow(1 / by) * average : average;
                mean = T.Max(T.FusedMultiplyAdd(-scaled, average, moment), T.Zero);
            }
            else if (rms.AmsGrad)
            {
                ref T largest = ref element.State(Name("maxSecondMoment"));
                mean = largest = T.Max(largest, moment);
            }

            return Root(mean, corrected, rms.EpsilonPlacement, element);
        }

        if (adagrad is not null)
        {
            ref T sum = ref element.State(Name("squareSum"));
            sum = T.FusedMultiplyAdd(gradient, gradient, sum);
            return Root(sum, adagrad.Form == AdagradForm.Mean ? step : null, adagrad.EpsilonPlacement, element);
        }

        if (infinity is not null)
        {
            ref T norm = ref element.State(Name("infinityNorm"));
            norm = T.Max(element.Hyperparameter(Name("Beta2")) * norm, T.Abs(gradient));
            return norm + element.Hyperparameter(Name("Epsilon"));
        }

        return null;
    }

    private T Root(T mean, double? corrected, EpsilonPlacement placement, IElement element)
    {
        T epsilon = element.Hyperparameter(Name("Epsilon"));
        if (placement == EpsilonPlacement.InsideRoot)
        {
            return T.Sqrt(corrected is { } by ? T.FusedMultiplyAdd(mean, element.Narrow(1 / by), epsilon) : mean + epsilon);
        }

        T root = T.Sqrt(mean);
        return corrected is { } of ? T.FusedMultiplyAdd(root, element.Narrow(1 / Math.Sqrt(of)), epsilon) : root + epsilon;
    }

    /// <summary>1 − βᵗ while it is asked for, then 1; nothing where it is not asked for at all.</summary>
    private double? CorrectionOf(double beta, long step, long exponent) =>
        correction is null ? null : step <= correction.FirstSteps ? 1 - Power(beta, exponent) : 1;

    /// <summary>
    /// βᵗ as the steps define it: β⁶⁴ᵠ·βʳ with t = 64q + r, each by repeated squaring with twice the precision of a double, and no power kept from one
    /// step to the next.
    /// </summary>
    private static double Power(double x, long exponent)
    {
        (double High, double Low) Squared(long of)
        {
            (double High, double Low) result = (1, 0), square = (x, 0);
            for (; of > 0; of >>= 1)
            {
                result = (of & 1) == 0 ? result : Product(result, square);
                square = Product(square, square);
            }

            return result;
        }

        static (double High, double Low) Product((double High, double Low) a, (double High, double Low) b)
        {
            double high = a.High * b.High;
            double low = Math.FusedMultiplyAdd(a.High, b.Low, Math.FusedMultiplyAdd(a.Low, b.High, Math.FusedMultiplyAdd(a.High, b.High, -high)));
            return (high + low, low - (high + low - high));
        }

        return Product(Squared(exponent / 64 * 64), Squared(exponent % 64)).High;
    }

    private string Name(string name) =>
        prefix.Length == 0 ? name
        : char.IsUpper(name[0]) ? char.ToUpperInvariant(prefix[0]) + prefix[1..] + name
        : prefix + char.ToUpperInvariant(name[0]) + name[1..];
}
