using System.Runtime.Intrinsics.X86;

namespace OptimGen.Package.Tests;

/// <summary>samples/TorchStep: a rule published as a native library, as PyTorch uses it.</summary>
[Collection(SharedPackage.Name)]
public sealed class TorchStepTests(PackedPackage package)
{
    [SkippableFact]
    public void A_published_rule_trains_a_model_of_PyTorch_as_its_own_optimizer_does()
    {
        Toolchain.RequireLinuxX64();
        Skip.IfNot(Avx2.IsSupported, "This processor has no AVX2.");
        string? python = Array.Find(
            ["python3", "/usr/bin/python3"], one => Toolchain.IsInPath(one) && RunPython(one, "-c", "import torch").ExitCode == 0);
        Skip.If(python is null, "Not part of CI: no python3 here has PyTorch. To install it, on Debian or Ubuntu: apt-get install -y python3-torch");
        Toolchain.Require("clang|gcc");
        string sample = package.FolderOf("repository/samples/TorchStep"), library = package.FolderOf("torch-step");
        Toolchain.RunDotNet(
            sample, "publish", "-c", "Release", "-r", "linux-x64", "-o", library,
            // As the runtime was packed, so that it is not compiled again.
            "-p:Version=" + package.Version, "-p:ContinuousIntegrationBuild=true", "-p:NuGetAudit=false").Clean();

        Result check = RunPython(python, Path.Combine(sample, "check.py"), Path.Combine(library, "TorchStep.so")).Succeeded();

        // Debian 12's build. Others may round elsewhere; check.py itself fails where more than rounding differs.
        if (check.Output.StartsWith("torch 1.13.0a0\n", StringComparison.Ordinal))
        {
            Assert.Contains("parameters after 200 steps: 0 elements differ", check.Output, StringComparison.Ordinal);
            Assert.Contains("states: 0 elements differ", check.Output, StringComparison.Ordinal);
        }
    }

    private static Result RunPython(string python, params string[] arguments) =>
        Toolchain.Run(".", python, new Dictionary<string, string> { ["PYTHONDONTWRITEBYTECODE"] = "1" }, arguments);
}
