using System.Runtime.CompilerServices;

namespace OptimGen.Tests.Execution;

/// <summary>Lets the tests of this assembly take steps on more threads than the machine has processors.</summary>
internal static class MoreThreadsThanProcessors
{
    /// <summary>The default, before these tests change it.</summary>
    public static int MostMembersAsShipped { get; } = Team.MostMembers;

    [ModuleInitializer]
    internal static void Allow() => Team.MostMembers = Math.Max(64, MostMembersAsShipped);
}
