namespace PstoreLab.Records.Salvage;

/// <summary>
/// What words say of bytes that are not known. A word that stood in a lost range is copied from there to all its later
/// places, now whole and now in part, between letters that are known; elsewhere, or in another kernel's log, the same
/// letters stand around the same word.
/// </summary>
internal sealed class LostWords
{
    private const int Unknown = -1;

    // In bytes: what is longer is no word, and what is farther away says nothing of it.
    private const int LongestRun = 40;
    private const int Reach = 16;

    // From a line's end to the bracket behind its time.
    private const int LongestPrefix = 20;

    // Letters around it that are the same, at least. What is surest comes first, for it makes the rest surer.
    private static readonly int[] FewestAlike = [16, 12, 9, 7];

    // Of all that was said of a byte, by letters that are the same.
    private const double Majority = 0.9;

    // Others say the same.
    private const int MostExamples = 64;
    private const int MostRounds = 32;

    private readonly int[] _text;
    private readonly int _from;
    private readonly int[] _known;
    private readonly HashSet<int> _numbers = [];
    private readonly Dictionary<int, Dictionary<int, int>> _votes = [];

    private LostWords(int[] text, int from, int[] known)
    {
        _text = text;
        _from = from;
        _known = known;
    }

    /// <summary>Puts letters in their places, wherever they were copied to. Digits are never guessed.</summary>
    /// <param name="text">Changed in place. What is not known is negative, and the same number for the same lost
    /// byte.</param>
    /// <param name="from">Where the text behind the lost range begins.</param>
    /// <param name="vocabulary">Lines of other logs.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many bytes were put in.</returns>
    public static int Fill(int[] text, int from, ReadOnlySpan<byte> vocabulary, CancellationToken cancellation)
    {
        int[] known = new int[text.Length + 1 + vocabulary.Length];
        known[text.Length] = Unknown;
        for (int at = 0; at < vocabulary.Length; at++)
            known[text.Length + 1 + at] = vocabulary[at];
        int filled = 0;
        int level = 0;
        for (int round = 0; round < MostRounds && level < FewestAlike.Length; round++)
        {
            text.CopyTo(known, 0);
            var words = new LostWords(text, from, known);
            words.FindNumbers();
            words.Vote(FewestAlike[level], cancellation);
            int more = words.Put();
            filled += more;
            level += more == 0 ? 1 : 0;
        }
        return filled;
    }

    // What is part of a line's time in one place is a digit in all.
    private void FindNumbers()
    {
        for (int at = _from; at < _text.Length; at++)
        {
            if (_text[at] != '\n')
                continue;
            int bracket = Array.IndexOf(_text, ']', at, Math.Min(LongestPrefix, _text.Length - at));
            for (int place = at + 1; place < bracket; place++)
            {
                if (_text[place] < 0)
                    _numbers.Add(_text[place]);
            }
        }
    }

    private void Vote(int fewest, CancellationToken cancellation)
    {
        for (int at = _from; at < _text.Length; at++)
        {
            if (_text[at] >= 0)
                continue;
            cancellation.ThrowIfCancellationRequested();
            int end = at;
            while (end < _text.Length && _text[end] < 0)
                end++;
            if (end - at <= LongestRun)
                VoteOn(at, end, fewest);
            at = end;
        }
    }

    private void VoteOn(int start, int end, int fewest)
    {
        int length = end - start;
        if (start == _from || end == _text.Length)
            return;
        int best = fewest;
        var examples = new List<int>();
        for (int place = 1; place + length < _known.Length; place++)
        {
            if (_known[place - 1] != _text[start - 1] || _known[place + length] != _text[end])
                continue;
            int alike = Alike(start - 1, place - 1, -1) + Alike(end, place + length, 1);
            if (alike < best || !IsWord(_known.AsSpan(place, length)))
                continue;
            if (alike > best)
                examples.Clear();
            best = alike;
            if (examples.Count < MostExamples)
                examples.Add(place);
        }

        foreach (int place in examples)
            for (int i = 0; i < length; i++)
                Vote(_text[start + i], _known[place + i], best);
    }

    // Numbers differ from log to log.
    private static bool IsWord(ReadOnlySpan<int> known)
    {
        foreach (int value in known)
        {
            if (value is < 0 or '\n' or (>= '0' and <= '9'))
                return false;
        }
        return true;
    }

    // How many letters are the same, up to the first that is not. Digits say nothing, and may differ.
    private int Alike(int at, int place, int step)
    {
        int alike = 0;
        for (int i = 0; i < Reach; i++, at += step, place += step)
        {
            if (at < _from || at >= _text.Length || place < 0 || place >= _known.Length)
                break;
            int one = _text[at];
            int other = _known[place];
            if (one < 0 || other < 0 || (IsDigit(one) && IsDigit(other)))
                continue;
            if (one != other)
                break;
            alike++;
        }
        return alike;
    }

    private static bool IsDigit(int value) => value is >= '0' and <= '9';

    private void Vote(int lost, int value, int weight)
    {
        if (_numbers.Contains(lost))
            return;
        if (!_votes.TryGetValue(lost, out var votes))
            _votes[lost] = votes = [];
        votes[value] = votes.GetValueOrDefault(value) + weight;
    }

    private int Put()
    {
        var sure = new Dictionary<int, int>();
        foreach (var (lost, votes) in _votes)
        {
            var (value, weight) = votes.MaxBy(vote => vote.Value);
            if (weight >= Majority * votes.Values.Sum())
                sure[lost] = value;
        }

        int put = 0;
        for (int at = _from; at < _text.Length; at++)
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
