namespace PstoreLab.Harness.Backends;

/// <summary>How a running kernel is made to read a store again that the host has changed.</summary>
public abstract record Rereading
{
    private Rereading() { }

    /// <summary>Its driver is unbound from its device and bound again.</summary>
    /// <param name="Driver">The driver's folder in sysfs.</param>
    /// <param name="Device">The device's name there.</param>
    public sealed record Rebind(string Driver, string Device) : Rereading;

    /// <summary>A module is unloaded and loaded again.</summary>
    /// <param name="Disk">The disk of which the kernel is to forget what it has read; null for none.</param>
    public sealed record Reload(string Module, string? Disk) : Rereading;
}
