using System.Text;

namespace PstoreLab.Cli.Output;

/// <summary>
/// A stream that GitHub's runner reads: it obeys a line that begins with <c>::</c>, behind white space, and
/// <c>##[</c> anywhere (actions/runner, Runner.Common/ActionCommand.cs). Neither is ever whole here, whatever a guest
/// has printed and in whatever pieces it comes.
/// </summary>
internal sealed class WorkflowGuard(TextWriter writer) : TextWriter
{
    private Line _line;
    private char _last = '\n';
    private char _beforeLast = '\n';

    public override Encoding Encoding => writer.Encoding;

    /// <summary>Whether a runner of GitHub reads what is printed.</summary>
    public static bool IsNeeded => Environment.GetEnvironmentVariable("GITHUB_ACTIONS") == "true";

    public override void Write(char value) => writer.Write(Guarded(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        if (value is null)
            return;
        var text = new StringBuilder(value.Length);
        foreach (char character in value)
            text.Append(Guarded(character));
        writer.Write(text.ToString());
    }

    public override void Flush() => writer.Flush();

    private string Guarded(char character)
    {
        bool isCommand =
            (character == ':' && _last == ':' && _line == Line.OneColon)
            || (character == '[' && _last == '#' && _beforeLast == '#');
        _line = character switch
        {
            // Either ends a line for whoever reads by lines.
            '\n' or '\r' => Line.Blank,
            ':' when _line == Line.Blank => Line.OneColon,
            _ when _line == Line.Blank && char.IsWhiteSpace(character) => Line.Blank,
            _ => Line.Text,
        };
        (_beforeLast, _last) = (_last, character);
        return isCommand ? $"\\x{(int)character:x2}" : character.ToString();
    }

    /// <summary>What stands on a line so far.</summary>
    private enum Line
    {
        /// <summary>White space, or nothing.</summary>
        Blank,

        /// <summary>A colon behind that.</summary>
        OneColon,

        /// <summary>Anything else.</summary>
        Text,
    }
}
