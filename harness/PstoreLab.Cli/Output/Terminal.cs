using Microsoft.Win32.SafeHandles;
using PstoreLab.Harness.Host;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>
/// The two streams a person reads, and the only way to them. Colour and movement only on a terminal, and not with
/// <c>NO_COLOR</c>. What others have written is shown and never obeyed, see <see cref="VisibleText"/>.
/// </summary>
internal static class Terminal
{
    // Before all that is written through them.
    private static readonly TextWriter Output = Guarded(Console.Out);
    private static readonly TextWriter ErrorOutput = Guarded(Console.Error);

    /// <summary>Results: standard output.</summary>
    public static IAnsiConsole Out { get; } = Make(Output, Console.IsOutputRedirected, widthOfFile: 200);

    /// <summary>Progress and faults: standard error.</summary>
    public static IAnsiConsole Err { get; } = Make(ErrorOutput, Console.IsErrorRedirected, widthOfFile: 100_000);

    /// <summary>Standard output past all markup and wrapping.</summary>
    public static TextWriter Text { get; } = new VisibleWriter(Output);

    /// <summary>What is piped in, byte for byte.</summary>
    public static Stream Input() => Console.OpenStandardInput();

    /// <summary>Each key as it comes: what <see cref="Console"/> has edits lines by itself.</summary>
    public static Stream Keys() =>
        new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    /// <summary>Standard output for what has been through <see cref="GuestScreen"/>.</summary>
    public static Stream Screen() => Console.OpenStandardOutput();

    /// <summary>What kind of terminal it is, for the shell of a guest.</summary>
    public static string Kind =>
        Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } kind && !Console.IsInputRedirected
            ? kind
            : "dumb";

    public static int Rows => Console.IsOutputRedirected ? 24 : Console.WindowHeight;

    public static int Columns => Console.IsOutputRedirected ? 80 : Console.WindowWidth;

    /// <summary>A line of JSON, or several.</summary>
    public static void Json(string json)
    {
        string visible = VisibleText.OfJson(json);
        // An escape of JSON's own, so that it means the same.
        Output.WriteLine(WorkflowGuard.IsNeeded ? visible.Replace("##[", @"##\u005b") : visible);
    }

    /// <summary>A command of GitHub's workflows: it alone reaches the runner as one.</summary>
    public static void Workflow(string command) => Console.Error.WriteLine(command);

    /// <summary>What a file or a pipe is given byte for byte, a script or a record; a terminal is not.</summary>
    /// <param name="shown">What is shown on a terminal.</param>
    public static void Exactly(ReadOnlySpan<byte> content, Func<string> shown)
    {
        if (!Console.IsOutputRedirected)
        {
            Text.Write(shown());
            return;
        }

        using var output = Console.OpenStandardOutput();
        output.Write(content);
    }

    /// <summary>Whether somebody may see a line move on standard error.</summary>
    public static bool ErrMoves =>
        !Console.IsErrorRedirected && Err.Profile.Capabilities.Ansi && Environment.GetEnvironmentVariable("CI") is null;

    /// <summary>Whether standard output is a terminal, which is then most likely that of standard error.</summary>
    public static bool OutIsShown => !Console.IsOutputRedirected;

    /// <summary>A command on a line of its own, however narrow the terminal is: it is to be pasted.</summary>
    public static void Command(string line) => new VisibleWriter(ErrorOutput).WriteLine(line);

    public static void Error(string message) => Err.MarkupLineInterpolated($"[red]pstorelab:[/] {message}");

    private static TextWriter Guarded(TextWriter writer) =>
        WorkflowGuard.IsNeeded ? TextWriter.Synchronized(new WorkflowGuard(writer)) : writer;

    private static IAnsiConsole Make(TextWriter writer, bool redirected, int widthOfFile)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem =
                    redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
                        ? ColorSystemSupport.NoColors
                        : ColorSystemSupport.Detect,
                Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            }
        );
        // A file has no width: a table is given one that a wide screen has, and a message stays on one line however
        // long it is.
        if (redirected)
            console.Profile.Width = widthOfFile;
        console.Pipeline.Attach(new VisibleOutput());
        return console;
    }
}
