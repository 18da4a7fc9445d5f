namespace Words;

/// <summary>
/// A text of an invented language. Each sentence has a topic and draws its words from those of the topic by Zipf's law, P(rank k) ∝ 1/k, now and then one from
/// the words that all topics share. So words of one topic occur beside each other, and most words are rare.
/// </summary>
internal sealed class TopicText
{
    public const int TopicCount = 20, WordsOfTopic = 250, SharedWords = 100;
    private const int SentenceLength = 12;
    private const double ShareOfShared = 0.2;

    private readonly Random random;
    private readonly double[] topicSums = Sums(WordsOfTopic), sharedSums = Sums(SharedWords);

    public TopicText(int seed) => random = new Random(seed);

    /// <summary>The number of words: first those that are shared, then those of each topic, the frequent ones first.</summary>
    public static int WordCount => SharedWords + (TopicCount * WordsOfTopic);

    /// <summary>The topic of a word; −1 for one that all share.</summary>
    public static int TopicOf(int word) => word < SharedWords ? -1 : (word - SharedWords) / WordsOfTopic;

    /// <summary>A word of a topic by its rank.</summary>
    public static int WordOf(int topic, int rank) => SharedWords + (topic * WordsOfTopic) + rank;

    /// <summary>The words of the next sentence.</summary>
    public int[] Sentence()
    {
        int topic = random.Next(TopicCount);
        return
        [
            .. Enumerable.Range(0, SentenceLength)
                .Select(_ => random.NextDouble() < ShareOfShared ? Draw(sharedSums) : WordOf(topic, Draw(topicSums))),
        ];
    }

    private static double[] Sums(int count)
    {
        double sum = 0;
        return [.. Enumerable.Range(1, count).Select(rank => sum += 1.0 / rank)];
    }

    private int Draw(double[] sums)
    {
        int rank = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
        return Math.Min(rank < 0 ? ~rank : rank, sums.Length - 1);
    }
}
