namespace OptimGen.Tests.Rows;

/// <summary>What is refused, by an error that names argument and value, before anything changes.</summary>
public class RowRefusalTests
{
    [Theory]
    [InlineData(-1, "indices[1] is -1"), InlineData(5, "indices[1] is 5"), InlineData(int.MinValue, "indices[1] is -2147483648"), InlineData(int.MaxValue, "from 0 to 4")]
    public void AnIndexThatIsNoRow(int index, string expected)
    {
        (Adam optimizer, Parameter<float> table) = Make();
        ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.StepRows(table, [0, index], new float[6]));
        Assert.Equal("indices", refusal.ParamName);
        Assert.Equal(index, refusal.ActualValue);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'table' has 5 rows", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.CatchUp(table, [index]));
        AssertNothingChanged(optimizer, table);
    }

    [Theory, InlineData(0), InlineData(5), InlineData(7), InlineData(9)]
    public void LengthsThatDoNotFit(int length)
    {
        (Adam optimizer, Parameter<float> table) = Make();
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => optimizer.StepRows(table, [0, 1], new float[length]));
        Assert.Equal("gradients", refusal.ParamName);
        Assert.Contains($"{length} gradients", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("need 6", refusal.Message, StringComparison.Ordinal);
        AssertNothingChanged(optimizer, table);
    }

    [Fact]
    public void AParameterOfAnotherSet()
    {
        (Adam optimizer, Parameter<float> table) = Make();
        Parameter<float> other = new ParameterSet().Add("other", 5, 3);
        Action[] calls =
        [
            () => optimizer.StepRows(other, [0], new float[3]), () => optimizer.AddRowGradients(other, [0], new float[3]), () => optimizer.UpdateByRows(other),
            () => optimizer.CatchUp(other), () => optimizer.CatchUp(other, [0]), () => optimizer.RowUpdatesOf(other),
        ];
        foreach (Action call in calls)
        {
            ArgumentException refusal = Assert.Throws<ArgumentException>(call);
            Assert.Equal("parameter", refusal.ParamName);
            Assert.Contains("'other'", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentNullException>(() => optimizer.StepRows(null!, [0], new float[3]));
        AssertNothingChanged(optimizer, table);
    }

    [Fact]
    public void GradientsInTheMemoryOfValuesOrStates()
    {
        (Adam optimizer, Parameter<float> table) = Make();
        ArgumentException values = Assert.Throws<ArgumentException>(() => optimizer.StepRows(table, [0], table.Values[3..6]));
        Assert.Equal("gradients", values.ParamName);
        Assert.Contains("values", values.Message, StringComparison.Ordinal);
        ArgumentException state = Assert.Throws<ArgumentException>(() => optimizer.StepRows(table, [0], optimizer.States.SecondMoment(table)[..3]));
        Assert.Contains("'secondMoment'", state.Message, StringComparison.Ordinal);
        AssertNothingChanged(optimizer, table);
        ParameterAverage<float> average = optimizer.AverageParameters(0.9);
        Assert.Contains("the average", Assert.Throws<ArgumentException>(() => optimizer.StepRows(table, [0], average.Of(table)[3..6])).Message, StringComparison.Ordinal);
        table.Gradients.Fill(1);
        optimizer.StepRows(table, [2], table.Gradients[..3]);
        Assert.NotEqual(0, table.Values[6]);
    }

    [Fact]
    public void ARuleWithReductions()
    {
        var set = new ParameterSet();
        Parameter<float> table = set.Add("table", 5, 3);
        var optimizer = new Lamb(set);
        foreach (Action call in new Action[] { () => optimizer.StepRows(table, [0], new float[3]), () => optimizer.UpdateByRows(table, RowUpdates.CaughtUp) })
        {
            NotSupportedException refusal = Assert.Throws<NotSupportedException>(call);
            Assert.Contains("Lamb cannot update 'table' by rows", refusal.Message, StringComparison.Ordinal);
            Assert.Contains($"'{optimizer.Definition.Reductions[0].Name}'", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Null(optimizer.RowUpdatesOf(table));
        Assert.Equal(0, optimizer.StepCount);
    }

    [Theory, InlineData(0), InlineData(-3), InlineData((1 << 20) + 1)]
    public void ALimitThatIsNone(int mostMissedSteps)
    {
        (Adam optimizer, Parameter<float> table) = Make();
        ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.UpdateByRows(table, RowUpdates.CaughtUp, mostMissedSteps));
        Assert.Equal("mostMissedSteps", refusal.ParamName);
        Assert.Contains($"is {mostMissedSteps}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("updates", Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.UpdateByRows(table, (RowUpdates)7)).ParamName);
    }

    /// <summary>Rows that share the random bits of a group of 32 elements with their neighbours.</summary>
    [Fact]
    public void RowsInBFloat16ThatShareAGroup()
    {
        var set = new ParameterSet();
        Parameter<float> table = set.Add("table", new ParameterStorage { Values = Storage.BFloat16 }, 5, 48);
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => new Adam(set).UpdateByRows(table));
        Assert.Contains("rows of 48 elements", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsOfATrainingThatNeedEveryElement()
    {
        foreach (string setting in new[] { "WeightPenalty", "MicroBatchSize", "ShardCount" })
        {
            var set = new ParameterSet();
            Parameter<float> table = set.Add("table", 5, 3);
            var optimizer = new Adam(set);
            optimizer.UpdateByRows(table);
            var trainer = new Trainer(optimizer, 8, (_, _) => 1)
            {
                BatchSize = 4, WeightPenalty = setting == "WeightPenalty" ? 0.5 : 0, MicroBatchSize = setting == "MicroBatchSize" ? 2 : null,
                ShardCount = setting == "ShardCount" ? 2 : null,
            };
            InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => trainer.Train(1));
            Assert.Contains(setting == "ShardCount" ? "cut into 2 shards" : $"{setting} is", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("'table' is updated by rows", refusal.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The gradients of rows are not cut into shards: a shard that begins with gradients of zero would drop those of the shards before.</summary>
    [Fact]
    public void ShardsOfATable()
    {
        (Adam optimizer, Parameter<float> table) = Make();
        var shards = new GradientShards<float>(optimizer, 2);
        optimizer.UpdateByRows(table);
        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => shards.Add(0, 0.5));
        Assert.Contains("2 shards, and 'table' is updated by rows", refusal.Message, StringComparison.Ordinal);
        AssertNothingChanged(optimizer, table);
    }

    /// <summary>Two steps with two numbers would be taken where one is meant.</summary>
    [Fact]
    public void StepRowsInASetOfSeveralParameters()
    {
        ParameterSet set = new ParameterSet().With([5, 3]);
        var optimizer = new Adam(set);
        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => optimizer.StepRows(set["table"], [0], new float[3]));
        Assert.Contains("3 parameters", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AddRowGradients", refusal.Message, StringComparison.Ordinal);
        Assert.Null(optimizer.RowUpdatesOf(set["table"]));
    }

    [Fact]
    public void AHyperparameterThatIsNotAllowed_LeavesTheGradientsOfRows()
    {
        var set = new ParameterSet();
        Parameter<float> table = set.Add("table", 5, 3);
        var optimizer = new Adadelta(set);
        optimizer.UpdateByRows(table, RowUpdates.CaughtUp);
        optimizer.AddRowGradients(table, [1], [1, 1, 1]);
        optimizer.LearningRate = float.NaN;
        Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        Assert.All(table.Values.ToArray(), value => Assert.Equal(0, value));
        optimizer.LearningRate = 1;
        optimizer.Step();
        Assert.Equal([3, 4, 5], Enumerable.Range(0, 15).Where(i => table.Values[i] != 0));
    }

    private static (Adam Optimizer, Parameter<float> Table) Make()
    {
        var set = new ParameterSet();
        Parameter<float> table = set.Add("table", 5, 3);
        return (new Adam(set), table);
    }

    private static void AssertNothingChanged(Adam optimizer, Parameter<float> table)
    {
        Assert.Equal(0, optimizer.StepCount);
        Assert.All(table.Values.ToArray(), value => Assert.Equal(0, value));
        Assert.All(optimizer.States.SecondMoment(table).ToArray(), value => Assert.Equal(0, value));
        optimizer.Step();
        Assert.All(table.Values.ToArray(), value => Assert.Equal(0, value));
    }
}
