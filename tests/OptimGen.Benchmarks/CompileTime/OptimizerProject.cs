using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptimGen.Benchmarks.CompileTime;

/// <summary>
/// A project of many optimizers, each in a file of its own, and as many other classes. A fourth of the optimizers each is a stack of attributes, a method, a
/// method that calls one of another file, and a method with a reduction and a method for each step.
/// </summary>
internal sealed class OptimizerProject
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(Optimizer).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private OptimizerProject(CSharpCompilation compilation) => Compilation = compilation;

    /// <summary>The kinds of edits, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> Edits { get; } =
        ["a comment elsewhere", "a method elsewhere", "a comment in an optimizer", "a number of a stack", "a line of a rule", "a shared method", "an optimizer more"];

    public CSharpCompilation Compilation { get; private set; }

    public static OptimizerProject Create(int optimizers) => new(CSharpCompilation.Create(
        "Project",
        [
            Parse("Shared.cs", Shared(0)),
            .. Enumerable.Range(0, optimizers).Select(i => Parse(Name(i), Optimizer(i, 0))),
            .. Enumerable.Range(0, optimizers).Select(i => Parse($"Other{i}.cs", Other(i, 0, members: 0))),
        ],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)));

    /// <summary>Makes an edit of one file, another one for each <paramref name="turn"/>.</summary>
    public void Edit(string edit, int turn)
    {
        int optimizers = Compilation.SyntaxTrees.Length / 2, group = (turn + 1) % (optimizers / 4) * 4;
        Compilation = edit switch
        {
            "a comment elsewhere" => Replace("Other0.cs", $"{Other(0, 0, members: 0)}// {turn}"),
            "a method elsewhere" => Replace("Other0.cs", Other(0, turn, members: (turn % 5) + 1)),
            "a comment in an optimizer" => Replace(Name(group + 1), $"// {turn}\n{Optimizer(group + 1, 0)}"),
            "a number of a stack" => Replace(Name(group), Optimizer(group, turn + 1)),
            "a line of a rule" => Replace(Name(group + 1), Optimizer(group + 1, turn + 1)),
            "a shared method" => Replace("Shared.cs", Shared(turn + 1)),
            "an optimizer more" => Compilation.AddSyntaxTrees(Parse($"Added{turn}.cs", $"using OptimGen; namespace Contoso; [Optimizer, Ewa(0.{turn + 11})] public sealed partial class Added{turn};")),
            _ => throw new ArgumentOutOfRangeException(nameof(edit), edit, "There is no such edit."),
        };
    }

    private static string Name(int optimizer) => $"Rule{optimizer}.cs";

    private static SyntaxTree Parse(string name, string text) => CSharpSyntaxTree.ParseText(text, path: name);

    private CSharpCompilation Replace(string name, string text) =>
        Compilation.ReplaceSyntaxTree(Compilation.SyntaxTrees.First(tree => tree.FilePath == name), Parse(name, text));

    private static string Shared(int turn) => $$"""
        namespace Contoso;

        internal static class Shared
        {
            public static float Soften(float x) => x / (1 + {{turn + 1}}f * x * x);
        }
        """;

    private static string Other(int index, int turn, int members) => $$"""
        using System.Collections.Generic;

        namespace Contoso.Other{{index % 10}};

        [System.Serializable]
        internal sealed class Other{{index}}
        {
            private readonly List<int> items = [];

            public int Count => items.Count;

            public void Add(int value)
            {
                for (int i = 0; i < value; i++)
                {
                    items.Add(i * {{turn}});
                }
            }
        {{string.Concat(Enumerable.Range(0, members).Select(i => $"\n    public int Member{i}() => {i};\n"))}}
        }

        """;

    private static string Optimizer(int index, int turn) => "using OptimGen;\nusing System;\n\nnamespace Contoso;\n\n" + (index % 4) switch
    {
        0 => $$"""
            [Optimizer(LearningRate = 0.002), Ewa(0.{{turn + index + 1000}}f, Nesterov = true), RmsNormalize(0.999f, Epsilon = 1e-8f), BiasCorrection, DecoupledWeightDecay(0.01f)]
            public sealed partial class Rule{{index}};
            """,
        1 => $$"""
            [Optimizer]
            public sealed partial class Rule{{index}}
            {
                [Hyperparameter] public float LearningRate { get; set; } = 1f;
                [Hyperparameter(Min = 0, Max = 1)] public float Rho { get; set; } = 0.9f;
                [Hyperparameter(Min = 0)] public float Epsilon { get; set; } = 1e-6f;

                [UpdateRule]
                private static float Update(float parameter, float gradient, [State] ref float squareAverage, [State] ref float deltaAverage,
                    float learningRate, float rho, float epsilon)
                {
                    squareAverage = rho * squareAverage + (1 - rho) * gradient * gradient;
                    float delta = MathF.Sqrt(deltaAverage + epsilon) / MathF.Sqrt(squareAverage + epsilon) * gradient;
                    deltaAverage = rho * deltaAverage + (1 - rho) * delta * delta * {{turn + index + 1}}f;
                    return parameter - learningRate * delta;
                }
            }
            """,
        2 => $$"""
            [Optimizer]
            public sealed partial class Rule{{index}}
            {
                private const float Scale = {{index + 1}};

                [Hyperparameter(Min = 0)] public float Rate { get; set; } = 0.5f;

                [UpdateRule]
                private static float Update(float parameter, float gradient, [State] ref float velocity, float rate)
                {
                    velocity = gradient > 0 ? velocity + Shared.Soften(gradient * Scale) : velocity - Shared.Soften(-gradient * Scale);
                    return parameter - rate * velocity;
                }
            }
            """,
        _ => $$"""
            [Optimizer]
            public sealed partial class Rule{{index}}
            {
                [Hyperparameter] public float LearningRate { get; set; } = 1e-3f;
                [Hyperparameter(Min = 0, Max = 1)] public float Trust { get; set; } = 0.{{index + 1000}}f;

                [Reduce(Reduction.Norm)]
                private static float GradientNorm(float gradient) => gradient;

                [PerStep]
                private static void Warm(long step, double learningRate, out double warmed) => warmed = learningRate * Math.Min(1, step / 100.0);

                [PerTensor]
                private static void Limit(double gradientNorm, double trust, out double factor) => factor = gradientNorm > trust ? trust / gradientNorm : 1;

                [UpdateRule]
                private static float Update(float parameter, float gradient, float warmed, float factor) => parameter - warmed * factor * gradient;
            }
            """,
    };
}
