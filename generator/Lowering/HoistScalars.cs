using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>
/// Takes what is the same for every element out of the kernels: the largest subtrees over scalars and constants become scalars of their own,
/// computed once a step by the same operations in the element type, so with the same bits.
/// </summary>
/// <param name="taken">Names that the kernels use for something else.</param>
internal sealed class HoistScalars(IEnumerable<string> taken)
{
    // In the struct that holds them their names begin with a capital.
    private readonly HashSet<string> taken = [.. taken.Select(Identifier.Capitalize)];
    private readonly Dictionary<Expression, string> names = [];
    private readonly List<KernelScalar> scalars = [];

    /// <summary>Every scalar that a kernel has asked for so far.</summary>
    public EquatableArray<KernelScalar> Scalars => scalars.ToEquatableArray();

    public Assignment Apply(Assignment assignment) => assignment with { Value = Hoist(assignment.Value) };

    private Expression Hoist(Expression node)
    {
        if (IsUniform(node) && node is not Literal && !node.IsBoolean)
        {
            return new Scalar(NameOf(node));
        }

        return node.Operands.Count == 0 ? node : node with { Operands = node.Operands.Select(Hoist).ToEquatableArray() };
    }

    private static bool IsUniform(Expression node) => !node.Nodes.Any(one => one is Local);

    private string NameOf(Expression value)
    {
        if (!names.TryGetValue(value, out string? name))
        {
            string wanted = Describe(value);
            name = wanted;
            // A hyperparameter or scalar of the step keeps its name, which no local has.
            for (int number = 2; value is not Scalar && !taken.Add(Identifier.Capitalize(name)); number++)
            {
                name = wanted + number;
            }

            names.Add(value, name);
            scalars.Add(new KernelScalar(name, value));
        }

        return name;
    }

    /// <summary>A name that says what the value is, where that is short.</summary>
    private static string Describe(Expression value) => value switch
    {
        Scalar scalar => scalar.Name,
        Operation { Operator: Operator.Negate, Operands: [Scalar scalar] } => "negative" + Identifier.Capitalize(scalar.Name),
        Operation { Operator: Operator.Subtract, Operands: [Literal { Value: 1 }, Scalar scalar] } => "oneMinus" + Identifier.Capitalize(scalar.Name),
        Operation { Operator: Operator.Divide, Operands: [Literal { Value: 1 }, Scalar scalar] } => "inverse" + Identifier.Capitalize(scalar.Name),
        Operation { Operator: Operator.Add, Operands: [Scalar left, Scalar right] } => left.Name + "Plus" + Identifier.Capitalize(right.Name),
        Operation { Operator: Operator.Subtract, Operands: [Scalar left, Scalar right] } => left.Name + "Minus" + Identifier.Capitalize(right.Name),
        Operation { Operator: Operator.Multiply, Operands: [Scalar left, Scalar right] } => left.Name + "Times" + Identifier.Capitalize(right.Name),
        Operation { Operator: Operator.Divide, Operands: [Scalar left, Scalar right] } => left.Name + "Over" + Identifier.Capitalize(right.Name),
        _ => "uniform",
    };
}
