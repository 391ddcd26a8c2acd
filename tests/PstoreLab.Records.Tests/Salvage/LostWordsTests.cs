using PstoreLab.Records.Salvage;

namespace PstoreLab.Records.Tests.Salvage;

public sealed class LostWordsTests
{
    // Letters of A to Z stand for lost bytes, the same letter for the same byte.
    private static int[] Text(string text) => [.. text.Select(c => c is >= 'A' and <= 'Z' ? 'A' - 1 - c : c)];

    private static string Filled(string text, string vocabulary, out int filled, int from = 0)
    {
        int[] values = Text(text);
        filled = LostWords.Fill(values, from, RecordText.ToBytes(vocabulary), CancellationToken.None);
        return string.Concat(values.Select(value => value < 0 ? '?' : (char)value));
    }

    [Test]
    public void A_word_is_put_in_wherever_it_was_copied_to()
    {
        string text = Filled(
            "nodes ABCD table entries, and that ABCDing is ABCE\n",
            "inodes hash table entries\n",
            out int filled
        );
        Assert.That(text, Is.EqualTo("nodes hash table entries, and that hashing is has?\n"));
        Assert.That(filled, Is.EqualTo(11));
    }

    [Test]
    public void The_text_itself_is_a_vocabulary()
    {
        Assert.That(
            Filled("the symmetric parser\nthe symABCric parser\n", "", out _),
            Is.EqualTo("the symmetric parser\nthe symmetric parser\n")
        );
    }

    [Test]
    public void One_word_makes_the_next_surer()
    {
        const string Vocabulary = "registered protocol family\n";
        Assert.That(
            Filled("registeABd proCDcol family\n", Vocabulary, out _),
            Is.EqualTo("registered protocol family\n")
        );
    }

    [TestCase("port 1234 is open for all\n", TestName = "a number of another log")]
    [TestCase("t abcd is\n", TestName = "too few letters around it")]
    [TestCase("port abcde is open for all\n", TestName = "a word of another length")]
    [TestCase("port ab\nd is open for all\n", TestName = "the end of a line")]
    public void What_is_not_sure_stays_unknown(string vocabulary)
    {
        Assert.That(
            Filled("port ABCD is open for all\n", vocabulary, out int filled),
            Is.EqualTo("port ???? is open for all\n")
        );
        Assert.That(filled, Is.Zero);
    }

    [Test]
    public void Of_two_words_that_fit_the_letters_that_they_share_are_sure()
    {
        const string Vocabulary = "port none is open for all\nport some is open for all\n";
        Assert.That(
            Filled("port ABCD is open for all\n", Vocabulary, out _),
            Is.EqualTo("port ?o?e is open for all\n")
        );
    }

    [Test]
    public void The_control_of_these_is_filled() =>
        Assert.That(
            Filled("port ABCD is open for all\n", "port abcd is open for all\n", out _),
            Is.EqualTo("port abcd is open for all\n")
        );

    [Test]
    public void A_byte_that_is_a_digit_of_a_time_is_no_letter()
    {
        const string Line = "the symABCric parser of all keys\n";
        const string Vocabulary = "the symmetric parser of all keys\n";
        Assert.That(Filled("\n<6>[    2.00000A] " + Line, Vocabulary, out _), Does.Contain("sym?etric"));
        Assert.That(Filled("\n<6>[    2.00000Z] " + Line, Vocabulary, out _), Does.Contain("symmetric"));
    }

    [Test]
    public void What_comes_before_the_lost_range_is_no_place_to_put_it()
    {
        const string Before = "port ABCD is open for all\n";
        Assert.That(Filled(Before, "port abcd is open for all\n", out int filled, Before.Length), Does.Contain("????"));
        Assert.That(filled, Is.Zero);
    }

    [Test]
    public void Lines_of_other_kernels_are_there()
    {
        string lines = RecordText.FromBytes(Vocabulary.Lines);
        Assert.That(lines, Does.Contain("hash table entries").And.Contain("Kernel panic - not syncing"));
        Assert.That(lines, Does.Not.Contain("Linux version 7."), "the log that tests damage is of 7.2");
    }

    [Test]
    public void It_ends_when_it_is_cancelled() =>
        Assert.That(
            () => LostWords.Fill(Text("port ABCD is open"), 0, [], new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>()
        );
}
