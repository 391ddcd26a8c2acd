using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Remote;

/// <summary>A pair of Ed25519 keys in OpenSSH's own formats, made for one run and thrown away with it.</summary>
/// <param name="PrivateFile">Path of the private key, without a passphrase, mode 0600.</param>
/// <param name="Public">The public key as <c>authorized_keys</c> has it: type and base64, without a comment.</param>
public sealed record SshKey(string PrivateFile, string Public)
{
    /// <summary>The public key's bytes as the protocol sends them (RFC 8709, section 4).</summary>
    public byte[] PublicBlob => Convert.FromBase64String(Public.Split(' ')[1]);

    /// <summary>Makes a pair.</summary>
    /// <param name="file">Where the private key goes; the public one goes beside it, with <c>.pub</c> at its
    /// end.</param>
    /// <exception cref="Faults.InfraException">ssh-keygen is missing or failed.</exception>
    public static async Task<SshKey> CreateAsync(IProcessRunner runner, string file, CancellationToken cancellation)
    {
        var spec = new ProcessSpec("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file);
        (await runner.RunAsync(spec, cancellation)).EnsureSuccess();
        return await ReadAsync(file, cancellation);
    }

    /// <summary>A pair that <see cref="CreateAsync"/> has made.</summary>
    public static async Task<SshKey> ReadAsync(string file, CancellationToken cancellation)
    {
        string[] words = (await File.ReadAllTextAsync(file + ".pub", cancellation)).Split(
            [' ', '\n'],
            StringSplitOptions.RemoveEmptyEntries
        );
        return new SshKey(file, $"{words[0]} {words[1]}");
    }
}
