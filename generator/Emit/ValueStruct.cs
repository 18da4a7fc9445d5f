using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>The struct that keeps what is computed before the kernels for each group, or for each tensor, and the names of its fields.</summary>
internal sealed class ValueStruct
{
    private readonly StepProgram program;
    private readonly bool perTensor;
    private readonly Dictionary<int, string> fields = [];

    /// <param name="program">The rule's program.</param>
    /// <param name="carried">What the program keeps from one time to a later one: <see cref="StepProgram.Carried"/>.</param>
    /// <param name="perTensor">Whether it is that of a tensor; otherwise that of a group.</param>
    public ValueStruct(StepProgram program, IEnumerable<Value> carried, bool perTensor)
    {
        (this.program, this.perTensor) = (program, perTensor);
        var names = new NameTable(["GroupValues", "TensorValues", .. ReservedNames.OfObject]);
        foreach (Value value in carried.Where(value => value.Time == Time.Tensor == perTensor))
        {
            fields.Add(value.Id, names.Take(Identifier.Capitalize(NameTable.Describe(value, program.Values))));
        }
    }

    public string Name => perTensor ? "TensorValues" : "GroupValues";

    public bool IsEmpty => fields.Count == 0;

    public bool Has(int value) => fields.ContainsKey(value);

    public string FieldOf(int value) => fields[value];

    public void Write(SourceWriter writer)
    {
        writer.Write($"""
            /// <summary>What is computed before the kernels, once for each {(perTensor ? "tensor" : "group")}.</summary>
            {GeneratedFile.Attribute}
            """);
        using (writer.Block($"file struct {Name}"))
        {
            foreach (KeyValuePair<int, string> field in fields)
            {
                string type = program.Values[field.Key].Type switch
                {
                    ScalarType.Double => "double",
                    ScalarType.Boolean => "bool",
                    _ => program.ElementType.Keyword(),
                };
                writer.Write($"public {type} {field.Value};");
            }
        }
    }
}
