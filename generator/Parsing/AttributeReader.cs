using System.Globalization;
using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing;

/// <summary>
/// One attribute's arguments, each checked. What the compiler itself complains of (a missing argument, a wrong type) reads as the
/// default, without a second complaint.
/// </summary>
internal sealed class AttributeReader(AttributeData attribute, DiagnosticSink sink, CancellationToken cancellation)
{
    public Location? Location { get; } = Locations.Of(attribute, cancellation);

    private string Name => KnownAttributes.ShortName(attribute) ?? "";

    /// <summary>The constructor's only argument, a number.</summary>
    public double Number(string meaning, NumberRange range, double fallback)
    {
        TypedConstant? argument = attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0] : null;
        return Check(argument, $"{meaning} of [{Name}]", range, fallback);
    }

    /// <summary>A named argument that is a number.</summary>
    public double NamedNumber(string name, NumberRange range, double fallback) =>
        Check(Named(name), $"{name} of [{Name}]", range, fallback);

    /// <summary>The constructor's only argument, a member of an enumeration with <paramref name="members"/> members, the first by default.</summary>
    public int Member(string meaning, int members)
    {
        TypedConstant? argument = attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0] : null;
        return CheckMember(argument, $"{meaning} of [{Name}]", members);
    }

    /// <summary>A named argument that is a member of an enumeration.</summary>
    public int NamedMember(string name, int members) => CheckMember(Named(name), $"{name} of [{Name}]", members);

    /// <summary>A named argument that is true or false; false by default.</summary>
    public bool Flag(string name) => Named(name)?.Value is true;

    private TypedConstant? Named(string name) => KnownAttributes.Argument(attribute, name);

    private double Check(TypedConstant? argument, string what, NumberRange range, double fallback)
    {
        if (argument is not { Kind: TypedConstantKind.Primitive, Value: IConvertible given })
        {
            return fallback;
        }

        double value = given is int whole ? whole : ShortestDecimal.Meant(given.ToDouble(CultureInfo.InvariantCulture));
        if (range.Contains(value))
        {
            return value;
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        string rounded = ((float)value).ToString("R", CultureInfo.InvariantCulture);
        sink.Report(Descriptors.ValueOutOfRange, Location, what, range.Allows(value) ? $"{text}, {rounded} as a float" : text, range.ToString());
        return fallback;
    }

    private int CheckMember(TypedConstant? argument, string what, int members)
    {
        if (argument is not { Kind: TypedConstantKind.Enum, Value: int value })
        {
            return 0;
        }

        if (value >= 0 && value < members)
        {
            return value;
        }

        sink.Report(
            Descriptors.ValueOutOfRange, Location, what, value.ToString(CultureInfo.InvariantCulture), "a member of the enumeration");
        return 0;
    }
}
