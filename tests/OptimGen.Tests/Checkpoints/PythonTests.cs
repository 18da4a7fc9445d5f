using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace OptimGen.Tests.Checkpoints;

/// <summary>Files that the library writes are read by an independent program, and the other way round: <c>safetensors_files.py</c>.</summary>
public class PythonTests
{
    private const string Installer = "tests/OptimGen.Tests/install.sh";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly (string Name, SafeTensorsDtype Dtype, long[] Shape, byte[] Bytes)[] Tensors = [.. Contents()];

    [SkippableFact]
    public void WhatTheLibraryWrites_PythonReads()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("written");
        File.WriteAllBytes(path, SafeTensorsBytes.Write(
            [new("größe\n", "🧠\"\\\u0001")], Tensors.Select(tensor => TensorSource.OfBytes(tensor.Name, tensor.Dtype, tensor.Shape, tensor.Bytes))));
        using var contents = JsonDocument.Parse(Run("", "read", path));
        JsonElement metadata = contents.RootElement.GetProperty("metadata");
        Assert.Equal("🧠\"\\\u0001", metadata.GetProperty("größe\n").GetString());
        Assert.StartsWith("optimgen-sha256:", metadata.GetProperty("optimgen.checksum").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            Tensors.Where(tensor => tensor.Bytes.Length > 0).Select(Line),
            contents.RootElement.GetProperty("tensors").EnumerateArray().Where(tensor => tensor[3].GetString() != "").Select(tensor =>
                $"{tensor[0].GetString()} {tensor[1].GetString()} [{string.Join(", ", tensor[2].EnumerateArray().Select(size => size.GetInt64()))}] {tensor[3].GetString()}"));
        Assert.Equal(Tensors.Length, contents.RootElement.GetProperty("tensors").GetArrayLength());
    }

    [SkippableFact]
    public void WhatPythonWrites_TheLibraryReads()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("written");
        string contents = JsonSerializer.Serialize(new
        {
            metadata = new Dictionary<string, string> { ["größe\n"] = "🧠" },
            tensors = Tensors.Select(tensor => new object[] { tensor.Name, tensor.Dtype.FormatName(), tensor.Shape, Convert.ToHexString(tensor.Bytes) }),
        });
        Run(contents, "write", path);
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        Assert.Equal([new("größe\n", "🧠")], file.Metadata);
        Assert.Equal(Tensors.Length, file.Tensors.Count);
        foreach ((string name, SafeTensorsDtype dtype, long[] shape, byte[] bytes) in Tensors)
        {
            byte[] read = new byte[file[name].ByteCount];
            file.ReadBytes(name, read);
            Assert.Equal(bytes, read);
            Assert.Equal(dtype, file[name].Dtype);
            Assert.Equal(shape, file[name].Shape);
        }
    }

    private static IEnumerable<(string Name, SafeTensorsDtype Dtype, long[] Shape, byte[] Bytes)> Contents()
    {
        var random = new Random(3);
        foreach (SafeTensorsDtype dtype in Enum.GetValues<SafeTensorsDtype>())
        {
            foreach (long[] shape in new long[][] { [2, 4], [0] })
            {
                Assert.Null(TensorSize.Compute(dtype, shape, out TensorSize size));
                byte[] bytes = new byte[size.Bytes];
                random.NextBytes(bytes);
                yield return ($"{dtype}/重み🧠.{shape.Length}", dtype, shape, bytes);
            }
        }

        yield return ("", SafeTensorsDtype.F32, [], [0, 0, 0x80, 0x3f]);
    }

    private static string Line((string Name, SafeTensorsDtype Dtype, long[] Shape, byte[] Bytes) tensor) =>
        $"{tensor.Name} {tensor.Dtype.FormatName()} [{string.Join(", ", tensor.Shape)}] {Convert.ToHexStringLower(tensor.Bytes)}";

    private static string Run(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "Checkpoints", "safetensors_files.py"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        Process? started = null;
        try
        {
            started = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            const string Reason = $"The files cannot be compared with Python's without python3. To install it: {Installer}";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Skip.If(true, Reason);
        }

        using Process process = started!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"python3 did not end within {Patience}.");
        }

        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Result;
    }
}
