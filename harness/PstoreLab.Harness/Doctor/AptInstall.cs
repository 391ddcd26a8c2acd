namespace PstoreLab.Harness.Doctor;

/// <summary>The command that installs a package, as this user has to type it.</summary>
internal static class AptInstall
{
    public static string Of(string package) =>
        $"{(Environment.IsPrivilegedProcess ? "" : "sudo ")}apt-get install {package}";
}
