using System.Text;

namespace OptimGen.Generator.Emit;

/// <summary>Writes lines at the current indentation. Blocks of text may have many lines; the code that emits looks like the code emitted.</summary>
internal sealed class SourceWriter
{
    private const int Width = 4;

    private readonly StringBuilder text = new();
    private int indentation;

    /// <summary>Writes each line of <paramref name="lines"/>; an empty one without trailing white space.</summary>
    public void Write(string lines)
    {
        foreach (string line in lines.Replace("\r\n", "\n").Split('\n'))
        {
            if (line.Length > 0)
            {
                text.Append(' ', indentation * Width).Append(line);
            }

            text.Append('\n');
        }
    }

    public void Blank() => text.Append('\n');

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

    private sealed class Scope(SourceWriter writer, string close) : IDisposable
    {
        public void Dispose()
        {
            writer.indentation--;
            writer.Write(close);
        }
    }
}
