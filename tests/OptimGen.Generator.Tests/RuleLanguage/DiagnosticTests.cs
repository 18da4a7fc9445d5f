using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests.RuleLanguage;

/// <summary>Each diagnostic of rules that are methods: what is underlined, and what it says to write instead.</summary>
public class DiagnosticTests
{
    [Theory]
    [InlineData(nameof(Source.Expression), "parameter - ~1 * gradient")]
    [InlineData(nameof(Source.Body), "checked { gradient += 1; } unchecked { gradient += 1; } return parameter - gradient;")]
    [InlineData(nameof(Source.Expression), "parameter - sizeof(float) * gradient")]
    [InlineData(nameof(Source.Expression), "parameter - default(float) - gradient")]
    [InlineData(nameof(Source.Expression), "parameter - (int)System.DayOfWeek.Friday * gradient")]
    public void WhatIsFine(string kind, string text, params string[] diagnostics) => Check(kind, text, diagnostics);

    [Theory]
    [InlineData(nameof(Source.Expression), "parameter - Instance * gradient",
        "CS0120 at `Instance`: An object reference is required for the non-static field, method, or property 'Any.Instance'")]
    [InlineData(nameof(Source.Expression), "parameter - Rate * gradient",
        "CS0120 at `Rate`: An object reference is required for the non-static field, method, or property 'Any.Rate'")]
    [InlineData(nameof(Source.Body), "float a; if (gradient > 0) { a = 1; } return parameter - a;",
        "CS0165 at `a`: Use of unassigned local variable 'a'")]
    [InlineData(nameof(Source.Body), "if (gradient > 0) { return parameter; }",
        "CS0161 at `Update`: 'Any.Update(float, float, ref float, float)': not all code paths return a value")]
    [InlineData(nameof(Source.Expression), "parameter - missing * gradient",
        "CS0103 at `missing`: The name 'missing' does not exist in the current context")]
    public void WhatTheCompilerSays_IsNotSaidTwice(string kind, string text, params string[] diagnostics) => Check(kind, text, diagnostics);

