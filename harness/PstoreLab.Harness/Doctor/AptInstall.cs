namespace PstoreLab.Harness.Doctor;

/// <summary>The command that installs a package, as this user must type it.</summary>
internal static class AptInstall
{
    public static string Of(string package) =>
        $"{(Environment.IsPrivilegedProcess ? "" : "sudo ")}apt-get install {package}";
}
