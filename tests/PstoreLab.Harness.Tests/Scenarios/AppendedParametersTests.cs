using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>What a user adds to the kernel's command line.</summary>
public class AppendedParametersTests
{
    [TestCase("slub_debug=FZ")]
    [TestCase("nokaslr slub_debug=FZ,kmalloc-64")]
    [TestCase("dyndbg=\"file fs/pstore/* +p\" pstore.update_ms=5")]
    public void Words_stay_as_they_are(string text) =>
        Assert.That(AppendedParameters.Text(AppendedParameters.Parse(text)), Is.EqualTo(text));

    [Test]
    public void Blanks_around_them_go() =>
        Assert.That(AppendedParameters.Text(AppendedParameters.Parse("  a=1   b ")), Is.EqualTo("a=1 b"));

    [TestCase("", "found nothing")]
    [TestCase("  ", "found nothing")]
    [TestCase("=1", "found '=1'")]
    [TestCase("a=1 -- sh", "found '-- sh'")]
    [TestCase("a=1\nb=2", "found 'a=1")]
    [TestCase("a=\"unclosed", "found '")]
    [TestCase("a=\u00e9", "found '")]
    [TestCase("a=\"\u009b\"", "found '")]
    [TestCase("a-b=1 a_b=2", "found a_b twice")]
    public void What_is_no_parameter_is_refused(string text, string fault) =>
        Assert.That(
            () => AppendedParameters.Parse(text),
            Throws.TypeOf<UsageException>().With.Message.StartsWith($"--append: {fault}")
        );

    [Test]
    public void A_line_that_a_kernel_would_cut_off_is_refused() =>
        Assert.That(() => AppendedParameters.Parse(new string('a', 1001)), Throws.TypeOf<UsageException>());
}
