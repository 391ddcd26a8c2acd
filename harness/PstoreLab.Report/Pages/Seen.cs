using System.Globalization;
using PstoreLab.Harness.Host;
using PstoreLab.Records;

namespace PstoreLab.Report.Pages;

/// <summary>
/// Text for the page. Razor encodes what is markup; what a reader cannot see, or is turned by, is made visible here.
/// </summary>
internal static class Seen
{
    public static string Of(string? text) => VisibleText.Of(text ?? "");

    public static string Line(string? text) => VisibleText.OneLine(text ?? "");

    /// <summary>A line of a console or a record, of which a character is a byte.</summary>
    public static string Log(string? text) => VisibleText.OneLine(RecordText.ForDisplay(text ?? ""));

    /// <summary>A path as a link: relative, and never a scheme of its own.</summary>
    public static string Link(string path) => "./" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    public static string Seconds(double seconds) =>
        seconds switch
        {
            < 0.0005 => "0 s",
            < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
            < 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
            < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
        };

    public static string Bytes(long bytes) =>
        bytes switch
        {
            >= 1 << 20 when bytes % (1 << 20) == 0 => $"{bytes >> 20} MiB",
            >= 1 << 10 when bytes % (1 << 10) == 0 => $"{bytes >> 10} KiB",
            _ => $"{bytes} bytes",
        };

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    public static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>A number of a drawing.</summary>
    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Sign of a verdict, for who does not see the colour.</summary>
    public static string Sign(string verdict) =>
        verdict switch
        {
            "passed" => "✓",
            "failed" => "✗",
            "known" => "K",
            "unsupported" => "–",
            "infra" => "!",
            "internal" => "?",
            _ => "E",
        };
}
