using OptimGen;

namespace Words;

/// <summary>
/// Skip-gram with negative sampling: two tables of vectors, u for words and c for the words beside them. For each pair (w, o) that occurs and each drawn word n that
/// does not, the cost is −log σ(u_w·c_o) − Σ log σ(−u_w·c_n), whose gradients are (σ(u·c) − y) times the other vector. Mikolov et al., "Distributed representations of
/// words and phrases and their compositionality", 2013, arXiv:1310.4546.
/// </summary>
internal sealed class SkipGram
{
    private readonly Parameter<float> words, contexts;
    private readonly AdamW optimizer;
    private readonly RowUpdates? updates;
    private readonly int width;
    private float[] wordGradients = [], contextGradients = [];

    /// <param name="wordCount">The number of words.</param>
    /// <param name="width">The length of a vector.</param>
    /// <param name="updates">How rows are updated that are not in a batch; <see langword="null"/> for steps over all rows.</param>
    /// <param name="seed">Decides the first vectors.</param>
    public SkipGram(int wordCount, int width, RowUpdates? updates, int seed)
    {
        (this.width, this.updates) = (width, updates);
        var parameters = new ParameterSet();
        words = parameters.Add("words", wordCount, width);
        contexts = parameters.Add("contexts", wordCount, width);
        var random = new Random(seed);
        foreach (ref float value in words.Values)
        {
            value = (random.NextSingle() - 0.5f) / width;
        }

        optimizer = new AdamW(parameters) { LearningRate = 5e-3f, WeightDecay = 1e-2f, MaxGradientNorm = 1 };
        if (updates is { } chosen)
        {
            optimizer.UpdateByRows(words, chosen);
            optimizer.UpdateByRows(contexts, chosen);
        }
    }

    /// <summary>The rate of the next steps.</summary>
    public float LearningRate
    {
        get => optimizer.LearningRate;
        set => optimizer.LearningRate = value;
    }

    /// <summary>One step over a batch of pairs.</summary>
    /// <param name="centers">The words w.</param>
    /// <param name="beside">For each of them one word that occurs beside it, and then those that were drawn: as many for each.</param>
    /// <returns>The mean cost of a word.</returns>
    public double Step(ReadOnlySpan<int> centers, ReadOnlySpan<int> beside)
    {
        optimizer.CatchUp(words, centers);
        optimizer.CatchUp(contexts, beside);
        int each = beside.Length / centers.Length;
        wordGradients = new float[centers.Length * width];
        contextGradients = new float[beside.Length * width];
        double cost = 0;
        for (int i = 0; i < centers.Length; i++)
        {
            ReadOnlySpan<float> word = Row(words.Values, centers[i]);
            for (int j = i * each; j < (i + 1) * each; j++)
            {
                ReadOnlySpan<float> context = Row(contexts.Values, beside[j]);
                bool occurs = j == i * each;
                double product = 0;
                for (int k = 0; k < width; k++)
                {
                    product += word[k] * context[k];
                }

                double probability = 1 / (1 + Math.Exp(-product));
                cost -= Math.Log(Math.Max(occurs ? probability : 1 - probability, double.Epsilon)) / centers.Length;
                float slope = (float)((probability - (occurs ? 1 : 0)) / centers.Length);
                for (int k = 0; k < width; k++)
                {
                    wordGradients[(i * width) + k] += slope * context[k];
                    contextGradients[(j * width) + k] = slope * word[k];
                }
            }
        }

        Add(words, centers, wordGradients);
        Add(contexts, beside, contextGradients);
        optimizer.Step();
        optimizer.ZeroGradients();
        return cost;
    }

    /// <summary>All vectors of words, after every row has taken all steps.</summary>
    public float[] Vectors()
    {
        optimizer.CatchUp();
        return words.Values.ToArray();
    }

    private Span<float> Row(Span<float> table, int row) => table.Slice(row * width, width);

    private void Add(Parameter<float> table, ReadOnlySpan<int> indices, float[] gradients)
    {
        if (updates is not null)
        {
            optimizer.AddRowGradients(table, indices, gradients);
            return;
        }

        for (int i = 0; i < indices.Length; i++)
        {
            Span<float> sum = Row(table.Gradients, indices[i]);
            for (int k = 0; k < width; k++)
            {
                sum[k] += gradients[(i * width) + k];
            }
        }
    }
}
