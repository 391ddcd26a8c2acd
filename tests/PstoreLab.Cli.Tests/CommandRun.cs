using PstoreLab.Harness.Processes;

namespace PstoreLab.Cli.Tests;

/// <summary>Runs the program as it is shipped.</summary>
internal static class CommandRun
{
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "pstorelab");

    /// <param name="folder">It runs there, so that files need no folder in their names.</param>
    public static Task<CapturedOutput> InAsync(string folder, params string[] arguments) =>
        new ProcessRunner().RunAsync(new ProcessSpec(Program, arguments) { WorkingDirectory = folder });

    /// <param name="input">Through a pipe.</param>
    public static Task<CapturedOutput> FedAsync(Stream input, params string[] arguments) =>
        new ProcessRunner().RunAsync(new ProcessSpec(Program, arguments) { StandardInput = input });

    /// <summary>The output of a run that has to go well, as bytes.</summary>
    public static async Task IntoAsync(Stream output, string folder, params string[] arguments)
    {
        var run = await new ProcessRunner().RunAsync(
            new ProcessSpec(Program, arguments) { WorkingDirectory = folder, StandardOutput = output }
        );
        Assert.That((run.Exit.Code, run.StandardError), Is.EqualTo((0, "")), run.Spec.CommandLine);
    }

    /// <summary>The output of a run that has to go well, and has to have nothing to complain of.</summary>
    public static Task<string> OutputAsync(string folder, params string[] arguments) =>
        OutputAsync(0, folder, arguments);

    /// <summary>The output of a run that has to find damage in what it is given, and nothing to complain of.</summary>
    public static Task<string> OfDamageAsync(string folder, params string[] arguments) =>
        OutputAsync(1, folder, arguments);

    private static async Task<string> OutputAsync(int exit, string folder, string[] arguments)
    {
        var run = await InAsync(folder, arguments);
        Assert.That((run.Exit.Code, run.StandardError), Is.EqualTo((exit, "")), run.Spec.CommandLine);
        return run.StandardOutput;
    }

    /// <summary>The complaint of a run that has to be refused, and has to print nothing else.</summary>
    public static async Task<string> ComplaintAsync(string folder, params string[] arguments)
    {
        var run = await InAsync(folder, arguments);
        Assert.That((run.Exit.Code, run.StandardOutput), Is.EqualTo((2, "")), run.Spec.CommandLine);
        return run.StandardError;
    }
}
