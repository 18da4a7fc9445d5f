using System.Text;

namespace Text;

/// <summary>
/// Makes an endless text from a small grammar: who does what, where, and how many are how many. Every choice is uniform and can be read off the text, so the
/// cost of the text under the grammar itself, the least that any model can reach in the mean, is known.
/// </summary>
internal sealed class Storyteller(int seed)
{
    private static readonly string[] Adjectives = ["small", "grey", "old", "quick", "quiet", "happy", "tall", "young"];

    private static readonly string[] Nouns =
        ["cat", "farmer", "horse", "girl", "fox", "sailor", "bird", "king", "teacher", "dog", "baker", "wolf", "child", "painter", "mouse", "doctor"];

    private static readonly string[] Verbs = ["sees", "follows", "finds", "paints", "calls", "likes", "visits", "forgets"];

    private static readonly string[] Places = ["on the hill", "by the river", "in the garden", "under the bridge", "at the market", "behind the house", "near the sea", "in town"];

    private static readonly string[] Numbers =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
        "seventeen", "eighteen",
    ];

    private readonly Random random = new(seed);
    private readonly StringBuilder text = new();

    /// <summary>−ln of the probability of everything that has been told.</summary>
    private double surprise;

    /// <summary>Tells whole sentences, and cuts off what is too long.</summary>
    /// <param name="length">The number of characters.</param>
    /// <returns>The text, and the cost of a character under the grammar in nats.</returns>
    public (string Text, double Cost) Tell(int length)
    {
        while (text.Length < length)
        {
            Sentence();
        }

        return (text.ToString(0, length), surprise / text.Length);
    }

    private void Sentence()
    {
        if (Choose(4) == 0)
        {
            int left = Choose(10), right = Choose(10);
            text.Append(Numbers[left]).Append(" and ").Append(Numbers[right]).Append(" are ").Append(Numbers[left + right]).Append(". ");
            return;
        }

        Person();
        text.Append(' ').Append(Verbs[Choose(Verbs.Length)]).Append(' ');
        Person();
        if (Choose(2) == 0)
        {
            text.Append(' ').Append(Places[Choose(Places.Length)]);
        }

        text.Append(". ");
    }

    private void Person()
    {
        text.Append(Choose(2) == 0 ? "the " : "a ");
        if (Choose(2) == 0)
        {
            text.Append(Adjectives[Choose(Adjectives.Length)]).Append(' ');
        }

        text.Append(Nouns[Choose(Nouns.Length)]);
    }

    private int Choose(int count)
    {
        surprise += Math.Log(count);
        return random.Next(count);
    }
}
