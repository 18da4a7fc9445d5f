namespace OptimGen.Generator.Tests.RuleLanguage;

/// <summary>Optimizers around the part that a test is about.</summary>
internal static class Source
{
    /// <summary>What a rule's method can try to use.</summary>
    private const string Surroundings = """
            [Hyperparameter] public float Rate { get; set; } = 0.1f;
            internal static float Static { get; set; } = 1;
            internal static float Mutable = 1;
            internal float Instance = 1;
            internal const double InDouble = 0.1;
            internal static readonly long Long = 1;
            internal static readonly int Count = 1;
            internal static readonly float Single = 1;
            internal static readonly float[] Table = [1, 2];
            internal static float Down(float x) => x > 0 ? Down(x - 1) : 0;
            internal static float Ping(float x) => Pong(x);
            internal static float Pong(float x) => Ping(x);
            internal static T Same<T>(T x) => x;
            internal static void Change(ref float x) => x = 1;
            internal static void Give(float x, out float y) => y = x;
            internal static float Bad(float x) => System.MathF.Exp(x) + Mutable;
            internal static float One(float x) { float y = x; if (y > 0) { y += 1; } y *= 2; return y; }
            internal static float Two(float x) => One(x) + One(x) + One(x) + One(x);
            internal static float Three(float x) => Two(x) + Two(x) + Two(x) + Two(x);
            internal static float Four(float x) => Three(x) + Three(x) + Three(x) + Three(x);
            internal static float Five(float x) => Four(x) + Four(x) + Four(x) + Four(x);
            internal static float Six(float x) => Five(x) + Five(x) + Five(x) + Five(x);
            internal static float Seven(float x) => Six(x) + Six(x) + Six(x) + Six(x);
            internal static float Eight(float x) => Seven(x) + Seven(x) + Seven(x) + Seven(x);
        """;

    private const string OtherClass = """

        internal static class Other
        {
            private static readonly float Hidden = 2;
            internal static float Twice(float x) => Hidden * x;
        }
        """;

    /// <summary>A rule with every kind of statement.</summary>
    public const string Statements = """
        [Optimizer]
        internal sealed partial class Any
        {
            private const float Half = 0.5f;
            internal static readonly float Third = 1f / 3;
            [Hyperparameter(Max = 1)] public float Rho { get; set; } = 0.9f;
            [PerStep] private static void Count(long step, [State] ref double n, out bool even) { n++; even = step % 2 == 0; }
            private static partial float Soften(float x, in float by);
            private static partial float Soften(float x, in float by) => x > by ? x - by : -by;
            [UpdateRule]
            private static float Update(
                float parameter, [WeightDecay(0.1)] float gradient, [Ewa(0.5), BiasCorrection] float a, [RmsNormalize(0.9)] float b,
                [State(InitialValue = 2)] ref float @class, [Previous("aFirstMoment")] float old, float rho, bool even)
            {
                static float Twice(float x) { x += x; return x; }
                float y = Twice(a) - old, z;
                bool far = System.Math.Abs(y) > 1 && !(b >= rho) || even;
                if (far) { if (y < 0) return parameter; z = Half; } else z = Soften(y, rho) * Third;
                { z *= -MathF(z); @class++; }
                return even ? parameter - z : @class * gradient;
            }
            private static float MathF(float x) => System.MathF.Max(x, +1);
        }
        """;

    /// <summary>A rule with these statements.</summary>
    public static string Body(string statements) => $$"""
        [Optimizer]
        internal sealed partial class Any
        {
        {{Surroundings}}
            [UpdateRule]
            private static float Update(float parameter, float gradient, [State] ref float m, float rate)
            {
                {{statements}}
            }
        }
        """ + OtherClass;

    /// <summary>A rule that returns this.</summary>
    public static string Expression(string expression) => Body($"return {expression};");

    /// <summary>A rule in double that returns this.</summary>
    public static string InDouble(string expression) => $$"""
        [Optimizer]
        internal sealed partial class Any
        {
            internal static readonly float Single = 1;

            [UpdateRule]
            private static double Update(double parameter, double gradient) => {{expression}};
        }
        """;

    /// <summary>A good rule, and these members beside it.</summary>
    public static string Beside(string members) => Class($$"""
        [Hyperparameter] public float Rate { get; set; } = 0.1f;
        [UpdateRule] private static float Update(float parameter, float gradient, float rate) => parameter - rate * gradient;
        {{members}}
        """);

    /// <summary>An optimizer with these members.</summary>
    public static string Class(string members) => Declared("[Optimizer]", members);

    /// <summary>An optimizer with these attributes, and a good rule.</summary>
    public static string Declared(string attributes) =>
        Declared(attributes, "[UpdateRule] private static float Update(float parameter, float gradient) => parameter - gradient;");

    private static string Declared(string attributes, string members) => $$"""
        {{attributes}}
        internal sealed partial class Any
        {
            {{members}}
        }
        """;
}
