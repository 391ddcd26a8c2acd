namespace PstoreLab.Harness.Machines;

/// <summary>The host's hardware virtualization.</summary>
internal static class Kvm
{
    private const string Device = "/dev/kvm";

    /// <summary>Why no guest can have it; null when it can at least be opened, which proves nothing yet.</summary>
    public static string? WhyClosed()
    {
        try
        {
            File.Open(Device, FileMode.Open, FileAccess.ReadWrite).Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return File.Exists(Device)
                ? $"{Device} may not be opened by this user; join the group kvm to be faster"
                : $"there is no {Device}";
        }
    }
}
