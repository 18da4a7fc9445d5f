using System.Globalization;
using System.Text;
using Digits.Terminal;
using Spectre.Console;

namespace Digits.Curvature;

/// <summary>What the study of an optimizer found, for the terminal and for the report.</summary>
/// <param name="Optimizer">The name of the optimizer.</param>
/// <param name="Records">What was found after each number of epochs.</param>
internal sealed record CurvatureTable(string Optimizer, IReadOnlyList<CurvatureRecord> Records)
{
    public const string Title = "Directions that curve down";

    private static readonly string[] Headings = ["Optimizer", "Epoch", "Cost", "Smallest eigenvalue", "Largest", "Negative"];

    /// <summary>What the tables show.</summary>
    public static string Introduction(int parameters) => string.Create(
        CultureInfo.InvariantCulture,
        $"A network of {parameters} parameters, trained on {CurvatureStudy.ExampleCount} digits: the eigenvalues of its whole Hessian along training, and how many are negative. "
            + $"{PooledPerceptron<float>.Hidden + 1} of them are 0, since the softmax does not change if all of its inputs rise alike, and rounding hides their sign.");

    /// <summary>Prints the tables of all optimizers as one.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<CurvatureTable> tables)
    {
        Table shown = new Table().Border(TableBorder.Simple);
        foreach (string heading in Headings)
        {
            shown.AddColumn(heading == Headings[0] ? new TableColumn(heading) : new TableColumn(heading).RightAligned().NoWrap());
        }

        foreach (string[] cells in tables.SelectMany(table => table.Rows()))
        {
            shown.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        console.Write(shown);
    }

    /// <summary>The tables of all optimizers as one table of HTML.</summary>
    public static string ToHtml(IReadOnlyList<CurvatureTable> tables)
    {
        var html = new StringBuilder($"""<div class="scroll"><table><thead><tr>{string.Concat(Headings.Select(heading => $"<th>{heading}</th>"))}</tr></thead><tbody>""");
        foreach (string[] cells in tables.SelectMany(table => table.Rows()))
        {
            html.Append("<tr>").AppendJoin("", cells.Select(cell => $"<td>{cell}</td>")).Append("</tr>");
        }

        return html.Append("</tbody></table></div>").ToString();
    }

    private IEnumerable<string[]> Rows() => Records.Select((record, i) => new[]
    {
        i == 0 ? Optimizer : "",
        Figures.Count(record.Epoch),
        Figures.Cost(record.Cost),
        Eigenvalue(record.Spectrum.Low),
        Eigenvalue(record.Spectrum.High),
        record.NegativeText,
    });

    private static string Eigenvalue(double value) => value.ToString("G4", CultureInfo.InvariantCulture).Replace('-', '−');
}
