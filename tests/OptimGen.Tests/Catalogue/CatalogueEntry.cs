namespace OptimGen.Tests.Catalogue;

/// <summary>What the tests of the catalogue need to know of one of its optimizers.</summary>
internal sealed record CatalogueEntry
{
    /// <summary>The name of the class.</summary>
    public required string Name { get; init; }

    /// <summary>Makes the optimizer as it is declared.</summary>
    public required Func<ParameterSet<float>, Optimizer<float>> Create { get; init; }

    /// <summary>Every hyperparameter with the value that its source has for it, in the order of the definition.</summary>
    public required (string Name, double Default)[] Hyperparameters { get; init; }

    /// <summary>The number of values that it keeps for each element.</summary>
    public required int States { get; init; }

    /// <summary>The rule in double precision over one tensor, from the equations of its source. The hyperparameters may change between steps.</summary>
    public required Func<IReadOnlyDictionary<string, double>, double[], Reference> Reference { get; init; }

    /// <summary>What the tests against the reference set in place of defaults.</summary>
    public IReadOnlyDictionary<string, double> AgainstReference { get; init; } = new Dictionary<string, double>();

    /// <summary>The factor of a large learning rate.</summary>
    public double LargeRate { get; init; } = 20;

    /// <summary>Learning rates at which it gets to the minimum of each <see cref="Landscape"/>.</summary>
    public required Rates Rates { get; init; }

    /// <summary>Whether an element whose gradient has always been 0 keeps its value. Weight decay by default, for one, moves it.</summary>
    public bool RestsWithoutGradient { get; init; } = true;

    /// <summary>Whether parameters stay finite when the square of a gradient overflows; the rule's remarks say so where they do not.</summary>
    public bool SurvivesOverflow { get; init; } = true;

    /// <summary>What has to be done before each step, when gradients are in place: Sophia is given a curvature here.</summary>
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
