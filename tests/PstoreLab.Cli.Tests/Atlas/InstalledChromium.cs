namespace PstoreLab.Cli.Tests.Atlas;

/// <summary>The browser that tests of pages use.</summary>
internal static class InstalledChromium
{
    /// <summary>Its program; the test fails, or is left out where there can be none, if it is not there.</summary>
    public static string Find()
    {
        // A snap, as Ubuntu has it, sees neither /tmp nor hidden folders.
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Append("/usr/bin")
            .Where(folder => !folder.StartsWith("/snap", StringComparison.Ordinal))
            .Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists);
        if (found is null && File.ReadLines("/etc/os-release").Contains("ID=debian"))
            Assert.Fail("there is no chromium on PATH; `make test` installs it, or: apt-get install chromium");
        if (found is null)
            Assert.Ignore("no chromium here but, at most, a snap, which cannot read a test's files");
        return found!;
    }
}
