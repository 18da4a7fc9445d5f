using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OptimGen.Tests.Catalogue;

/// <summary>
/// Generates the table of runtime/docs/catalogue.md from the code: the classes come from the assembly, their hyperparameters and states from their
/// definition, the equations and the reference from their XML documentation, whose sections follow one template.
/// </summary>
internal static partial class CatalogueTable
{
    public const string Start = "<!-- catalogue -->";
    public const string End = "<!-- /catalogue -->";

    /// <summary>The sections that the remarks of every class have, each a <c>para</c> that begins with its name in bold and a full stop.</summary>
    public static readonly string[] Sections = ["Update", "Symbols", "Epsilon", "Defaults", "Differences", "Reference"];

    private static readonly Lazy<XDocument> Documentation = new(() => XDocument.Load(Path.ChangeExtension(typeof(Optimizer).Assembly.Location, ".xml")));

    /// <summary>Every optimizer in single precision that the runtime offers, by name.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. typeof(Optimizer).Assembly.GetTypes()
            .Where(type => type is { IsPublic: true, IsAbstract: false } && type.IsSubclassOf(typeof(Optimizer<float>)))
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    public static string Generate()
    {
        var lines = new List<string>
        {
            "| Optimizer | Update | State | Bytes per parameter | Hyperparameters | Reference |",
            "|---|---|---|---:|---|---|",
        };
        foreach (Type type in Types)
        {
            OptimizerDefinition definition = DefinitionOf(type);
            string states = string.Join(", ", definition.States.Select(state => $"`{state.Name}`"));
            string hyperparameters = string.Join(", ", definition.Hyperparameters.Select(one => string.Create(CultureInfo.InvariantCulture, $"`{one.Name}` {Show(one.Default)}")));
            lines.Add(
                $"| `{type.Name}` | {Escape(Section(type, "Update"))} | {(states.Length == 0 ? "none" : states)} | {BytesOf(definition)} "
                + $"| {hyperparameters} | {Escape(Section(type, "Reference"))} |");
        }

        return string.Join('\n', lines);
    }

    private static string BytesOf(OptimizerDefinition definition)
    {
        int ofRows = definition.States.Count(state => state.Granularity == StateGranularity.Row) * sizeof(float);
        return string.Create(CultureInfo.InvariantCulture, $"{(definition.States.Count * sizeof(float)) - ofRows}{(ofRows > 0 ? $", and {ofRows} a row" : "")}");
    }

    /// <summary>The text of a section of the class's remarks on one line; empty if there is none.</summary>
    public static string Section(Type type, string name)
    {
        IEnumerable<XElement> paragraphs = Member(type)?.Elements("remarks").Elements("para") ?? [];
        XElement? paragraph = paragraphs.FirstOrDefault(one => one.Element("b")?.Value == name + ".");
        if (paragraph is null)
        {
            return "";
        }

        var copy = new XElement(paragraph);
        copy.Element("b")!.Remove();
        foreach (XElement reference in copy.Descendants().Where(one => one.Attribute("cref") is not null).ToList())
        {
            string target = reference.Attribute("cref")!.Value;
            reference.ReplaceWith(reference.Value.Length > 0 ? reference.Value : target[(target.LastIndexOf('.') + 1)..]);
        }

        return OneLine(copy.Value);
    }

    public static string Summary(Type type) => OneLine(Member(type)?.Element("summary")?.Value ?? "");

    public static OptimizerDefinition DefinitionOf(Type type)
    {
        var parameters = new ParameterSet();
        parameters.Add("p", 1);
        return ((Optimizer)Activator.CreateInstance(type, parameters)!).Definition;
    }

    private static XElement? Member(Type type) =>
        Documentation.Value.Descendants("member").SingleOrDefault(member => member.Attribute("name")?.Value == "T:" + type.FullName);

    private static string OneLine(string text) => WhiteSpace().Replace(text, " ").Trim();

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>A number in its usual notation: 0.001 and 1e-8.</summary>
    private static string Show(double value) =>
        value is 0 or (>= 1e-4 and < 1e6) ? value.ToString("0.##########", CultureInfo.InvariantCulture) : value.ToString("0.####e-0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
