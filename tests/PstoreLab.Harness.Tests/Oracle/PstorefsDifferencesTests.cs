using System.Text;
using PstoreLab.Harness.Oracle;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>The names of functions, which no store holds, are no difference; any other text is.</summary>
public class PstorefsDifferencesTests
{
    private const string Call = "CPU:0 ts:1 ffffffff81000000  ffffffff81000001";
    private const string Named = Call + "  some_function+0x0/0x10 <- its_caller+0x1/0x20";

    [TestCase("ftrace-ramoops-0", false)]
    [TestCase("dmesg-ramoops-0", true)]
    [TestCase("console-ramoops-0", true)]
    [TestCase("no-record", true)]
    public void Only_a_record_of_calls_is_compared_without_the_names_of_functions(string name, bool differs) =>
        Assert.That(
            PstorefsDifferences.Between(Files(name, Call + "\n"), Files(name, Named + "\n")),
            differs
                ? Is.EqualTo([
                    $"{name} differs from byte {Call.Length} on, {Call.Length + 1} bytes in the store, "
                        + $"{Named.Length + 1} shown",
                ])
                : Is.Empty
        );

    [Test]
    public void Another_call_is_a_difference() =>
        Assert.That(
            PstorefsDifferences.Between(
                Files("ftrace-ramoops-0", Call + "\n"),
                Files("ftrace-ramoops-0", Named.Replace("CPU:0", "CPU:1") + "\n")
            ),
            Is.EqualTo([
                $"ftrace-ramoops-0 differs from byte 4 on, {Call.Length + 1} bytes in the store, "
                    + $"{Call.Length + 1} shown",
            ])
        );

    [Test]
    public void How_much_there_is_is_said()
    {
        Assert.That(PstorefsDifferences.Files(new Dictionary<string, byte[]>()), Is.EqualTo("no file"));
        Assert.That(PstorefsDifferences.Files(Files("a", "12")), Is.EqualTo("1 file, 2 bytes"));
        Assert.That(
            PstorefsDifferences.Files(new Dictionary<string, byte[]> { ["a"] = [1], ["b"] = [1, 2] }),
            Is.EqualTo("2 files, 3 bytes")
        );
    }

    private static Dictionary<string, byte[]> Files(string name, string text) =>
        new() { [name] = Encoding.Latin1.GetBytes(text) };
}
