namespace PstoreLab.Harness.Kernels;

/// <summary>Where a kernel is had by its name.</summary>
public interface IKernels
{
    /// <summary>The kernel a name stands for, made ready if it is not.</summary>
    Task<Kernel> EnsureAsync(string name, CancellationToken cancellationToken);
}
