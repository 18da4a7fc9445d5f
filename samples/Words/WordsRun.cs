using System.Diagnostics;
using OptimGen;

namespace Words;

/// <summary>A training of vectors on a text, the same batches for the same seed.</summary>
/// <param name="Curve">The mean cost of each hundred steps.</param>
/// <param name="Vectors">The vectors of all words.</param>
/// <param name="Time">The time of the training.</param>
internal sealed record WordsRun(IReadOnlyList<double> Curve, float[] Vectors, TimeSpan Time)
{
    public const int Width = 32, StepsOfPoint = 100;
    private const int PairsOfBatch = 64, Drawn = 4, Neighbours = 10;

    /// <summary>Trains.</summary>
    /// <param name="updates">How rows are updated that are not in a batch; <see langword="null"/> for steps over all rows.</param>
    /// <param name="points">The number of points of the curve.</param>
    /// <param name="seed">Decides text, batches and first vectors.</param>
    public static WordsRun Train(RowUpdates? updates, int points, int seed)
    {
        var clock = Stopwatch.StartNew();
        var text = new TopicText(seed);
        var random = new Random(seed + 1);
        var model = new SkipGram(TopicText.WordCount, Width, updates, seed);
        var curve = new double[points];
        float firstRate = model.LearningRate;
        int[] centers = new int[PairsOfBatch], beside = new int[PairsOfBatch * (1 + Drawn)];
        for (int step = 0; step < points * StepsOfPoint; step++)
        {
            model.LearningRate = firstRate * (1 - ((float)step / (points * StepsOfPoint)));
            DrawBatch(text, random, centers, beside);
            curve[step / StepsOfPoint] += model.Step(centers, beside) / StepsOfPoint;
        }

        return new WordsRun(curve, model.Vectors(), clock.Elapsed);
    }

    /// <summary>
    /// Of the words with the nearest directions to each of the twenty most frequent words of each topic, the share that has its topic; 5 % if vectors knew nothing.
    /// </summary>
    public double ShareOfTopic()
    {
        int[] frequent = [.. Enumerable.Range(0, TopicText.TopicCount).SelectMany(topic => Enumerable.Range(0, 20).Select(rank => TopicText.WordOf(topic, rank)))];
        return frequent.Average(word => frequent.Where(other => other != word).OrderByDescending(other => Cosine(word, other)).Take(Neighbours)
            .Average(other => TopicText.TopicOf(other) == TopicText.TopicOf(word) ? 1.0 : 0));
    }

    private static void DrawBatch(TopicText text, Random random, int[] centers, int[] beside)
    {
        for (int i = 0; i < centers.Length;)
        {
            int[] sentence = text.Sentence();
            for (int place = 0; place + 1 < sentence.Length && i < centers.Length; place += 2, i++)
            {
                centers[i] = sentence[place];
                beside[i * (1 + Drawn)] = sentence[place + 1];
                for (int j = 1; j <= Drawn; j++)
                {
                    beside[(i * (1 + Drawn)) + j] = random.Next(TopicText.WordCount);
                }
            }
        }
    }

    private double Cosine(int word, int other)
    {
        double product = 0, squares = 0, otherSquares = 0;
        for (int k = 0; k < Width; k++)
        {
            (double x, double y) = (Vectors[(word * Width) + k], Vectors[(other * Width) + k]);
            (product, squares, otherSquares) = (product + (x * y), squares + (x * x), otherSquares + (y * y));
        }

        return product / Math.Sqrt((squares * otherSquares) + double.Epsilon);
    }
}
