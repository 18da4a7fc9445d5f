using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Running;
using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Results;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Commands;

/// <summary>The commands, their options, and what is refused.</summary>
internal static class BenchmarkCommands
{
    private const string FiguresName = "figures";
    private const string On = "on";
    private const string Off = "off";
    private static readonly IReadOnlyList<int> PhaseLengths = [1 << 20, 1 << 24];

    private static readonly Option<IReadOnlyList<Rule>?> RuleNames = List<Rule>("--rules", "adam,adamw,…", "The rules [default: all]", TryReadRule);

    private static readonly Option<IReadOnlyList<int>?> Sizes = List<int>(
        "--sizes", "1Ki,64Ki,…", "The numbers of parameters [default: 1Ki to 64Mi]", Lengths.TryParse);

    private static readonly Option<IReadOnlyList<int>?> DefaultSizes = List<int>(
        "--sizes", "64Ki,1Mi,…", "The numbers of parameters [default: 64Ki,1Mi,16Mi,64Mi]", Lengths.TryParse);

    private static readonly Option<IReadOnlyList<int>?> PhaseSizes = List<int>(
        "--sizes", "1Mi,16Mi,…", "The numbers of parameters [default: 1Mi,16Mi]", Lengths.TryParse);

    private static readonly Option<IReadOnlyList<int>?> Threads = List<int>("--threads", "1,2", "The numbers of threads [default: 1]", TryReadThreads);

    private static readonly Option<IReadOnlyList<int>?> DefaultThreads = List<int>("--threads", "1,2", "The numbers of threads [default: 1,2]", TryReadThreads);

    private static readonly Option<IReadOnlyList<string>?> PeerNames = List<string>(
        "--peers", "gcc,clang,…", $"Who takes part beside OptimGen [default: all], of: {string.Join(", ", Peers.All)}", TryReadPeer);

    private static readonly Option<string?> Check = new Option<string?>("--check")
    {
        Description = "Whether OptimGen refuses gradients that are not finite, as it does by default and no peer does [default: off]",
    }.AcceptOnlyFromAmong(On, Off);

    private static readonly Option<IReadOnlyList<InstructionSet>?> Sets = List<InstructionSet>(
        "--instruction-set", "avx512,avx2", "The instruction sets, for C# and for C [default: the widest]", TryReadInstructionSet);

    private static readonly Option<int?> Rounds = new("--rounds") { Description = "The number of rounds [default: 31, fewer where a step takes long]" };

    private static readonly Option<bool> Quick = new("--quick") { Description = "A third of the rounds" };

    private static readonly Option<int> RowCount = new("--table") { Description = "The number of rows of the table [default: 1048576]", DefaultValueFactory = _ => 1 << 20 };

    private static readonly Option<IReadOnlyList<int>?> ProjectSizes = List<int>(
        "--optimizers", "20,1000", "The numbers of optimizers of a project, a multiple of 4 each [default: 20,1000]", TryReadProjectSize);

    private static readonly Option<int> MemoryEdits = new("--edits") { Description = "Also print the memory in use over so many edits [default: 0]" };

    private static readonly Option<bool> Write = new("--write") { Description = "Write the tables to results/<processor>.md, in place of their old ones" };

