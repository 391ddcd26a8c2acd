using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>
/// The two streams a person reads. Colour and movement only on a terminal, and not with <c>NO_COLOR</c>.
/// </summary>
internal static class Terminal
{
    /// <summary>Results: standard output.</summary>
    public static IAnsiConsole Out { get; } = Make(Console.Out, Console.IsOutputRedirected, widthOfFile: 200);

    /// <summary>Progress and faults: standard error.</summary>
    public static IAnsiConsole Err { get; } = Make(Console.Error, Console.IsErrorRedirected, widthOfFile: 100_000);

    public static void Error(string message) => Err.MarkupLineInterpolated($"[red]pstorelab:[/] {message}");

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
        return console;
    }
}
