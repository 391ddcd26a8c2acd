using System.Text;
using PstoreLab.Harness.Guests;

namespace PstoreLab.Harness.Tests.Guests;

public class LimitedLinesTests
{
    [TestCase("one\ntwo\n", "one|two")]
    [TestCase("\n\nx\ny", "||x")]
    [TestCase("12345678\nok\n", "12345678|ok")]
    [TestCase("123456789\nok\n", "endless|ok")]
    [TestCase("123456789123456789", "endless")]
    [TestCase("123456789\n123456789\n", "endless|endless")]
    public void A_line_is_told_once_and_a_long_one_not_at_all(string text, string told)
    {
        for (int chunk = 1; chunk <= text.Length; chunk++)
        {
            var lines = new List<string>();
            var cut = new LimitedLines(
                8,
                line => lines.Add(Encoding.ASCII.GetString(line)),
                () => lines.Add("endless")
            );
            foreach (var part in text.Chunk(chunk))
                cut.Take(Encoding.ASCII.GetBytes(part));
            Assert.That(string.Join('|', lines), Is.EqualTo(told), $"in parts of {chunk}");
        }
    }
}
