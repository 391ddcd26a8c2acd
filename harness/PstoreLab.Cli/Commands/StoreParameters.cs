using System.CommandLine;
using PstoreLab.Harness.Faults;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Commands;

/// <summary><c>--parameter</c>: how a store is divided, the same for every command that takes stores.</summary>
internal static class StoreParameters
{
    public static readonly Option<string[]> Parameter = new("--parameter")
    {
        Description =
            "A parameter of the kernel that wrote it, such as ramoops.record_size=0x10000; repeatable. "
            + "What is left out is inferred from the content.",
    };

    /// <exception cref="UsageException">One is no parameter.</exception>
    public static StoreOptions Of(ParseResult parsed)
    {
        var parameters = new Dictionary<string, string>();
        foreach (string given in parsed.GetValue(Parameter) ?? [])
        {
            int equals = given.IndexOf('=');
            if (equals < 1 || equals == given.Length - 1 || !given[..equals].Contains('.'))
                throw new UsageException(
                    $"--parameter '{given}'; expected module.parameter=value, such as ramoops.record_size=0x10000"
                );
            parameters[given[..equals]] = given[(equals + 1)..];
        }

        return new StoreOptions { Parameters = parameters };
    }
}
