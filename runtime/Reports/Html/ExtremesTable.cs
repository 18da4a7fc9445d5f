using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>What a chart shows, as a table that is closed at first: of each run the first, last, lowest and highest value, and their steps.</summary>
internal sealed class ExtremesTable(TrainingRun[] runs, IReadOnlyList<RunSeries> series)
{
    public string ToHtml()
    {
        var html = new StringBuilder();
        html.Append("""<details><summary>As a table</summary><div class="scroll"><table><thead><tr><th scope="col">Run</th>""");
        html.Append("""<th scope="col">First</th><th scope="col">Last</th><th scope="col">Lowest</th><th scope="col">Highest</th><th scope="col">Values</th></tr></thead><tbody>""");
        foreach (RunSeries one in series)
        {
            html.Append(CultureInfo.InvariantCulture, $"""<tr><th scope="row">{ReportPage.Escape(runs[one.Run].Name)}</th>""");
            html.Append(Cell(one, 0)).Append(Cell(one, one.Values.Count - 1));
            html.Append(Cell(one, one.IndexOfExtreme(highest: false))).Append(Cell(one, one.IndexOfExtreme(highest: true)));
            html.Append(CultureInfo.InvariantCulture, $"<td>{ReportNumber.Of(one.Values.Count)}</td></tr>");
        }

        return html.Append("</tbody></table></div></details>").ToString();
    }

    private static string Cell(RunSeries series, int index) => index < 0
        ? "<td>–</td>"
        : $"<td>{ReportNumber.Of(series.Values[index])}<br/><small>step {ReportNumber.Of(series.StepOf(index))}</small></td>";
}
