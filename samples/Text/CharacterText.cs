namespace Text;

/// <summary>A text as the positions of its characters in an alphabet, cut into windows of equal length; the target of each character is the next one.</summary>
internal sealed class CharacterText
{
    public const string Alphabet = " .abcdefghijklmnopqrstuvwxyz";

    private readonly byte[] characters;

    public CharacterText(string text, int window)
    {
        characters = [.. text.Select(character => (byte)Alphabet.IndexOf(character))];
        (Window, Count) = (window, (text.Length - 1) / window);
    }

    /// <summary>The number of characters of a window.</summary>
    public int Window { get; }

    /// <summary>The number of windows.</summary>
    public int Count { get; }

    /// <summary>A character of a window, by its position in the alphabet. The one at <see cref="Window"/> is the last target.</summary>
    public int this[int window, int position] => characters[(window * Window) + position];
}
