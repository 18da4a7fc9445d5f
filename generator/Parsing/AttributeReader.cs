using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;
using OptimGen.Generator.Stages;

namespace OptimGen.Generator.Parsing;

/// <summary>
/// One attribute's arguments, each checked. What the compiler itself complains of (a missing argument, a wrong type) reads as the
/// default, without a second complaint.
/// </summary>
internal sealed class AttributeReader(AttributeData attribute, DiagnosticSink sink, CancellationToken cancellation)
{
    public Location? Location { get; } = Locations.Of(attribute, cancellation);

    /// <summary>The constructor's only argument, the declared value of a hyperparameter.</summary>
    public double Number(StageHyperparameter declared) => Check(Only(), name: null, declared.Argument, declared.Range, declared.Default);

    /// <summary>A named argument that is the declared value of a hyperparameter.</summary>
    public double NamedNumber(StageHyperparameter declared) => NamedNumber(declared.Argument, declared.Range, declared.Default);

    /// <summary>A named argument that is a number.</summary>
    public double NamedNumber(string name, NumberRange range, double fallback) => Check(Named(name), name, name, range, fallback);

    /// <summary>The constructor's only argument, a member of an enumeration with <paramref name="members"/> members, the first by default.</summary>
    public int Member(string meaning, int members) => CheckMember(Only(), name: null, meaning, members);

    /// <summary>A named argument that is a member of an enumeration.</summary>
    public int NamedMember(string name, int members) => CheckMember(Named(name), name, name, members);

    /// <summary>A named argument that is true or false; false by default.</summary>
    public bool Flag(string name) => Named(name)?.Value is true;

    /// <summary>A constant as a number; <see langword="null"/> for a character, a text or a truth value, which no number is meant by.</summary>
    public static double? NumberOf(object constant) =>
        constant is IConvertible convertible and not (char or string or bool) ? convertible.ToDouble(CultureInfo.InvariantCulture) : null;

    /// <summary>Where a named argument stands; the whole attribute where it is not found.</summary>
    public Location? LocationOf(string name) => PlaceOf(name) ?? Location;

    private TypedConstant? Only() => attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0] : null;

    private TypedConstant? Named(string name) => KnownAttributes.Argument(attribute, name);

    private double Check(TypedConstant? argument, string? name, string meaning, NumberRange range, double fallback)
    {
        if (argument is not { Kind: TypedConstantKind.Primitive, Value: { } given } || NumberOf(given) is not { } number)
        {
            return fallback;
        }

        double value = given is int ? number : ShortestDecimal.Meant(number);
        if (range.Contains(value))
        {
            return value;
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        string rounded = ((float)value).ToString("R", CultureInfo.InvariantCulture);
        Refuse(name, meaning, range.Allows(value) ? $"{text}, {rounded} as a float" : text, range.ToString(), range.Inside(value));
        return fallback;
    }

    private int CheckMember(TypedConstant? argument, string? name, string meaning, int members)
    {
        if (argument is not { Kind: TypedConstantKind.Enum, Value: int value })
        {
            return 0;
        }

        if (value >= 0 && value < members)
        {
            return value;
        }

        Refuse(name, meaning, value.ToString(CultureInfo.InvariantCulture), "a member of the enumeration");
        return 0;
    }

    /// <param name="name">The argument's name; <see langword="null"/> for the constructor's.</param>
    /// <param name="meaning">What it is.</param>
    /// <param name="value">What it was given as.</param>
    /// <param name="range">What it must be.</param>
    /// <param name="inside">A number near it that is allowed.</param>
    private void Refuse(string? name, string meaning, string value, string range, double? inside = null) => sink.ReportFixable(
        Descriptors.ValueOutOfRange, PlaceOf(name) ?? Location, FixData.Of((FixData.Value, inside is { } number ? ShortestDecimal.Of(number) : null)), $"{meaning} of [{KnownAttributes.ShortName(attribute)}]", value, range);

    private Location? PlaceOf(string? name) => (attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax)?.ArgumentList?.Arguments
        .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == name)?.Expression.GetLocation();
}
