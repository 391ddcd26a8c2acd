using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

public sealed class MessagePatternTests
{
    [TestCase("ret = -3!", "[    1.0] pstore: zlib_inflate() failed, ret = -3!", true)]
    [TestCase("ret = -3!", "[    1.0] pstore: zlib_inflate() failed, ret = -5!", false)]
    [TestCase("Failed to write * File exists", "Failed to write temporary file a: File exists", true)]
    [TestCase("Failed to write * File exists", "File exists: Failed to write temporary file a", false)]
    [TestCase("aba*ba", "aba", false)]
    [TestCase("aba*ba", "ababa", true)]
    [TestCase("ABC", "abc", false)]
    public void Its_parts_stand_in_the_line_one_behind_the_other(string pattern, string line, bool matches) =>
        Assert.That(new MessagePattern(pattern).Matches(line), Is.EqualTo(matches));
}
