using System.Text;

namespace OptimGen.Generator.Emit;

/// <summary>Writes lines at the current indentation. Blocks of text may have many lines; the code that emits looks like the code emitted.</summary>
internal sealed class SourceWriter
{
    private const int Width = 4;
    private const int LongestStatement = 140;

    private readonly StringBuilder text = new();
    private int indentation;

    /// <summary>Writes each line of <paramref name="lines"/>; an empty one without trailing white space.</summary>
    public void Write(string lines)
    {
        int start = 0;
        for (int end = lines.IndexOf('\n'); end >= 0; end = lines.IndexOf('\n', start))
        {
            WriteLine(lines, start, end > start && lines[end - 1] == '\r' ? end - 1 : end);
            start = end + 1;
        }

        WriteLine(lines, start, lines.Length);
    }

    /// <summary>Writes a statement; one that is too long, with the arguments of its longest call in lines below it.</summary>
    public void WriteStatement(string statement)
    {
        if (statement.StartsWith("    ", StringComparison.Ordinal))
        {
            indentation++;
            WriteStatement(statement.Substring(Width));
            indentation--;
            return;
        }

        if (Fits(statement) || LongestCall(statement) is not { } call)
        {
            Write(statement);
            return;
        }

        Write(statement.Substring(0, call.Start));
        indentation++;
        string line = "";
        for (int i = 0; i < call.Ends.Count; i++)
        {
            int start = i == 0 ? call.Start : call.Ends[i - 1] + 1;
            bool last = i == call.Ends.Count - 1;
            string item = statement.Substring(start, (last ? statement.Length : call.Ends[i] + 1) - start).Trim();
            if (line.Length > 0 && !Fits($"{line} {item}"))
            {
                WriteStatement(line);
                line = "";
            }

            line = line.Length > 0 ? $"{line} {item}" : item;
        }

        WriteStatement(line);
        indentation--;
    }

    /// <summary>Writes a statement with its comment behind it, or above it where the line would be too long.</summary>
    public void WriteCommented(string statement, string comment)
    {
        if (indentation * Width + statement.Length + comment.Length + 4 <= LongestStatement)
        {
            Write($"{statement} // {comment}");
            return;
        }

        Write("// " + comment);
        WriteStatement(statement);
    }

    /// <summary>Writes an empty line, unless there is one, or a block has just begun.</summary>
    public void Blank()
    {
        if (!EndsWith('\n', '\n') && !EndsWith('{', '\n'))
        {
            text.Append('\n');
        }
    }

    /// <summary>Writes one thing after the other, with an empty line between them.</summary>
    public void Separate(IEnumerable<Action> writes)
    {
        bool first = true;
        foreach (Action write in writes)
        {
            if (!first)
            {
                Blank();
            }

            first = false;
            write();
        }
    }

    /// <summary>Writes a line, then what follows in braces, until the result is disposed of.</summary>
    public IDisposable Block(string line)
    {
        Write(line);
        return Block();
    }

    public IDisposable Block(string open = "{", string close = "}")
    {
        Write(open);
        indentation++;
        return new Scope(this, close);
    }

    public override string ToString() => text.ToString();

    private void WriteLine(string lines, int start, int end)
    {
        if (end > start)
        {
            text.Append(' ', indentation * Width).Append(lines, start, end - start);
        }

        text.Append('\n');
    }

    private bool Fits(string statement) => (indentation * Width) + statement.Length <= LongestStatement;

    private bool EndsWith(char last, char end) => text.Length >= 2 && text[text.Length - 2] == last && text[text.Length - 1] == end;

    /// <summary>The outermost parentheses with a list between them, the longest of those: where it starts, and where each of its items ends.</summary>
    private static (int Start, List<int> Ends)? LongestCall(string statement)
    {
        (int Start, List<int> Ends)? longest = null;
        int outermost = int.MaxValue, longestLength = 0;
        var open = new Stack<(int Start, List<int> Ends)>();
        for (int i = 0; i < statement.Length; i++)
        {
            switch (statement[i])
            {
                case '(':
                    open.Push((i + 1, []));
                    break;
                case ',' when open.Count > 0:
                    open.Peek().Ends.Add(i);
                    break;
                case ')' when open.Count > 0:
                    (int start, List<int> ends) = open.Pop();
                    if (ends.Count > 0 && (open.Count < outermost || (open.Count == outermost && i - start > longestLength)))
                    {
                        ends.Add(i);
                        (longest, outermost, longestLength) = ((start, ends), open.Count, i - start);
                    }

                    break;
            }
        }

        return longest;
    }

    private sealed class Scope(SourceWriter writer, string close) : IDisposable
    {
        public void Dispose()
        {
            writer.indentation--;
            writer.Write(close);
        }
    }
}