    /// <summary>What no kernel can do is underlined, and the message says what to write instead; several at once.</summary>
    [Theory]
    [InlineData(nameof(Source.Body), "for (int k = 0; k < 3; k++) { gradient += 1; } while (gradient > 3) { gradient -= 1; } do { gradient -= 1; } while (gradient > 3); return parameter - gradient;",
        "OPTG020 at `for (int k = 0; k < 3; k++) { gradient += 1; }`: 'for (int k = 0; k < 3; k++) { gradient += 1; }' cannot be part of a kernel: a rule has no loops; write each turn, or reduce over the elements with [Reduce]",
        "OPTG020 at `while (gradient > 3) { gradient -= 1; }`: 'while (gradient > 3) { gradient -= 1; }' cannot be part of a kernel: a rule has no loops; write each turn, or reduce over the elements with [Reduce]",
        "OPTG020 at `do { gradient -= 1; } while (gradient > 3);`: 'do { gradient -= 1; } while (gradient > 3);' cannot be part of a kernel: a rule has no loops; write each turn, or reduce over the elements with [Reduce]")]
    [InlineData(nameof(Source.Body), "foreach (float x in Table) { gradient += x; } return parameter - gradient;",
        "OPTG020 at `foreach (float x in Table) { gradient += x; }`: 'foreach (float x in Table) { gradient += x; }' cannot be part of a kernel: a rule has no loops; write each turn, or reduce over the elements with [Reduce]")]
    [InlineData(nameof(Source.Body), "switch (gradient) { case 1: return 1; default: return 2; }",
        "OPTG020 at `switch (gradient) { case 1: return 1; default: return 2; }`: 'switch (gradient) { case 1: return 1; default: return 2; }' cannot be part of a kernel: a rule has no switch; write if and else, or ?:")]
    [InlineData(nameof(Source.Expression), "gradient switch { > 0 => parameter, _ => -parameter }",
        "OPTG020 at `gradient switch { > 0 => parameter, _ => -parameter }`: 'gradient switch { > 0 => parameter, _ => -parameter }' cannot be part of a kernel: a rule has no switch; write if and else, or ?:")]
    [InlineData(nameof(Source.Body), "if (gradient > 3) { throw new System.InvalidOperationException(); } return parameter;",
        "OPTG020 at `throw new System.InvalidOperationException();`: 'throw new System.InvalidOperationException();' cannot be part of a kernel: a rule cannot throw; bound a hyperparameter with [Hyperparameter(Min = …, Max = …)]")]
    [InlineData(nameof(Source.Expression), "gradient > 3 ? throw new System.InvalidOperationException() : parameter",
        "OPTG020 at `throw new System.InvalidOperationException()`: 'throw new System.InvalidOperationException()' cannot be part of a kernel: a rule cannot throw; bound a hyperparameter with [Hyperparameter(Min = …, Max = …)]")]
    [InlineData(nameof(Source.Expression), "parameter - Static * gradient",
        "OPTG020 at `Static`: 'Static' cannot be part of a kernel: a rule reads no properties; take a [Hyperparameter] as a parameter, or read a static readonly field")]
    [InlineData(nameof(Source.Expression), "parameter - Mutable * gradient",
        "OPTG020 at `Mutable`: 'Mutable' cannot be part of a kernel: a rule can read static fields only if they are readonly and of its element type")]
    [InlineData(nameof(Source.Expression), "parameter - Other.Twice(gradient)",
        "OPTG020 at `Hidden`: 'Hidden' cannot be part of a kernel: it is private to 'Other', and the kernels stand in the optimizer; make it internal")]
    [InlineData(nameof(Source.Expression), "parameter - Table[0] * gradient",
        "OPTG020 at `Table[0]`: 'Table[0]' cannot be part of a kernel: a rule sees one element; it has no arrays")]
    [InlineData(nameof(Source.Body), "float[] local = { 1 }; return local[0] * parameter * gradient;",
        "OPTG020 at `{ 1 }`: '{ 1 }' cannot be part of a kernel: a rule allocates nothing; keep each value in a local",
        "OPTG020 at `local[0]`: 'local[0]' cannot be part of a kernel: a rule sees one element; it has no arrays")]
    [InlineData(nameof(Source.Body), "(float a, float b) = (gradient, parameter); return a - b;",
        "OPTG020 at `(float a, float b) = (gradient, parameter);`: '(float a, float b) = (gradient, parameter);' cannot be part of a kernel: write one assignment after the other")]
    [InlineData(nameof(Source.Body), "System.Func<float, float> f = x => x * 2; return parameter - f(gradient);",
        "OPTG020 at `x => x * 2`: 'x => x * 2' cannot be part of a kernel: a rule has no lambdas; call a static method, which is inlined",
        "OPTG020 at `f(gradient)`: 'f(gradient)' cannot be part of a kernel: declare it static, in this project, with an expression or a block of the same language, and it is inlined")]
    [InlineData(nameof(Source.Body), "ref float alias = ref m; alias += gradient; return parameter;",
        "OPTG020 at `alias = ref m`: 'alias = ref m' cannot be part of a kernel: a rule has no references; take the value, and assign where it belongs")]
    [InlineData(nameof(Source.Body), "ref float alias = ref gradient; alias += 1; return parameter - gradient;",
        "OPTG020 at `alias = ref gradient`: 'alias = ref gradient' cannot be part of a kernel: a rule has no references; take the value, and assign where it belongs")]
    [InlineData(nameof(Source.Expression), "parameter - Down(gradient)",
        "OPTG020 at `Down(x - 1)`: 'Down' cannot be part of a kernel: it calls itself; write it without recursion")]
    [InlineData(nameof(Source.Expression), "parameter - Ping(gradient)",
        "OPTG020 at `Ping(x)`: 'Ping' cannot be part of a kernel: it calls itself; write it without recursion")]
    [InlineData(nameof(Source.Expression), "parameter - System.Numerics.Vector2.Dot(default, default) * gradient",
        "OPTG020 at `System.Numerics.Vector2.Dot(default, default)`: 'System.Numerics.Vector2.Dot(default, default)' cannot be part of a kernel: declare it static, in this project, with an expression or a block of the same language, and it is inlined")]
    [InlineData(nameof(Source.Expression), "parameter - System.MathF.Exp(gradient)",
        "OPTG020 at `System.MathF.Exp(gradient)`: 'System.MathF.Exp(gradient)' cannot be part of a kernel: its bits differ between platforms; write RuleMath.Exp, which has the same bits everywhere")]
    [InlineData(nameof(Source.Expression), "System.MathF.Log(parameter) + System.MathF.Pow(gradient, 2) + System.MathF.Tanh(gradient) + System.MathF.Cbrt(gradient)",
        "OPTG020 at `System.MathF.Log(parameter)`: 'System.MathF.Log(parameter)' cannot be part of a kernel: its bits differ between platforms; write RuleMath.Log, which has the same bits everywhere",
        "OPTG020 at `System.MathF.Pow(gradient, 2)`: 'System.MathF.Pow(gradient, 2)' cannot be part of a kernel: its bits differ between platforms; write RuleMath.Pow, which has the same bits everywhere",
        "OPTG020 at `System.MathF.Tanh(gradient)`: 'System.MathF.Tanh(gradient)' cannot be part of a kernel: its bits differ between platforms; write RuleMath.Tanh, which has the same bits everywhere",
        "OPTG020 at `System.MathF.Cbrt(gradient)`: 'System.MathF.Cbrt(gradient)' cannot be part of a kernel: its bits differ between platforms; write RuleMath.Cbrt, which has the same bits everywhere")]
    [InlineData(nameof(Source.Expression), "parameter - System.MathF.Atan(gradient)",
        "OPTG020 at `System.MathF.Atan(gradient)`: 'System.MathF.Atan(gradient)' cannot be part of a kernel: the functions that have the same bits everywhere are Sqrt, Abs, Min, Max, Sign, CopySign, FusedMultiplyAdd, Clamp, and those of RuleMath")]
    [InlineData(nameof(Source.Expression), "parameter - System.MathF.Floor(gradient)",
        "OPTG020 at `System.MathF.Floor(gradient)`: 'System.MathF.Floor(gradient)' cannot be part of a kernel: the functions that have the same bits everywhere are Sqrt, Abs, Min, Max, Sign, CopySign, FusedMultiplyAdd, Clamp, and those of RuleMath")]
    [InlineData(nameof(Source.Expression), "parameter - float.ReciprocalSqrtEstimate(gradient) - System.MathF.ReciprocalEstimate(gradient)",
        "OPTG020 at `float.ReciprocalSqrtEstimate(gradient)`: 'float.ReciprocalSqrtEstimate(gradient)' cannot be part of a kernel: an estimate has other bits on every processor; write the exact operation",
        "OPTG020 at `System.MathF.ReciprocalEstimate(gradient)`: 'System.MathF.ReciprocalEstimate(gradient)' cannot be part of a kernel: an estimate has other bits on every processor; write the exact operation")]
    [InlineData(nameof(Source.Expression), "parameter - float.Clamp(gradient, -1, 1)",
        "OPTG020 at `float.Clamp(gradient, -1, 1)`: 'float.Clamp(gradient, -1, 1)' cannot be part of a kernel: what it does with zeros depends on the version of .NET; write Math.Clamp")]
    [InlineData(nameof(Source.Body), "Mutable += gradient; Mutable++; return parameter;",
        "OPTG020 at `Mutable`: 'Mutable' cannot be part of a kernel: a rule assigns to locals and to its parameters; mark what is kept from step to step [State] ref",
        "OPTG020 at `Mutable`: 'Mutable' cannot be part of a kernel: a rule assigns to locals and to its parameters; mark what is kept from step to step [State] ref")]
    [InlineData(nameof(Source.Expression), "float.IsNaN(gradient) ? parameter : parameter - System.Random.Shared.NextSingle()",
        "OPTG020 at `float.IsNaN(gradient)`: 'float.IsNaN(gradient)' cannot be part of a kernel: compare: the absolute value of a finite number, and of no other, is at most MaxValue",
        "OPTG020 at `System.Random.Shared.NextSingle()`: 'System.Random.Shared.NextSingle()' cannot be part of a kernel: each element would need a number of its own; draw once a step, in a [PerStep] method")]
    [InlineData(nameof(Source.Expression), "parameter % gradient",
        "OPTG020 at `parameter % gradient`: 'parameter % gradient' cannot be part of a kernel: the remainder is no vector operation; compute it once a step in a [PerStep] method, or count in a [State]")]
    [InlineData(nameof(Source.Body), "parameter %= gradient; return parameter;",
        "OPTG020 at `parameter %= gradient`: 'parameter %= gradient' cannot be part of a kernel: the remainder is no vector operation; compute it once a step in a [PerStep] method, or count in a [State]")]
    [InlineData(nameof(Source.Body), "string text = \"a\" + gradient; return text.Length + parameter;",
        "OPTG020 at `\"a\" + gradient`: '\"a\" + gradient' cannot be part of a kernel: write it with float or double arithmetic, comparisons, if, ?: and the functions of RuleMath and MathF",
        "OPTG021 at `text.Length`: 'text.Length' is of type int in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "parameter - Same(gradient)",
        "OPTG020 at `Same(gradient)`: 'Same(gradient)' cannot be part of a kernel: it is generic; declare it for float, and it is inlined")]
    [InlineData(nameof(Source.Body), "Change(ref gradient); return parameter - gradient;",
        "OPTG020 at `Change(ref gradient);`: 'Change(ref gradient);' cannot be part of a kernel: a rule has no effect beside its value and its states; return the value, or watch the method from a test")]
    [InlineData(nameof(Source.Body), "Give(gradient, out float given); return parameter - given;",
        "OPTG020 at `Give(gradient, out float given);`: 'Give(gradient, out float given);' cannot be part of a kernel: a rule has no effect beside its value and its states; return the value, or watch the method from a test")]
    [InlineData(nameof(Source.Expression), "parameter - (gradient = 3)",
        "OPTG020 at `gradient = 3`: 'gradient = 3' cannot be part of a kernel: an assignment in a rule is a statement of its own, to a local or a parameter")]
    [InlineData(nameof(Source.Body), "float a, b; a = b = gradient; return parameter - a - b;",
        "OPTG020 at `b = gradient`: 'b = gradient' cannot be part of a kernel: an assignment in a rule is a statement of its own, to a local or a parameter")]
    [InlineData(nameof(Source.Expression), "parameter - gradient++",
        "OPTG020 at `gradient++`: 'gradient++' cannot be part of a kernel: an assignment in a rule is a statement of its own, to a local or a parameter")]
    [InlineData(nameof(Source.Expression), "(parameter > 0) ^ (gradient > 0) ? parameter : gradient",
        "OPTG020 at `(parameter > 0) ^ (gradient > 0)`: '(parameter > 0) ^ (gradient > 0)' cannot be part of a kernel: of truth values there are &&, || and !")]
    [InlineData(nameof(Source.Expression), "(parameter > 0) == (gradient > 0) ? parameter : gradient",
        "OPTG020 at `(parameter > 0) == (gradient > 0)`: '(parameter > 0) == (gradient > 0)' cannot be part of a kernel: of truth values there are &&, || and !")]
    [InlineData(nameof(Source.Expression), "gradient is > 0 and < 1 ? parameter : gradient",
        "OPTG020 at `gradient is > 0 and < 1`: 'gradient is > 0 and < 1' cannot be part of a kernel: a rule has no patterns; write the comparisons")]
    [InlineData(nameof(Source.Body), "again: if (gradient > 3) { gradient -= 1; goto again; } return parameter - gradient;",
        "OPTG020 at `again: if (gradient > 3) { gradient -= 1; goto again; }`: 'again: if (gradient > 3) { gradient -= 1; goto again; }' cannot be part of a kernel: the statements of a rule are declarations, assignments, if, else and return")]
    [InlineData(nameof(Source.Body), "try { gradient += 1; } finally { gradient -= 1; } return parameter - gradient;",
        "OPTG020 at `try { gradient += 1; } finally { gradient -= 1; }`: 'try { gradient += 1; } finally { gradient -= 1; }' cannot be part of a kernel: the statements of a rule are declarations, assignments, if, else and return")]
    [InlineData(nameof(Source.Body), "lock (Table) { gradient += 1; } return parameter - gradient;",
        "OPTG020 at `lock (Table) { gradient += 1; }`: 'lock (Table) { gradient += 1; }' cannot be part of a kernel: the statements of a rule are declarations, assignments, if, else and return")]
    [InlineData(nameof(Source.Body), "using (System.IO.MemoryStream s = new()) { gradient += 1; } return parameter - gradient;",
        "OPTG020 at `using (System.IO.MemoryStream s = new()) { gradient += 1; }`: 'using (System.IO.MemoryStream s = new()) { gradient += 1; }' cannot be part of a kernel: the statements of a rule are declarations, assignments, if, else and return")]
    [InlineData(nameof(Source.Body), "System.Console.WriteLine(gradient); return parameter;",
        "OPTG020 at `System.Console.WriteLine(gradient);`: 'System.Console.WriteLine(gradient);' cannot be part of a kernel: a rule has no effect beside its value and its states; return the value, or watch the method from a test")]
    [InlineData(nameof(Source.Body), "return parameter - Half(gradient); float Half(float x) => x * rate;",
        "OPTG020 at `Half(gradient)`: 'Half(gradient)' cannot be part of a kernel: declare it static, in this project, with an expression or a block of the same language, and it is inlined")]
    [InlineData(nameof(Source.Body), "Mutable = gradient; return parameter;",
        "OPTG020 at `Mutable`: 'Mutable' cannot be part of a kernel: a rule assigns to locals and to its parameters; mark what is kept from step to step [State] ref")]
    [InlineData(nameof(Source.Body), "Table[0] = gradient; return parameter;",
        "OPTG020 at `Table[0]`: 'Table[0]' cannot be part of a kernel: a rule assigns to locals and to its parameters; mark what is kept from step to step [State] ref")]
    [InlineData(nameof(Source.Body), "float a = System.MathF.Exp(gradient); for (int k = 0; k < 3; k++) { a += 1; } a %= 2; return parameter - a * Mutable;",
        "OPTG020 at `System.MathF.Exp(gradient)`: 'System.MathF.Exp(gradient)' cannot be part of a kernel: its bits differ between platforms; write RuleMath.Exp, which has the same bits everywhere",
        "OPTG020 at `for (int k = 0; k < 3; k++) { a += 1; }`: 'for (int k = 0; k < 3; k++) { a += 1; }' cannot be part of a kernel: a rule has no loops; write each turn, or reduce over the elements with [Reduce]",
        "OPTG020 at `a %= 2`: 'a %= 2' cannot be part of a kernel: the remainder is no vector operation; compute it once a step in a [PerStep] method, or count in a [State]",
        "OPTG020 at `Mutable`: 'Mutable' cannot be part of a kernel: a rule can read static fields only if they are readonly and of its element type")]
    [InlineData(nameof(Source.Expression), "parameter - Bad(gradient)",
        "OPTG020 at `System.MathF.Exp(x)`: 'System.MathF.Exp(x)' cannot be part of a kernel: its bits differ between platforms; write RuleMath.Exp, which has the same bits everywhere",
        "OPTG020 at `Mutable`: 'Mutable' cannot be part of a kernel: a rule can read static fields only if they are readonly and of its element type")]
    [InlineData(nameof(Source.Expression), "parameter - Eight(gradient)",
        "OPTG020 at `float y = x;`: 'float y = x;' cannot be part of a kernel: with it the rule has more than 2000 statements on all its ways together; return at the end, and call fewer methods")]
    [InlineData(nameof(Source.Expression), "parameter - Bad(gradient) - Bad(parameter)",
        "OPTG020 at `System.MathF.Exp(x)`: 'System.MathF.Exp(x)' cannot be part of a kernel: its bits differ between platforms; write RuleMath.Exp, which has the same bits everywhere",
        "OPTG020 at `Mutable`: 'Mutable' cannot be part of a kernel: a rule can read static fields only if they are readonly and of its element type")]
    [InlineData(nameof(Source.Body), "_ = gradient * 2; return parameter;",
        "OPTG020 at `_`: '_' cannot be part of a kernel: a rule assigns to locals and to its parameters; mark what is kept from step to step [State] ref")]
    [InlineData(nameof(Source.Body), "async System.Threading.Tasks.Task F() => await System.Threading.Tasks.Task.Yield(); F().Wait(); return parameter - gradient;",
        "OPTG020 at `F().Wait();`: 'F().Wait();' cannot be part of a kernel: a rule has no effect beside its value and its states; return the value, or watch the method from a test")]
    [InlineData(nameof(Source.Expression), "parameter - ((float?)gradient ?? 1)",
        "OPTG020 at `(float?)gradient ?? 1`: '(float?)gradient ?? 1' cannot be part of a kernel: write it with float or double arithmetic, comparisons, if, ?: and the functions of RuleMath and MathF")]
    [InlineData(nameof(Source.Expression), "parameter - new System.Numerics.Vector2(gradient, 1).X",
        "OPTG020 at `new System.Numerics.Vector2(gradient, 1).X`: 'new System.Numerics.Vector2(gradient, 1).X' cannot be part of a kernel: a rule is static; use [State] for what is kept, and [Hyperparameter] for what is set")]
    [InlineData(nameof(Source.Expression), "float.IsInfinity(gradient) ? 0 : parameter",
        "OPTG020 at `float.IsInfinity(gradient)`: 'float.IsInfinity(gradient)' cannot be part of a kernel: compare: the absolute value of a finite number, and of no other, is at most MaxValue")]
    [InlineData(nameof(Source.Expression), "parameter - System.MathF.Atan(gradient + gradient + gradient + gradient + gradient + gradient)",
        "OPTG020 at `System.MathF.Atan(gradient + gradient + gradient + gradient + gradient + gradient)`: 'System.MathF.Atan(gradient + gradient + gradient + gradie…' cannot be part of a kernel: the functions that have the same bits everywhere are Sqrt, Abs, Min, Max, Sign, CopySign, FusedMultiplyAdd, Clamp, and those of RuleMath")]
    public void OPTG020_NotVectorizable(string kind, string text, params string[] diagnostics) => Check(kind, text, diagnostics);

