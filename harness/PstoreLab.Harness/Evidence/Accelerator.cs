namespace PstoreLab.Harness.Evidence;

/// <summary>QEMU's accelerator on this machine, and how that is known.</summary>
/// <param name="Name"><c>kvm</c> or <c>tcg</c>.</param>
/// <param name="Why">For a person.</param>
/// <param name="BootSeconds">From power-on to the agent's first word.</param>
/// <param name="Scale">What the time limits are multiplied by; at least 1.</param>
/// <param name="Machine">A digest of host, QEMU and kernel module.</param>
public sealed record Accelerator(string Name, string Why, double BootSeconds, double Scale, string Machine);
