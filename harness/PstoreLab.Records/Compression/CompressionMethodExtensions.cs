using System.Reflection;
using System.Text.Json.Serialization;

namespace PstoreLab.Records.Compression;

/// <summary>The word for a method.</summary>
public static class CompressionMethodExtensions
{
    extension(CompressionMethod method)
    {
        /// <summary>As <c>pstore.compress</c> takes it; <c>unknown</c> beside those.</summary>
        public string Name =>
            typeof(CompressionMethod)
                .GetField(method.ToString())!
                .GetCustomAttribute<JsonStringEnumMemberNameAttribute>()
                ?.Name
            ?? method.ToString().ToLowerInvariant();
    }
}
