using System.Text;

namespace OptimGen.RandomRules;

/// <summary>Writes the statements of a method of the rule language.</summary>
internal sealed class StatementWriter(Random random, ExpressionWriter expressions)
{
    private const int DeepestBranch = 3;

    private readonly StringBuilder text = new();
    private int localCount;

    /// <summary>Each doubles what follows it.</summary>
    private int earlyReturns = random.Next(3);

    private int indentation = 2;

    /// <param name="scope">The names in scope.</param>
    /// <param name="count">The number of statements.</param>
    /// <param name="result">Writes an expression that the method may return.</param>
    /// <returns>The statements, of which the last returns.</returns>
    public string Write(NameScope scope, int count, Func<NameScope, string> result)
    {
        WriteStatements(scope, count, 0, result);
        Line($"return {result(scope)};");
        return text.ToString();
    }

    private void WriteStatements(NameScope scope, int count, int branchDepth, Func<NameScope, string> result)
    {
        for (int i = 0; i < count; i++)
        {
            WriteStatement(scope, branchDepth, result);
        }
    }

    private void WriteStatement(NameScope scope, int branchDepth, Func<NameScope, string> result)
    {
        switch (random.Next(branchDepth < DeepestBranch ? 14 : 9))
        {
            case 0 or 1:
                string number = NewLocal();
                Line($"{(random.Next(4) == 0 ? "var" : expressions.Keyword)} {number} = {expressions.Number(scope, 3)};");
                scope.Numbers.Add(number);
                scope.AssignableNumbers.Add(number);
                break;

            case 2:
                string truth = NewLocal();
                Line($"bool {truth} = {expressions.Truth(scope, 2)};");
                scope.Truths.Add(truth);
                scope.AssignableTruths.Add(truth);
                break;

            case 3:
                string constant = NewLocal();
                Line($"const {expressions.Keyword} {constant} = {expressions.Decimal()};");
                scope.Numbers.Add(constant);
                break;

            case 4 when scope.AssignableTruths.Count > 0:
                string assigned = expressions.Pick(scope.AssignableTruths);
                Line($"{assigned} {expressions.Pick(["=", "&=", "|="])} {expressions.Truth(scope, 2)};");
                break;

            case 9 or 10 or 11:
                WriteIf(scope, branchDepth, result);
                break;

            case 12:
                WriteAssignedOnBothSides(scope);
                break;

            case 13:
                Braced(() => WriteStatements(scope.Inner(), random.Next(1, 3), branchDepth, result));
                break;

            default:
                WriteAssignment(scope);
                break;
        }
    }

    private void WriteAssignment(NameScope scope)
    {
        string target = expressions.Pick(scope.AssignableNumbers);
        Line(random.Next(10) switch
        {
            0 => $"{target}{(random.Next(2) == 0 ? "++" : "--")};",
            1 => $"{target} += {expressions.Operand(scope, 3)};",
            2 => $"{target} -= {expressions.Operand(scope, 3)};",
            3 => $"{target} *= {expressions.Operand(scope, 3)};",
            4 => $"{target} /= {expressions.Operand(scope, 3)};",
            _ => $"{target} = {expressions.Number(scope, 4)};",
        });
    }

    private void WriteIf(NameScope scope, int branchDepth, Func<NameScope, string> result)
    {
        Line($"if ({expressions.Truth(scope, 2)})");
        WriteBranch(scope, branchDepth, result);
        if (random.Next(3) == 0)
        {
            Line($"else if ({expressions.Truth(scope, 1)})");
            WriteBranch(scope, branchDepth, result);
        }

        if (random.Next(2) == 0)
        {
            Line("else");
            WriteBranch(scope, branchDepth, result);
        }
    }

    private void WriteBranch(NameScope scope, int branchDepth, Func<NameScope, string> result)
    {
        NameScope inner = scope.Inner();
        Braced(() =>
        {
            WriteStatements(inner, random.Next(1, 3), branchDepth + 1, result);
            if (earlyReturns > 0 && random.Next(3) == 0)
            {
                earlyReturns--;
                Line($"return {result(inner)};");
            }
        });
    }

    /// <summary>A local that has its first value from one branch or the other.</summary>
    private void WriteAssignedOnBothSides(NameScope scope)
    {
        string local = NewLocal();
        Line($"{expressions.Keyword} {local};");
        Line($"if ({expressions.Truth(scope, 2)})");
        Braced(() => Line($"{local} = {expressions.Number(scope, 2)};"));
        Line("else");
        Braced(() => Line($"{local} = {expressions.Number(scope, 2)};"));
        scope.Numbers.Add(local);
        scope.AssignableNumbers.Add(local);
    }

    private void Braced(Action write)
    {
        Line("{");
        indentation++;
        write();
        indentation--;
        Line("}");
    }

    private string NewLocal() => $"local{++localCount}";

    private void Line(string line) => text.Append(' ', 4 * indentation).Append(line).Append('\n');
}
