using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>Gives out names that are unique in a kernel.</summary>
internal sealed class NameScope
{
    /// <summary>What the kernels themselves declare, beside the streams.</summary>
    private readonly HashSet<string> taken = [.. GeneratedMembers.Locals];

    /// <summary>The name itself, if it is free and no keyword, else the name with a number.</summary>
    public string Take(string wanted)
    {
        string name = Keywords.Include(wanted) ? wanted + "Value" : wanted;
        string unique = name;
        for (int number = 2; !taken.Add(unique); number++)
        {
            unique = name + number;
        }

        return unique;
    }

    /// <summary>Takes a name that something else has given.</summary>
    public void Reserve(string name) => taken.Add(name);
}
