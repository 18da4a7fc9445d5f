using System.Text.RegularExpressions;

namespace OptimGen;

/// <summary>Finds the statement of a rule that assigns a stream, in the rule's text.</summary>
internal static class RuleText
{
    public const string Parameter = "parameter";

    /// <summary>The position and text of the first statement that assigns a stream; (−1, null) if a stage keeps it.</summary>
    public static (int Order, string? Statement) AssignmentOf(string stream, OptimizerDefinition definition)
    {
        IReadOnlyList<string> lines = definition.Equations;
        string name = Regex.Escape(stream);
        var pattern = new Regex(stream == Parameter
            ? @"\breturn\b|θ ←"
            : $@"(?<![\w.]){name}\s*([-+*/]?=(?!=)|\+\+|--)|(\+\+|--){name}(?!\w)");
        for (int line = 0; line < lines.Count; line++)
        {
            if (pattern.IsMatch(lines[line]))
            {
                // What a rule returns is the parameter, after everything else.
                return (stream == Parameter ? int.MaxValue : line, lines[line].Trim());
            }
        }

        return (stream == Parameter ? int.MaxValue : -1, null);
    }
}