    /// <summary>What brings another type into the rule is underlined, not all that is computed with it.</summary>
    [Theory]
    [InlineData(nameof(Source.Expression), "parameter - gradient * Count",
        "OPTG021 at `Count`: 'Count' is of type int in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "parameter - gradient.CompareTo(parameter)",
        "OPTG021 at `gradient.CompareTo(parameter)`: 'gradient.CompareTo(parameter)' is of type int in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Body), "int k = 3; k++; return parameter - k * gradient;",
        "OPTG021 at `k = 3`: 'k' is of type int in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Body), "int k = 3; k++; return k > 3 ? parameter : gradient;",
        "OPTG021 at `k = 3`: 'k' is of type int in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Body), "int k = 3; return parameter * (k / 2) * gradient;",
        "OPTG021 at `k = 3`: 'k' is of type int in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "parameter - (int)gradient",
        "OPTG021 at `(int)gradient`: '(int)gradient' is of type int in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "(float)(parameter - 0.1 * gradient)",
        "OPTG021 at `0.1`: '0.1' is of type double in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "gradient > 0.5 ? parameter : gradient",
        "OPTG021 at `0.5`: '0.5' is of type double in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "parameter - (float)System.Math.Sqrt(gradient)",
        "OPTG021 at `System.Math.Sqrt(gradient)`: 'System.Math.Sqrt(gradient)' is of type double in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "System.Math.Sqrt(gradient) > 1.0 ? parameter : gradient",
        "OPTG021 at `System.Math.Sqrt(gradient)`: 'System.Math.Sqrt(gradient)' is of type double in a rule of float; write all of the rule in float (a literal of float ends in f)",
        "OPTG021 at `1.0`: '1.0' is of type double in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Body), "double d = gradient; return parameter - (float)(d * 2);",
        "OPTG021 at `d = gradient`: 'd' is of type double in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "(float)(parameter - InDouble * gradient * InDouble)",
        "OPTG021 at `InDouble`: 'InDouble' is of type double in a rule of float; write all of the rule in float (a literal of float ends in f)",
        "OPTG021 at `InDouble`: 'InDouble' is of type double in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "(float)((double)gradient * parameter)",
        "OPTG021 at `(double)gradient`: '(double)gradient' is of type double in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "(float)(gradient > 0 ? 0.5 : parameter)",
        "OPTG021 at `0.5`: '0.5' is of type double in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "(float)(1.5m * (decimal)gradient) + parameter",
        "OPTG021 at `1.5m`: '1.5m' is of type decimal in a rule of float; write all of the rule in float (a literal of float ends in f)",
        "OPTG021 at `(decimal)gradient`: '(decimal)gradient' is of type decimal in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "parameter - gradient * Long",
        "OPTG021 at `Long`: 'Long' is of type long in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.Expression), "parameter - ((gradient > 0 ? 1 : 0) + (gradient > 1 ? 1 : 0))",
        "OPTG021 at `(gradient > 0 ? 1 : 0) + (gradient > 1 ? 1 : 0)`: '(gradient > 0 ? 1 : 0) + (gradient > 1 ? 1 : 0)' is of type int in a rule of float; write all of the rule in float (a literal of float ends in f)")]
    [InlineData(nameof(Source.InDouble), "parameter - System.MathF.Sqrt((float)gradient) + Single",
        "OPTG021 at `System.MathF.Sqrt((float)gradient)`: 'System.MathF.Sqrt((float)gradient)' is of type float in a rule of double; write all of the rule in double (a literal of float ends in f)",
        "OPTG021 at `Single`: 'Single' is of type float in a rule of double; write all of the rule in double (a literal of float ends in f)")]
    public void OPTG021_MixedPrecision(string kind, string text, params string[] diagnostics) => Check(kind, text, diagnostics);

