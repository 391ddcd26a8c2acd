using System.Text;

namespace PstoreLab.Harness.Host;

/// <summary>
/// What a guest sends to the terminal of somebody who uses its shell. Text, movements and colours pass, for a shell or
/// an editor is nothing without them. What reaches beyond the screen (titles, clipboards, windows, questions that a
/// terminal answers as if somebody had typed) does not, nor does a control character that is part of no such thing.
/// </summary>
/// <remarks>ECMA-48; "XTerm Control Sequences" has what terminals understand beside.</remarks>
public sealed class GuestScreen
{
    private const byte Escape = 0x1b;
    private const byte Bell = 0x07;

    /// <summary>The longest sequence that is waited for, in bytes.</summary>
    private const int LongestSequence = 64;

    // Cursor, erasing, inserting, scrolling, colours, modes. 'n' asks where the cursor is, which line editors do.
    private const string Finals = "@ABCDEFGHJKLMPSTXZ`adefghlmnrsu";

    // Save and restore the cursor, keypad modes, index and reverse index, next line.
    private const string Escapes = "78=>DME";

    private readonly List<byte> _sequence = [];
    private State _state;
    private int _following;
    private bool _usesOtherScreen;

    private enum State
    {
        Text,
        Escape,
        Charset,
        Sequence,
        String,
        StringEscape,
        C1,
    }

    /// <summary>
    /// What has the terminal as it was before the guest changed its modes, at the beginning of a line.
    /// </summary>
    public string Reset =>
        (_usesOtherScreen ? "\x1b[?1049l" : "") + "\x1b[?2004l\x1b[?25h\x1b[?1l\x1b[?7h\x1b>\x1b[m\r\n";

    /// <summary>The part of it that a terminal may have. A sequence may be spread over several calls.</summary>
    public byte[] Show(ReadOnlySpan<byte> bytes)
    {
        var shown = new List<byte>(bytes.Length);
        foreach (byte one in bytes)
            Take(one, shown);
        return [.. shown];
    }

    private void Take(byte one, List<byte> shown)
    {
        switch (_state)
        {
            case State.Text:
                Text(one, shown);
                break;
            case State.C1:
                // U+0080 to U+009F in UTF-8 are control characters.
                _state = State.Text;
                if (one >= 0xa0)
                    shown.AddRange([0xc2, one]);
                break;
            case State.Escape:
                AfterEscape(one, shown);
                break;
            case State.Charset:
                _state = State.Text;
                break;
            case State.Sequence:
                InSequence(one, shown);
                break;
            case State.String:
                _state =
                    one == Escape ? State.StringEscape
                    : one == Bell ? State.Text
                    : State.String;
                break;
            default:
                _state = one == '\\' ? State.Text : State.String;
                break;
        }
    }

    private void Text(byte one, List<byte> shown)
    {
        if (one == Escape)
            _state = State.Escape;
        else if (one == 0xc2)
            _state = State.C1;
        // Bytes from 0x80 to 0x9f that belong to no character are C1 to a terminal that is not of UTF-8.
        else if (
            one is Bell or 8 or 9 or 10 or 13 or (>= 0x20 and < 0x7f) or >= 0xa0
            || (one >= 0x80 && _following > 0)
        )
            shown.Add(one);
        _following = one switch
        {
            >= 0xf0 => 3,
            >= 0xe0 => 2,
            >= 0xc3 => 1,
            >= 0x80 => Math.Max(_following - 1, 0),
            _ => 0,
        };
    }

    private void AfterEscape(byte one, List<byte> shown)
    {
        _sequence.Clear();
        _state = (char)one switch
        {
            '[' => State.Sequence,
            ']' or 'P' or 'X' or '^' or '_' => State.String,
            '(' or ')' or '*' or '+' or '#' or '%' or ' ' => State.Charset,
            (char)Escape => State.Escape,
            _ => State.Text,
        };
        if (_state == State.Text && Escapes.Contains((char)one))
            shown.AddRange([Escape, one]);
    }

    private void InSequence(byte one, List<byte> shown)
    {
        if (one == Escape)
        {
            _state = State.Escape;
            return;
        }

        _sequence.Add(one);
        if (one is >= 0x20 and < 0x40 && _sequence.Count < LongestSequence)
            return;
        _state = State.Text;
        string sequence = Encoding.Latin1.GetString([.. _sequence]);
        if (!IsHarmless(sequence))
            return;
        _usesOtherScreen = sequence is "?1049h" or "?47h" or "?1047h" || _usesOtherScreen && sequence is not "?1049l";
        shown.AddRange([Escape, (byte)'[', .. _sequence]);
    }

    private static bool IsHarmless(string sequence)
    {
        var (parameters, final) = (sequence[..^1], sequence[^1]);
        if (!Finals.Contains(final))
            return false;
        return final switch
        {
            // Line and screen modes; of the others some report the mouse or the focus.
            'h' or 'l' => parameters is "4" or "?1" or "?7" or "?12" or "?25" or "?47" or "?1047" or "?1049" or "?2004",
            'n' => parameters == "6",
            _ => parameters.All(c => char.IsAsciiDigit(c) || c is ';' or ':'),
        };
    }
}