    /// <summary>Reads the arguments and runs what they ask for.</summary>
    /// <returns>The exit code.</returns>
    public static int Invoke(string[] args)
    {
        if (args is [FiguresName, .. string[] rest])
        {
            // The project that it would generate for a process of its own does not build under the repository's settings.
            BenchmarkSwitcher.FromAssembly(typeof(BenchmarkCommands).Assembly).Run([.. rest, "--inProcess"]);
            return 0;
        }

        string command = string.Join(' ', args);
        var compare = new Command("compare", "A step against a scalar loop, TensorPrimitives, C, and the memory alone")
        {
            RuleNames, Sizes, PeerNames, Threads, Check, Sets, Rounds, Quick, Write,
        };
        compare.SetAction(read => Finish(CompareCommand.Run(Read(read, read.GetValue(Sizes) ?? CompareOptions.AllLengths), Console.Out, Console.Error), read, command));
        var byDefault = new Command("default", "A step as it is by default, with gradients checked, against the same unchecked")
        {
            RuleNames, DefaultSizes, DefaultThreads, Sets, Rounds, Quick, Write,
        };
        byDefault.SetAction(read => Finish(
            DefaultCommand.Run(Read(read, read.GetValue(DefaultSizes) ?? DefaultCommand.DefaultLengths) with { Threads = read.GetValue(DefaultThreads) ?? [1, 2] }, Console.Out),
            read, command));
        var small = new Command("small", "A step over 200 small tensors against a step over one of the same length") { RuleNames, Threads, Sets, Rounds, Quick, Write };
        small.SetAction(read => Finish(SmallCommand.Run(Read(read, []), Console.Out), read, command));
        var phase = new Command("phase", "Norm, clipping, step, zero gradients and average in one pass against separate passes")
        {
            PhaseSizes, PeerNames, Threads, Sets, Rounds, Quick, Write,
        };
        phase.SetAction(read => Finish(PhaseCommand.Run(Read(read, read.GetValue(PhaseSizes) ?? PhaseLengths), Console.Out, Console.Error), read, command));
        var storage = new Command("storage", "Adam with its states in fewer bits against Adam in single precision, and against the memory alone")
        {
            DefaultSizes, DefaultThreads, Sets, Rounds, Quick, Write,
        };
        storage.SetAction(read => Finish(
            StorageCommand.Run(Read(read, read.GetValue(DefaultSizes) ?? StorageCommand.DefaultLengths) with { Threads = read.GetValue(DefaultThreads) ?? [1, 2] }, Console.Out),
            read, command));
        var rows = new Command("rows", "Adam over the rows of a batch of a large table, against C that sorts, sums and prefetches, and against the step over all rows; RowwiseAdagrad against Adagrad")
        {
            RowCount, DefaultThreads, Sets, Rounds, Quick, Write,
        };
        rows.SetAction(read => Finish(
            RowsCommand.Run(Read(read, []) with { Threads = read.GetValue(DefaultThreads) ?? [1, 2] }, read.GetValue(RowCount), Console.Out, Console.Error), read, command));
        var addends = new Command("addends", "Adam over the sum of four gradients, against additions in passes of their own")
        {
            DefaultSizes, DefaultThreads, Sets, Rounds, Quick, Write,
        };
        addends.SetAction(read => Finish(
            AddendsCommand.Run(Read(read, read.GetValue(DefaultSizes) ?? AddendsCommand.DefaultLengths) with { Threads = read.GetValue(DefaultThreads) ?? [1, 2] }, Console.Out),
            read, command));
        var results = new Command("results", "All of these, for the vector instruction sets of this machine and 1 and 2 threads; writes results/<processor>.md anew") { Quick };
        results.SetAction(read => MeasureEverything(read.GetValue(Quick)));
        var compileTime = new Command("compile-time", "What the generator costs a build, and an edit in an IDE") { ProjectSizes, MemoryEdits };
        compileTime.SetAction(read => CompileTimeCommand.Run(read.GetValue(ProjectSizes) ?? [20, 1000], read.GetValue(MemoryEdits), Console.Out));
        // Its arguments are BenchmarkDotNet's, which have taken another way.
        var figures = new Command(FiguresName, "Single figures, by BenchmarkDotNet, with its own arguments: figures --filter '*'");
        Command[] commands = [compare, byDefault, small, phase, storage, addends, rows, results, compileTime, figures];
        var root = new RootCommand(Explain(commands));
        Array.ForEach(commands, root.Add);
        return root.Parse(args).Invoke();
    }

