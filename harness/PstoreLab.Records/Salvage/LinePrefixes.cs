namespace PstoreLab.Records.Salvage;

/// <summary>
/// What the form of a kernel's lines says of bytes that are not known. Each begins with
/// <c>&lt;6&gt;[   12.345678] </c> (<c>info_print_prefix</c> and <c>print_time</c> in kernel/printk/printk.c, 5.10 to
/// 7.2), which is copied from line to line: a few bytes of a lost one are missing in all that follow.
/// </summary>
internal sealed class LinePrefixes
{
    // Backwards from the bracket behind the time: six digits, a point, five of seconds, and "\n<6>[" before them.
    private const string Form = "\n<0>[     .000000";
    private const int FirstOfSeconds = 5;
    private const int Seconds = 5;

    // Digits before the bracket, at least: "[dma 2]" is no time.
    private const int FewestKnown = 3;
    private const int FewestWithoutBracket = 5;

    // Each brings bytes that show the next; a log is done after a few.
    private const int MostRounds = 64;

    // A gap byte that is now this and now that is in the wrong place.
    private const int Contradiction = 2;

    private readonly int[] _text;
    private readonly List<int> _brackets = [];
    private readonly Dictionary<int, Dictionary<int, int>> _votes = [];

    private LinePrefixes(int[] text) => _text = text;

    /// <summary>How well a text with unknown bytes has the form, the higher the better.</summary>
    /// <param name="text">Bytes; what is not known is negative, and the same number for the same lost byte.</param>
    public static int Score(int[] text) => new LinePrefixes(text).Found();

    /// <summary>Puts the bytes that the form says in their places, wherever they were copied to.</summary>
    /// <param name="text">Changed in place.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many bytes were put in.</returns>
    public static int Fill(int[] text, CancellationToken cancellation)
    {
        int filled = 0;
        for (int round = 0; round < MostRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var prefixes = new LinePrefixes(text);
            prefixes.Found();
            prefixes.VoteOnSeconds();
            int more = prefixes.Put();
            if (more == 0)
                break;
            filled += more;
        }
        return filled;
    }

    private int Found()
    {
        int score = 0;
        for (int at = Form.Length; at + 1 < _text.Length; at++)
        {
            if (_text[at] is not (']' or < 0) || _text[at + 1] is not (' ' or '[' or < 0))
                continue;
            int fewest = _text[at] < 0 || _text[at + 1] < 0 ? FewestWithoutBracket : FewestKnown;
            if (KnownBefore(at) is not { } known || known < fewest || DigitsBefore(at) < FewestKnown)
                continue;
            // A wrong length makes known what is not, and the right one leaves unknown what is.
            score += Form.Length + known;
            _brackets.Add(at);
            if (_text[at] is < 0 and var bracket)
                Vote(bracket, ']', 1);
            for (int place = 0; place < Form.Length; place++)
            {
                if (_text[at - Form.Length + place] is < 0 and var lost && Form[place] is not ('0' or ' '))
                    Vote(lost, Form[place], 1);
            }
            // No other begins before its end.
            at += Form.Length;
        }
        // Behind the end of a line there is the beginning of one.
        for (int at = 0; at + Form.Length < _text.Length; at++)
        {
            if (
                _text[at] == '\n'
                && (KnownBefore(at + Form.Length) is null || _text[at + Form.Length] is >= 0 and not ']')
            )
                score -= 2 * Form.Length;
        }
        foreach (var votes in _votes.Values)
        {
            int most = votes.Values.Max();
            score += most - (Contradiction * (votes.Values.Sum() - most));
        }
        return score;
    }

    // Known ones right before the bracket.
    private int DigitsBefore(int bracket)
    {
        int digits = 0;
        while (digits < Form.Length && _text[bracket - 1 - digits] is >= '0' and <= '9')
            digits++;
        return digits;
    }

    // Null where a known byte is another.
    private int? KnownBefore(int bracket)
    {
        int known = 0;
        bool inSeconds = true;
        for (int place = Form.Length - 1; place >= 0; place--)
        {
            int value = _text[bracket - Form.Length + place];
            if (value < 0)
                continue;
            bool fits = Form[place] switch
            {
                '0' => char.IsAsciiDigit((char)value),
                // Spaces before the number, none in it.
                ' ' => inSeconds && char.IsAsciiDigit((char)value) || !(inSeconds &= value != ' '),
                var one => value == one,
            };
            if (!fits)
                return null;
            known++;
        }
        return known;
    }

    // Lines between two of one second are of that second. The first line behind the range is of the second of the last
    // before it, unless another line says otherwise: a range of an ECC block is some lines long.
    private void VoteOnSeconds()
    {
        string? last = null;
        var open = new List<int>();
        foreach (int bracket in _brackets)
        {
            if (SecondsBefore(bracket) is not { } seconds)
            {
                open.Add(bracket);
                continue;
            }
            if (seconds == last)
                open.ForEach(between => VoteOnSeconds(between, seconds));
            open.Clear();
            last = seconds;
        }
        if (last is not null && open.Count > 0)
            VoteOnSeconds(open[0], last);
    }

    private void VoteOnSeconds(int bracket, string seconds)
    {
        for (int place = 0; place < Seconds; place++)
            if (_text[bracket - Form.Length + FirstOfSeconds + place] is < 0 and var lost)
                Vote(lost, seconds[place], 1);
    }

    private string? SecondsBefore(int bracket)
    {
        var seconds = _text.AsSpan(bracket - Form.Length + FirstOfSeconds, Seconds);
        return seconds.IndexOfAnyInRange(int.MinValue, -1) >= 0
            ? null
            : string.Concat(seconds.ToArray().Select(value => (char)value));
    }

    private void Vote(int lost, int value, int weight)
    {
        if (!_votes.TryGetValue(lost, out var votes))
            _votes[lost] = votes = [];
        votes[value] = votes.GetValueOrDefault(value) + weight;
    }

    private int Put()
    {
        var sure = _votes
            .Where(votes => votes.Value.Count == 1)
            .ToDictionary(votes => votes.Key, votes => votes.Value.Keys.Single());
        int put = 0;
        for (int at = 0; at < _text.Length; at++)
        {
            if (_text[at] < 0 && sure.TryGetValue(_text[at], out int value))
            {
                _text[at] = value;
                put++;
            }
        }
        return put;
    }
}
