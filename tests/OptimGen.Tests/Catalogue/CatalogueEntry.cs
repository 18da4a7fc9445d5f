namespace OptimGen.Tests.Catalogue;

/// <summary>The data of one optimizer for the tests of the catalogue.</summary>
internal sealed record CatalogueEntry
{
    /// <summary>The name of the class.</summary>
    public required string Name { get; init; }

    /// <summary>Creates the optimizer with its default hyperparameters.</summary>
    public required Func<ParameterSet<float>, Optimizer<float>> Create { get; init; }

    /// <summary>Every hyperparameter with its default in the source, in the order of the definition.</summary>
    public required (string Name, double Default)[] Hyperparameters { get; init; }

    /// <summary>The number of values that it keeps for each element.</summary>
    public required int States { get; init; }

    /// <summary>The rule in double precision over one tensor, from the equations of its source. The hyperparameters may change between steps.</summary>
    public required Func<IReadOnlyDictionary<string, double>, double[], Reference> Reference { get; init; }

    /// <summary>Hyperparameters that the tests against the reference set instead of the defaults.</summary>
    public IReadOnlyDictionary<string, double> AgainstReference { get; init; } = new Dictionary<string, double>();

    /// <summary>The factor of a large learning rate.</summary>
    public double LargeRate { get; init; } = 20;

    /// <summary>Learning rates at which it reaches the minimum of each <see cref="Landscape"/>.</summary>
    public required Rates Rates { get; init; }

    /// <summary>Whether an element whose gradient has always been 0 keeps its value. It does not with weight decay by default, for example.</summary>
    public bool RestsWithoutGradient { get; init; } = true;

    /// <summary>Whether parameters stay finite when the square of a gradient overflows; the rule's remarks say so where they do not.</summary>
    public bool SurvivesOverflow { get; init; } = true;

    /// <summary>Runs before each step, after the gradients have been set. For Sophia it sets the curvature.</summary>
    public Action<Optimizer<float>>? BeforeStep { get; init; }

    public Optimizer<float> CreateOn(ParameterSet<float> parameters, InstructionSet set)
    {
        Optimizer<float> optimizer = Create(parameters);
        optimizer.InstructionSet = set;
        return optimizer;
    }

    public void Step(Optimizer<float> optimizer)
    {
        BeforeStep?.Invoke(optimizer);
        optimizer.Step();
    }

    public override string ToString() => Name;
}

/// <summary>The learning rate for each landscape; it falls linearly to 0 over the steps. A rule without a learning rate gives none.</summary>
internal sealed record Rates(double Parabola, double Ravine, double Rosenbrock, double Saddle)
{
    public double On(Landscape landscape) =>
        landscape == Landscape.Parabola ? Parabola
        : landscape == Landscape.Ravine ? Ravine
        : landscape == Landscape.Rosenbrock ? Rosenbrock
        : Saddle;
}