    /// <summary>What <c>--help</c> says before the list of commands.</summary>
    private static string Explain(IEnumerable<Command> commands) => $"""
        Measures OptimGen against its peers, interleaved in one process, and prints medians and quartiles of the ratios of their times.

        {string.Join('\n', commands.Select(command => $"{command.Name} {string.Join(' ', command.Options.Select(option => $"[{option.Name}{(option.HelpName is { } of ? $" {of}" : "")}]"))}"))}

        The peers of compare and phase:
        {string.Join('\n', Peers.Explanations)}
        {FastestExact.Name}, a column of its own: in each row the fastest of gcc and clang.
        Which builds estimate is found by their results; the headings of those say so.

        One cell, in some seconds: compare --rules lion --sizes 64Ki --peers gcc,clang --instruction-set avx2
        Threads alone, the kernels being the same: compare --threads 2 --peers openmp,one-thread
        AVX2 as on a processor without AVX-512, some of whose instructions .NET uses in narrower vectors too: the same with DOTNET_EnableAVX512=0
        """;

    private static int MeasureEverything(bool quick)
    {
        InstructionSet[] vectors = [.. InstructionSets.Supported.Where(set => set != InstructionSet.Scalar)];
        var all = new CompareOptions(Rule.All, CompareOptions.AllLengths, [1, 2], vectors, null, quick);
        var file = new ResultsFile(empty: true);
        IReadOnlyList<RaceTable>? steps = CompareCommand.Run(all, Console.Out, Console.Error);
        IReadOnlyList<RaceTable>? phases = PhaseCommand.Run(all with { Lengths = PhaseLengths }, Console.Out, Console.Error);
        if (steps is null || phases is null)
        {
            return 1;
        }

        IReadOnlyList<RaceTable> byDefault = DefaultCommand.Run(all with { Lengths = DefaultCommand.DefaultLengths }, Console.Out);
        foreach (RaceTable table in steps.Concat(byDefault).Concat(phases).Concat(SmallCommand.Run(all with { Threads = [1] }, Console.Out)))
        {
            file.Put(table, quick ? "results --quick" : "results");
        }

        Console.WriteLine($"Written: {file.Write()}");
        return 0;
    }

    private static int Finish(IReadOnlyList<RaceTable>? tables, ParseResult read, string command)
    {
        if (tables is not null && read.GetValue(Write))
        {
            var file = new ResultsFile(empty: false);
            foreach (RaceTable table in tables)
            {
                file.Put(table, command);
            }

            Console.WriteLine($"Written: {file.Write()}");
        }

        return tables is null ? 1 : 0;
    }

    private static CompareOptions Read(ParseResult read, IReadOnlyList<int> lengths) => new(
        read.GetValue(RuleNames) ?? Rule.All, lengths, read.GetValue(Threads) ?? [1], read.GetValue(Sets) ?? [InstructionSets.Selected],
        read.GetValue(Rounds), read.GetValue(Quick))
    {
        Peers = read.GetValue(PeerNames),
        ChecksGradients = read.GetValue(Check) == On,
    };

    private delegate bool TryRead<T>(string text, [MaybeNullWhen(false)] out T value);

    private static bool TryReadRule(string text, [MaybeNullWhen(false)] out Rule rule) =>
        (rule = Rule.All.FirstOrDefault(one => one.Name.Equals(text, StringComparison.OrdinalIgnoreCase))) is not null;

    private static bool TryReadPeer(string text, [MaybeNullWhen(false)] out string peer) =>
        (peer = Peers.All.FirstOrDefault(one => one.Equals(text, StringComparison.OrdinalIgnoreCase))) is not null;

    private static bool TryReadThreads(string text, out int threads) => int.TryParse(text, out threads) && threads > 0;

    private static bool TryReadProjectSize(string text, out int size) => int.TryParse(text, out size) && size > 0 && size % 4 == 0;

    private static bool TryReadInstructionSet(string text, out InstructionSet set) =>
        Enum.TryParse(text, ignoreCase: true, out set) && InstructionSets.IsSupported(set);

    private static Option<IReadOnlyList<T>?> List<T>(string name, string help, string description, TryRead<T> tryRead) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result =>
        {
            var values = new List<T>();
            foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)))
            {
                if (tryRead(text, out T? value))
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
