namespace PstoreLab.Harness.Kernels;

/// <summary>User-supplied kernels, and the catalogue's for every other name.</summary>
public sealed class UserKernels(IReadOnlyList<Kernel> given, IKernels others) : IKernels
{
    public Task<Kernel> EnsureAsync(string name, CancellationToken cancellationToken) =>
        given.FirstOrDefault(kernel => kernel.Name == name) is { } kernel
            ? Task.FromResult(kernel)
            : others.EnsureAsync(name, cancellationToken);
}
