using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>The mean cost of each epoch of each run, as a table that is closed at first.</summary>
internal sealed class EpochTable(TrainingRun[] runs)
{
    /// <summary>With more epochs, every few of them have a row.</summary>
    private const int MostRows = 50;

    public string ToHtml()
    {
        int epochs = runs.Max(run => run.EpochCount);
        if (epochs == 0)
        {
            return "";
        }

        int every = (epochs + MostRows - 1) / MostRows;
        var html = new StringBuilder();
        html.Append("""<details><summary>The mean cost of each epoch, as a table</summary><div class="scroll"><table><thead><tr><th scope="col">Epoch</th>""");
        foreach (TrainingRun run in runs)
        {
            html.Append(CultureInfo.InvariantCulture, $"""<th scope="col">{ReportPage.Escape(run.Name)}</th>""");
        }

        html.Append("</tr></thead><tbody>");
        foreach (int epoch in Enumerable.Range(1, epochs).Where(epoch => epoch == 1 || epoch % every == 0 || epoch == epochs))
        {
            html.Append(CultureInfo.InvariantCulture, $"""<tr><th scope="row">{ReportNumber.Of(epoch)}</th>""");
            foreach (TrainingRun run in runs)
            {
                html.Append(CultureInfo.InvariantCulture, $"<td>{(epoch <= run.EpochCount ? ReportNumber.Of(run.Curve.EpochMeans[epoch - 1]) : "–")}</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table></div></details>").ToString();
    }
}
