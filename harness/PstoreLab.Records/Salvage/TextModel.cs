namespace PstoreLab.Records.Salvage;

/// <summary>How well letters follow one another, by a text that is known: triples of them, digits all alike.</summary>
internal sealed class TextModel
{
    private readonly int[] _classOf = new int[256];
    private readonly float[] _triples;
    private readonly int _classes;

    public TextModel(IReadOnlyList<byte[]> known)
    {
        Array.Fill(_classOf, -1);
        foreach (byte letter in known.SelectMany(text => text))
        {
            byte alike = char.IsAsciiDigit((char)letter) ? (byte)'0' : letter;
            if (_classOf[alike] < 0)
                _classOf[alike] = _classes++;
            _classOf[letter] = _classOf[alike];
        }

        _triples = Triples(known);
    }

    /// <summary>
    /// Positive where the third follows the other two more often than by chance; 0 where one of them is not known.
    /// </summary>
    public float Score(int first, int second, int third)
    {
        if ((first | second | third) < 0)
            return 0;
        int a = _classOf[first];
        int b = _classOf[second];
        int c = _classOf[third];
        return (a | b | c) < 0 ? 0 : _triples[(((a * _classes) + b) * _classes) + c];
    }

    private float[] Triples(IReadOnlyList<byte[]> known)
    {
        var one = new float[_classes];
        var two = new float[_classes * _classes];
        var three = new float[_classes * _classes * _classes];
        foreach (byte[] text in known)
        {
            for (int at = 0; at < text.Length; at++)
            {
                int c = _classOf[text[at]];
                one[c]++;
                if (at < 2)
                    continue;
                int pair = (_classOf[text[at - 2]] * _classes) + _classOf[text[at - 1]];
                two[pair]++;
                three[(pair * _classes) + c]++;
            }
        }

        float all = Math.Max(1, one.Sum());
        for (int at = 0; at < three.Length; at++)
        {
            // A pair that was never seen says nothing, one that was says the more the oftener it was.
            float share = (one[at % _classes] + 0.1f) / all;
            three[at] = MathF.Log((three[at] + share) / ((two[at / _classes] + 1) * share));
        }

        return three;
    }
}
