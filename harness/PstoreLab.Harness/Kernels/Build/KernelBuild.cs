using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Kernels.Build;

/// <summary>
/// Builds a kernel in its source tree. make continues where an earlier build was interrupted: an object is only trusted
/// once the command that made it is written beside it.
/// </summary>
/// <param name="tree">The source, unpacked.</param>
internal sealed class KernelBuild(IProcessRunner runner, string tree, IArchitecture architecture)
{
    // Whatever the caller's environment says to other builds must not change ours, and the same source must give the
    // same kernel.
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["LC_ALL"] = "C",
        ["LOCALVERSION"] = "",
        ["KBUILD_BUILD_USER"] = "pstorelab",
        ["KBUILD_BUILD_HOST"] = "pstorelab",
        ["KBUILD_BUILD_TIMESTAMP"] = "Thu Jan 1 00:00:00 UTC 1970",
        ["KBUILD_BUILD_VERSION"] = "1",
        ["MAKEFLAGS"] = null,
        ["MFLAGS"] = null,
        ["MAKELEVEL"] = null,
        ["O"] = null,
        ["KBUILD_OUTPUT"] = null,
        ["KCONFIG_CONFIG"] = null,
        ["KCFLAGS"] = null,
        ["CROSS_COMPILE"] = null,
        ["LLVM"] = null,
    };

    /// <summary>The configuration's file.</summary>
    public string ConfigFile => Path.Combine(tree, ".config");

    /// <summary>Configures the tree: the smallest kernel there is, and these options.</summary>
    /// <param name="what">What is being built, for messages.</param>
    /// <exception cref="InfraException">An option was dropped.</exception>
    public async Task ConfigureAsync(LabConfig options, string what, CancellationToken cancellationToken)
    {
        await MakeAsync(["tinyconfig"], what, cancellationToken);
        await File.AppendAllTextAsync(ConfigFile, options.Text, cancellationToken);
        await MakeAsync(["olddefconfig"], what, cancellationToken);
        options.Check(KernelConfig.Load(ConfigFile), what);
    }

    /// <summary>Builds the image and the modules.</summary>
    public Task CompileAsync(string what, CancellationToken cancellationToken) =>
        MakeAsync(
            [$"-j{System.Environment.ProcessorCount}", architecture.KernelTarget, "modules"],
            what,
            cancellationToken
        );

    private async Task MakeAsync(IReadOnlyList<string> arguments, string what, CancellationToken cancellationToken)
    {
        // The lock is inherited by all that make starts: when we are killed, and make with us, its children still
        // finish what they were at, and the next build waits for them. And behind everything else, for guests of other
        // cases may be running, which have limits to keep.
        var spec = new ProcessSpec(
            "flock",
            [
                "--no-fork",
                tree + ".lock",
                "nice",
                "-n",
                "10",
                "make",
                "-C",
                tree,
                $"ARCH={architecture.Kbuild}",
                .. architecture.IsHosts ? [] : (string[])[$"CROSS_COMPILE={architecture.CompilerPrefix}"],
                .. arguments,
            ]
        )
        {
            Environment = Environment,
        };
        var output = await runner.RunAsync(spec, cancellationToken);
        if (output.Exit.Success)
            return;
        var log = Path.Combine(Path.GetDirectoryName(tree)!, "make.log");
        await File.WriteAllTextAsync(log, output.StandardOutput + output.StandardError, cancellationToken);
        throw new InfraException(
            $"{what} could not be built (make ended with exit code "
                + $"{output.Exit.Code}):\n{Complaints(output)}\nEverything make said is in {log}."
        );
    }

    /// <summary>The first lines that report an error; with several jobs they need not be the last.</summary>
    private static string Complaints(CapturedOutput output)
    {
        var lines = output.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var errors = lines.Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).Take(5).ToList();
        return string.Join('\n', (errors.Count > 0 ? errors : lines.TakeLast(5)).Select(line => "  " + line.TrimEnd()));
    }
}