    [Theory]
    [InlineData(nameof(Source.Class), "[UpdateRule] private float Update(float parameter, float gradient) => parameter - gradient;",
        "OPTG022 at `Update`: The method 'Update' must be static to be the optimizer's [UpdateRule]; it takes hyperparameters as parameters, by their names in camelCase")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update<T>(float parameter, float gradient) => parameter - gradient;",
        "OPTG022 at `Update`: The method 'Update' must not be generic to be the optimizer's [UpdateRule]")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static void Update(float parameter, float gradient) { }",
        "OPTG022 at `Update`: The method 'Update' must return float, the new value of one element of the parameter, to be the optimizer's [UpdateRule]")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static int Update(float parameter, float gradient) => 1;",
        "OPTG022 at `Update`: The method 'Update' must return float, the new value of one element of the parameter, to be the optimizer's [UpdateRule]")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static async System.Threading.Tasks.Task<float> Update(float parameter, float gradient) { await System.Threading.Tasks.Task.Yield(); return parameter - gradient; }",
        "OPTG022 at `Update`: The method 'Update' must return float, the new value of one element of the parameter, to be the optimizer's [UpdateRule]")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static extern float Update(float parameter, float gradient);",
        "OPTG022 at `Update`: The method 'Update' must have a body to be the optimizer's [UpdateRule]")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static ref float Update(float parameter, float gradient) => ref Kept[0]; private static readonly float[] Kept = new float[1];",
        "OPTG022 at `Update`: The method 'Update' must return float, the new value of one element of the parameter, to be the optimizer's [UpdateRule]")]
    [InlineData(nameof(Source.Beside), "[PerStep] private static double Prepare(double rate) => rate;",
        "OPTG022 at `Prepare`: The method 'Prepare' must be static, not generic, and return void; it hands its results out by out parameters")]
    [InlineData(nameof(Source.Beside), "[PerStep] private void Prepare(double rate, out double size) => size = rate;",
        "OPTG022 at `Prepare`: The method 'Prepare' must be static, not generic, and return void; it hands its results out by out parameters")]
    [InlineData(nameof(Source.Beside), "[PerStep] private static void Prepare<T>(double rate, out double size) => size = rate;",
        "OPTG022 at `Prepare`: The method 'Prepare' must be static, not generic, and return void; it hands its results out by out parameters")]
    [InlineData(nameof(Source.Beside), "[PerTensor] private static double Prepare(double rate) => rate;",
        "OPTG022 at `Prepare`: The method 'Prepare' must be static, not generic, and return void; it hands its results out by out parameters")]
    [InlineData(nameof(Source.Beside), "[Reduce(Reduction.Sum)] private static void Total(float gradient) { }",
        "OPTG022 at `Total`: The method 'Total' must return float to be the optimizer's [Reduce]")]
    [InlineData(nameof(Source.Beside), "[Reduce(Reduction.Sum)] private float Total(float gradient) => gradient;",
        "OPTG022 at `Total`: The method 'Total' must be static to be the optimizer's [Reduce]; it takes hyperparameters as parameters, by their names in camelCase")]
    [InlineData(nameof(Source.Beside), "[Reduce(Reduction.Sum)] private static double Total(float gradient) => gradient;",
        "OPTG022 at `Total`: The method 'Total' must return float to be the optimizer's [Reduce]")]
    [InlineData(nameof(Source.Beside), "[Reduce(Reduction.Sum)] private static float Total(float gradient) => gradient; [Reduce(Reduction.Norm)] private static float total(float gradient) => gradient;",
        "OPTG022 at `total`: The method 'total' would be 'total' to the rule, which is another scalar's name; rename it")]
    [InlineData(nameof(Source.Beside), "[Reduce(Reduction.Sum)] private static float rate(float gradient) => gradient;",
        "OPTG022 at `rate`: The method 'rate' would be 'rate' to the rule, which is another scalar's name; rename it")]
    [InlineData(nameof(Source.Class), "[PerStep] private static void Prepare(out double size) => size = 1; [Reduce(Reduction.Sum)] private static float Total(float gradient) => gradient; [PerTensor] private static void Tensor(long elementCount, out double n) => n = elementCount; [Hyperparameter] public float Rate { get; set; }",
        "OPTG022 at `Prepare`: The method 'Prepare' is marked [PerStep], but no method is marked [UpdateRule]; mark the method that is the rule",
        "OPTG022 at `Total`: The method 'Total' is marked [Reduce], but no method is marked [UpdateRule]; mark the method that is the rule",
        "OPTG022 at `Tensor`: The method 'Tensor' is marked [PerTensor], but no method is marked [UpdateRule]; mark the method that is the rule",
        "OPTG024 at `Rate`: The property 'Rate' is a hyperparameter, but no method is marked [UpdateRule]; a rule that is a stack of attributes has its own")]
    public void OPTG022_MethodSignature(string kind, string text, params string[] diagnostics) => Check(kind, text, diagnostics);

    /// <summary>Without an initializer the value is meant to be set before the first step.</summary>
    [Theory]
    [InlineData("(Min = 0)", " = -1f;", "-1; it must be at least 0, and finite")]
    [InlineData("(Min = 0, Max = 1, MaxIsExclusive = true)", " = 1;", "1; it must be in [0, 1)")]
    [InlineData("(Max = 1, MaxIsExclusive = true)", " = 1;", "1; it must be less than 1, and finite")]
    [InlineData("", " = float.PositiveInfinity;", "Infinity; it must be finite")]
    [InlineData("(Min = 0, Max = 0.9f)", " = 0.9f;")]
    [InlineData("(Min = 1)", "")]
    public void OPTG005_DefaultOfAHyperparameter(string bounds, string initializer, params string[] what) => Check(
        nameof(Source.Beside),
        $"[Hyperparameter{bounds}] public float Rho {{ get; set; }}{initializer}",
        [.. what.Select(text => $"OPTG005 at `Rho`: Rho is {text}")]);

    [Theory]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, float gradient, float learningRat) => parameter - learningRat * gradient;",
        "OPTG023 at `learningRat`: The parameter 'learningRat' of 'Update' is bound to nothing; name it 'parameter', 'gradient' or 'step', or as a [Hyperparameter] property in camelCase, a [Reduce] method in camelCase or an out parameter of a [PerStep] method, or mark it [State] ref or with stages such as [Ewa]")]
    [InlineData(nameof(Source.Class), "[Hyperparameter] public float Rate { get; set; } [UpdateRule] private static float Update(float parameter, double gradient, int rate) => parameter;",
        "OPTG023 at `gradient`: The parameter 'gradient' of 'Update' must be a float, or a bool that a [PerStep] method hands out",
        "OPTG023 at `rate`: The parameter 'rate' of 'Update' must be a float, or a bool that a [PerStep] method hands out")]
    [InlineData(nameof(Source.Class), "[Hyperparameter] public float LearningRate { get; set; } [UpdateRule] private static float Update(float parameter, float gradient, float LearningRate) => parameter - LearningRate * gradient;",
        "OPTG023 at `LearningRate`: The parameter 'LearningRate' of 'Update' is bound to nothing; the hyperparameter 'LearningRate' is 'learningRate' to the rule")]
    [InlineData(nameof(Source.Class), "public float Rate { get; set; } [UpdateRule] private static float Update(float parameter, float gradient, float rate) => parameter - rate * gradient;",
        "OPTG023 at `rate`: The parameter 'rate' of 'Update' is bound to nothing; mark the property 'Rate' [Hyperparameter]")]
    [InlineData(nameof(Source.Class), "[Hyperparameter] public float Rate { get; } [UpdateRule] private static float Update(float parameter, float gradient, float rate) => parameter - rate * gradient;",
        "OPTG024 at `Rate`: The property 'Rate' must be an instance property of type float with a getter and a setter to be a hyperparameter")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(ref float parameter, out float gradient) { gradient = 1; return parameter; }",
        "OPTG023 at `parameter`: The parameter 'parameter' of 'Update' is passed by reference; mark it [State] if it is kept from step to step, or take it by value",
        "OPTG023 at `gradient`: The parameter 'gradient' of 'Update' is passed by reference; mark it [State] if it is kept from step to step, or take it by value")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, float gradient, [State] float m, [State] ref double d) => parameter - gradient;",
        "OPTG023 at `m`: The parameter 'm' of 'Update' is marked [State]; it must be ref float",
        "OPTG023 at `d`: The parameter 'd' of 'Update' is marked [State]; it must be ref float")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update([State] ref float parameter, [State] ref float gradient) => 1;",
        "OPTG023 at `parameter`: The parameter 'parameter' of 'Update' is the element's own; give the state another name",
        "OPTG023 at `gradient`: The parameter 'gradient' of 'Update' is the element's own; give the state another name")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, [Ewa(0.9)] float m, [State] ref float firstMoment) => parameter - m;",
        "OPTG023 at `firstMoment`: The parameter 'firstMoment' of 'Update' has the name of a state that a stage of the rule keeps; rename it, or read that one with [Previous]")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, float gradient, [Previous(\"sum\")] float before) => parameter - before;",
        "OPTG023 at `before`: The parameter 'before' of 'Update' views the state 'sum', which the rule does not have")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, float gradient, [Previous(null!)] float before) => parameter - before;",
        "OPTG023 at `before`: The parameter 'before' of 'Update' views the state '', which the rule does not have")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, float gradient, bool late) => late ? parameter : gradient;",
        "OPTG023 at `late`: The parameter 'late' of 'Update' must be a float, or a bool that a [PerStep] method hands out")]
    [InlineData(nameof(Source.Class), "[PerStep] private static void Choose(long step, out bool late) => late = step > 3; [UpdateRule] private static float Update(float parameter, float gradient, float late) => parameter - late * gradient;",
        "OPTG023 at `late`: The parameter 'late' of 'Update' is handed out as a bool; take it as one")]
    [InlineData(nameof(Source.Class), "[PerStep] private static void Choose(long step, out double late) => late = step; [UpdateRule] private static float Update(float parameter, float gradient, bool late) => late ? parameter : gradient;",
        "OPTG023 at `late`: The parameter 'late' of 'Update' must be a float, or a bool that a [PerStep] method hands out")]
    [InlineData(nameof(Source.Beside), "[PerStep] private static void Prepare(double rat, int step, float rate, ref double kept, [State] double state, [State] ref float single, out int n, out double rate2) { (n, rate2) = (1, rat); }",
        "OPTG023 at `rat`: The parameter 'rat' of 'Prepare' is no hyperparameter in camelCase, 'step', reduction, or value that an earlier method hands out; mark what is kept from step to step [State] ref double, and what is handed to the rule out double or out bool",
        "OPTG023 at `step`: The parameter 'step' of 'Prepare' must be a long by value",
        "OPTG023 at `rate`: The parameter 'rate' of 'Prepare' must be a double by value",
        "OPTG023 at `kept`: The parameter 'kept' of 'Prepare' is no hyperparameter in camelCase, 'step', reduction, or value that an earlier method hands out; mark what is kept from step to step [State] ref double, and what is handed to the rule out double or out bool",
        "OPTG023 at `state`: The parameter 'state' of 'Prepare' is marked [State]; in a method that computes scalars it must be ref double",
        "OPTG023 at `single`: The parameter 'single' of 'Prepare' is marked [State]; in a method that computes scalars it must be ref double",
        "OPTG023 at `n`: The parameter 'n' of 'Prepare' is handed out, and must be double, float or bool")]
    [InlineData(nameof(Source.Beside), "[PerStep] private static void First(out double size) => size = 1; [PerStep] private static void Second(out double size, out double rate) => (size, rate) = (1, 2);",
        "OPTG023 at `size`: The parameter 'size' of 'Second' has the name of another scalar",
        "OPTG023 at `rate`: The parameter 'rate' of 'Second' has the name of another scalar")]
    [InlineData(nameof(Source.Beside), "[Reduce(Reduction.Norm)] private static float Norm(float gradient) => gradient; [PerStep] private static void Prepare(double norm, out double size) => size = norm;",
        "OPTG023 at `norm`: The parameter 'norm' of 'Prepare' has a value for each tensor; mark the method [PerTensor]")]
    [InlineData(nameof(Source.Beside), "[PerStep] private static void Prepare(long elementCount, out double size) => size = elementCount;",
        "OPTG023 at `elementCount`: The parameter 'elementCount' of 'Prepare' is no hyperparameter in camelCase, 'step', reduction, or value that an earlier method hands out; mark what is kept from step to step [State] ref double, and what is handed to the rule out double or out bool")]
    [InlineData(nameof(Source.Beside), "[PerStep] private static void Prepare(out bool a, out bool b, out bool c, out bool d, out bool e) => a = b = c = d = e = true;",
        "OPTG023 at `e`: The parameter 'e' of 'Prepare' is one choice too many: each doubles the number of kernels, and 4 are allowed")]
    [InlineData(nameof(Source.Beside), "[Reduce(Reduction.Sum)] private static float Total(ref float gradient, double parameter, float missing, float size) => 1; [PerTensor] private static void P(long elementCount, out double size) => size = elementCount;",
        "OPTG023 at `gradient`: The parameter 'gradient' of 'Total' must be a float by value: a reduction only reads",
        "OPTG023 at `parameter`: The parameter 'parameter' of 'Total' must be a float by value: a reduction only reads",
        "OPTG023 at `missing`: The parameter 'missing' of 'Total' is no 'parameter', 'gradient', state, value of a stage, hyperparameter in camelCase, or scalar that is known before the reductions",
        "OPTG023 at `size`: The parameter 'size' of 'Total' is no 'parameter', 'gradient', state, value of a stage, hyperparameter in camelCase, or scalar that is known before the reductions")]
    public void OPTG023_UnboundParameter(string kind, string text, params string[] diagnostics) => Check(kind, text, diagnostics);

    [Theory]
    [InlineData(nameof(Source.Class), "[Hyperparameter] public double InDouble { get; set; } [Hyperparameter] public float Fixed { get; } [Hyperparameter] public float Init { get; init; } [Hyperparameter] public static float Shared { get; set; } [Hyperparameter] public int Whole { get; set; } [UpdateRule] private static float Update(float parameter, float gradient) => parameter - gradient;",
        "OPTG024 at `InDouble`: The property 'InDouble' must be an instance property of type float with a getter and a setter to be a hyperparameter",
        "OPTG024 at `Fixed`: The property 'Fixed' must be an instance property of type float with a getter and a setter to be a hyperparameter",
        "OPTG024 at `Init`: The property 'Init' must be an instance property of type float with a getter and a setter to be a hyperparameter",
        "OPTG024 at `Shared`: The property 'Shared' must be an instance property of type float with a getter and a setter to be a hyperparameter",
        "OPTG024 at `Whole`: The property 'Whole' must be an instance property of type float with a getter and a setter to be a hyperparameter")]
    [InlineData(nameof(Source.Class), "[Hyperparameter] public float Step { get; set; } [Hyperparameter] public float ElementCount { get; set; } [Hyperparameter] public float Gradient { get; set; } [Hyperparameter] public float Rho { get; set; } [Hyperparameter] public float rho { get; set; } [UpdateRule] private static float Update(float parameter, float gradient) => parameter - gradient;",
        "CS0108 at `Step`: 'Any.Step' hides inherited member 'Optimizer<float>.Step()'. Use the new keyword if hiding was intended.",
        "OPTG024 at `Step`: The property 'Step' would be 'step' to the rule, which is a scalar of the step; rename it",
        "OPTG024 at `ElementCount`: The property 'ElementCount' would be 'elementCount' to the rule, which is a scalar of the step; rename it",
        "OPTG024 at `Gradient`: The property 'Gradient' would be 'gradient' to the rule, which is the element's; rename it",
        "OPTG024 at `rho`: The property 'rho' is 'rho' to the rule, as another hyperparameter is; rename one of them")]
    [InlineData(nameof(Source.Class), "[Hyperparameter(Min = 0)] public float LearningRate { get; set; } = 0.1f;",
        "OPTG024 at `LearningRate`: The property 'LearningRate' is a hyperparameter, but no method is marked [UpdateRule]; a rule that is a stack of attributes has its own")]
    [InlineData(nameof(Source.Class), "[Hyperparameter] public float this[int i] { get => i; set { } } [UpdateRule] private static float Update(float parameter, float gradient) => parameter - gradient;",
        "OPTG024 at `this`: The property 'this[]' is an indexer; mark an ordinary property [Hyperparameter]")]
    [InlineData(nameof(Source.Beside), "[Hyperparameter, System.Obsolete(\"no\", true)] public float Old { get; set; }",
        "OPTG024 at `Old`: The property 'Old' is [Obsolete] as an error, and the generated code reads it; let it be a warning")]
    public void OPTG024_HyperparameterProperty(string kind, string text, params string[] diagnostics) => Check(kind, text, diagnostics);

    [Theory]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, float gradient) => parameter - gradient; [UpdateRule] private static float Other(float parameter, float gradient) => parameter - gradient;",
        "OPTG025 at `Other`: 'Other' is a second [UpdateRule] of 'Any'; keep one")]
    public void OPTG025_SecondUpdateRule(string kind, string text, params string[] diagnostics) => Check(kind, text, diagnostics);

    [Theory]
    [InlineData(nameof(Source.Declared), "[Optimizer, Ewa(0.9), RmsNormalize(0.9), SignUpdate]",
        "OPTG026 at `Ewa(0.9)`: [Ewa] on the class has no place beside [UpdateRule]; put it on a parameter of 'Update'",
        "OPTG026 at `RmsNormalize(0.9)`: [RmsNormalize] on the class has no place beside [UpdateRule]; put it on a parameter of 'Update'",
        "OPTG026 at `SignUpdate`: [SignUpdate] on the class has no place beside [UpdateRule]; put it on a parameter of 'Update'")]
    public void OPTG026_StageBesideMethod(string kind, string text, params string[] diagnostics) => Check(kind, text, diagnostics);

    /// <summary>The attribute is underlined.</summary>
    [Theory]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update([Ewa(0.9)] float parameter, float gradient) => parameter - gradient;",
        "OPTG027 at `Ewa(0.9)`: [Ewa] has no place on the parameter 'parameter'; it is the parameter itself; add a parameter for what the stage computes")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, float gradient, [State, Ewa(0.9)] ref float m) => parameter - gradient;",
        "OPTG027 at `Ewa(0.9)`: [Ewa] has no place on the parameter 'm'; it is a state of the rule's own; add a parameter for what the stage computes")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, float gradient, [State] ref float m, [Previous(\"m\"), HeavyBall(0.9)] float before) => parameter - before - gradient;",
        "OPTG027 at `HeavyBall(0.9)`: [HeavyBall] has no place on the parameter 'before'; it views a state; add a parameter for what the stage computes")]
    [InlineData(nameof(Source.Class), "[Hyperparameter] public float Rate { get; set; } [UpdateRule] private static float Update(float parameter, float gradient, [Ewa(0.9)] float rate) => parameter - rate * gradient;",
        "OPTG027 at `Ewa(0.9)`: [Ewa] has no place on the parameter 'rate'; it is a scalar; add a parameter for what the stage computes")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, [Ewa(0.9), ClipByValue(1), RmsNormalize(0.9)] float gradient) => parameter - gradient;",
        "OPTG027 at `Ewa(0.9)`: [Ewa] has no place on the parameter 'gradient'; only [ClipByValue] and [WeightDecay] apply to the gradient",
        "OPTG027 at `RmsNormalize(0.9)`: [RmsNormalize] has no place on the parameter 'gradient'; only [ClipByValue] and [WeightDecay] apply to the gradient")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, [ClipByValue(1), Ewa(0.9), WeightDecay(0.1)] float m) => parameter - m;",
        "OPTG027 at `ClipByValue(1)`: [ClipByValue] has no place on the parameter 'm'; put it on the gradient",
        "OPTG027 at `WeightDecay(0.1)`: [WeightDecay] has no place on the parameter 'm'; put it on the gradient")]
    [InlineData(nameof(Source.Beside), "[Reduce(Reduction.Sum)] private static float Total([ClipByValue(1)] float gradient) => gradient; private static float F([Ewa(0.9)] float x) => x; [PerStep] private static void P([HeavyBall(0.5)] double rate, out double s) => s = rate;",
        "OPTG027 at `ClipByValue(1)`: [ClipByValue] has no place on the parameter 'gradient'; only the parameters of 'Update', the [UpdateRule] method, have stages",
        "OPTG027 at `Ewa(0.9)`: [Ewa] has no place on the parameter 'x'; only the parameters of 'Update', the [UpdateRule] method, have stages",
        "OPTG027 at `HeavyBall(0.5)`: [HeavyBall] has no place on the parameter 'rate'; only the parameters of 'Update', the [UpdateRule] method, have stages")]
    [InlineData(nameof(Source.Class), "[UpdateRule] private static float Update(float parameter, [Ewa(0.9), HeavyBall(0.9)] float m, [BiasCorrection] float n, [Ewa(1)] float o) => parameter - m - n - o;",
        "OPTG010 at `HeavyBall(0.9)`: [Ewa] and [HeavyBall] are both the rule's first moment; keep one of them",
        "OPTG011 at `BiasCorrection`: [BiasCorrection] has nothing to correct: the rule has no exponentially weighted average whose size reaches the update; add [Ewa] or [RmsNormalize], or remove it",
        "OPTG005 at `1`: β of [Ewa] is 1; it must be in [0, 1)")]
    public void OPTG027_StageOnParameter(string kind, string text, params string[] diagnostics) => Check(kind, text, diagnostics);

    [Fact]
    public void OPTG024_ExplicitInterfaceMember() => GeneratorTest.Run(
        GeneratorTest.Usings + """
        internal interface IRate { float Rate { get; set; } static abstract float Norm(float gradient); static abstract void Prepare(out double scale); }

        [Optimizer]
        internal sealed partial class Any : IRate
        {
            [Hyperparameter] float IRate.Rate { get; set; }
            [Reduce(Reduction.Norm)] static float IRate.Norm(float gradient) => gradient;
            [PerStep] static void IRate.Prepare(out double scale) => scale = 1;
            [UpdateRule] private static float Update(float parameter, float gradient) => parameter - gradient;
        }
        """,
        [
            "OPTG024 at `Rate`: The property 'IRate.Rate' implements an interface explicitly, so it has no name of its own; mark an ordinary property [Hyperparameter]",
            "OPTG022 at `Norm`: The method 'IRate.Norm' implements an interface explicitly, so it has no name of its own; write an ordinary method",
            "OPTG022 at `Prepare`: The method 'IRate.Prepare' implements an interface explicitly, so it has no name of its own; write an ordinary method",
        ]);

    [Fact]
    public void EveryStatement_IsFine() => GeneratorTest.Run(GeneratorTest.Usings + Source.Statements);

    private static void Check(string kind, string text, string[] diagnostics) => GeneratorTest.Run(
        GeneratorTest.Usings + kind switch
        {
            nameof(Source.Body) => Source.Body(text),
            nameof(Source.Expression) => Source.Expression(text),
            nameof(Source.InDouble) => Source.InDouble(text),
            nameof(Source.Beside) => Source.Beside(text),
            nameof(Source.Class) => Source.Class(text),
            _ => Source.Declared(text),
        },
        diagnostics);
}
