using OptimGen.Generator.Model;

namespace OptimGen.Generator.Tests;

/// <summary>The generator writes the forms of states by the names that the runtime has for them.</summary>
public class StorageFormatTests
{
    [Fact]
    public void TheFormsAreThoseOfTheRuntime()
    {
        Assert.Equal(Enum.GetNames<Storage>(), Enum.GetNames<StorageFormat>());
        Assert.Equal(Enum.GetNames<OptimGen.StorageRounding>(), Enum.GetNames<Model.StorageRounding>());
    }
}
