using System.Runtime.CompilerServices;

namespace PstoreLab.Harness.Tests;

/// <summary>
/// Holds a text against the approved one in a folder <c>Approved</c> beside the test's source. <c>PSTORELAB_APPROVE=1
/// dotnet test</c> writes what the texts are now, to be read in <c>git diff</c> before it is committed.
/// </summary>
internal static class Approved
{
    /// <summary>The approved text of a name.</summary>
    public static string PathOf(string name, [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "Approved", name);

    public static void Matches(string name, string text, [CallerFilePath] string source = "")
    {
        var path = PathOf(name, source);
        if (Environment.GetEnvironmentVariable("PSTORELAB_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.That(File.Exists(path), $"{name} was never approved; PSTORELAB_APPROVE=1 writes it");
        Assert.That(text, Is.EqualTo(File.ReadAllText(path)), $"{path}; PSTORELAB_APPROVE=1 rewrites it");
    }
}
