using System.Reflection;
using System.Text.Json.Serialization;

namespace PstoreLab.Records.Compression;

/// <summary>Names of compression methods.</summary>
public static class CompressionMethodExtensions
{
    extension(CompressionMethod method)
    {
        /// <summary>
        /// The method's name as a value of the kernel parameter <c>pstore.compress</c>, such as <c>zstd</c> or
        /// <c>842</c>; <c>unknown</c> for <see cref="CompressionMethod.Unknown"/>.
        /// </summary>
        public string Name =>
            typeof(CompressionMethod)
                .GetField(method.ToString())!
                .GetCustomAttribute<JsonStringEnumMemberNameAttribute>()
                ?.Name
            ?? method.ToString().ToLowerInvariant();
    }
}
