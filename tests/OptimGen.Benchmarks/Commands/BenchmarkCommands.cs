using System.CommandLine;
using System.CommandLine.Parsing;
using OptimGen.Benchmarks.Results;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Commands;

/// <summary>The commands, their options, and what is refused.</summary>
internal static class BenchmarkCommands
{
    private static readonly Option<IReadOnlyList<Rule>> RuleNames = List(
        "--rules", "adam,adamw,…", "The rules", Rule.All, text => Rule.All.FirstOrDefault(rule => rule.Name.Equals(text, StringComparison.OrdinalIgnoreCase)));

    private static readonly Option<IReadOnlyList<int>> Sizes = List(
        "--sizes", "1Ki,64Ki,…", "The numbers of parameters", CompareOptions.AllLengths, text => Lengths.TryParse(text, out int length) ? length : default(int?));

    private static readonly Option<IReadOnlyList<int>> Threads = List(
        "--threads", "1,2", "The numbers of threads", [1], text => int.TryParse(text, out int threads) && threads > 0 ? threads : default(int?));

    private static readonly Option<IReadOnlyList<InstructionSet>> Sets = List(
        "--instruction-set", "avx512,avx2", "The instruction sets, for C# and for C", [InstructionSets.Selected],
        text => Enum.TryParse(text, ignoreCase: true, out InstructionSet set) && InstructionSets.IsSupported(set) ? set : default(InstructionSet?));

    private static readonly Option<int?> Rounds = new("--rounds") { Description = "The number of rounds [default: 31, fewer where a step takes long]" };

    private static readonly Option<bool> Quick = new("--quick") { Description = "A third of the rounds" };

    /// <summary>Reads the arguments and runs what they ask for.</summary>
    /// <returns>The exit code.</returns>
    public static int Invoke(string[] args)
    {
        var compare = new Command("compare", "A step against a scalar loop, TensorPrimitives, C, and the memory alone") { RuleNames, Sizes, Threads, Sets, Rounds, Quick };
        compare.SetAction(read => CompareCommand.Run(Read(read), Console.Out, Console.Error) is null ? 1 : 0);
        return new RootCommand("Measures OptimGen against its peers.") { compare }.Parse(args).Invoke();
    }

    private static CompareOptions Read(ParseResult read) => new(
        read.GetRequiredValue(RuleNames), read.GetRequiredValue(Sizes), read.GetRequiredValue(Threads), read.GetRequiredValue(Sets),
        read.GetValue(Rounds), read.GetValue(Quick));

    private static Option<IReadOnlyList<T>> List<T>(string name, string help, string description, IReadOnlyList<T> usual, Func<string, object?> parse) => new(name)
    {
        Description = description,
        HelpName = help,
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            var values = new List<T>();
            foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)))
            {
                if (parse(text) is T value)
                {
                    values.Add(value);
                }
                else
                {
                    result.AddError($"{name}: '{text}' is unknown here; expected {help}.");
                }
            }

            return values;
        },
    };
}
