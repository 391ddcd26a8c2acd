using System.Text;
using System.Text.Json;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// The console of one case, read from the files that its run writes: all of it of a case that has ended, and what is
/// still to come of one that runs or has not begun. It asks nothing of the run, which may be another process.
/// </summary>
public sealed class CaseConsole(RunFolder run, string id, TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>A guest in a loop has lines of any length; a longer one is shown in pieces of so many bytes.</summary>
    private const int LongestLine = 16 << 10;

    private readonly CaseFolder _case = run.Case(id);
    private readonly List<byte> _line = [];
    private int _attempt;
    private BootNumber _boot = new(1);
    private bool _captureKernel;
    private bool _isAnnounced;
    private long _read;
    private long _resultsRead;

    /// <summary>Whether the run has written the reports of its end.</summary>
    public static bool HasEnded(RunFolder run) => File.Exists(run.In(ReportOfTheEnd));

    /// <summary>Hands over every line until the case has ended, or its run.</summary>
    /// <param name="line">A line of the guest, without its end, as it was.</param>
    /// <param name="heading">A sentence of ours: which boot or attempt begins.</param>
    /// <returns>What came of the case; null where its run has ended without it.</returns>
    /// <exception cref="OperationCanceledException">The caller wanted an end.</exception>
    public async Task<CaseResult?> FollowAsync(
        Action<string> line,
        Action<string> heading,
        CancellationToken cancellation
    )
    {
        // Those that are there already are told of by the run's report.
        while (Directory.Exists(PreviousAttempt(_attempt + 1)))
            _attempt++;
        bool begun = false;
        while (true)
        {
            // Asked before the files are read: what is written last is not missed.
            var result = Result();
            bool ended = result is not null || HasEnded(run);
            if (Directory.Exists(PreviousAttempt(_attempt + 1)))
            {
                // The folder was moved away, perhaps with lines that nobody has read.
                _attempt++;
                if (begun)
                    Read(new CaseFolder(PreviousAttempt(_attempt)), line, heading);
                EndLine(line);
                heading($"attempt {_attempt + 1}");
                (_boot, _captureKernel, _read, _isAnnounced) = (new BootNumber(1), false, 0, false);
            }

            begun |= Directory.Exists(_case.Root);
            Read(_case, line, heading);
            if (ended)
            {
                EndLine(line);
                return result;
            }

            await Task.Delay(Pace, time, cancellation);
        }
    }

    private const string ReportOfTheEnd = "junit.xml";

    private string PreviousAttempt(int number) => RunFolder.PreviousAttempt(_case.Root, number);

    private void Read(CaseFolder folder, Action<string> line, Action<string> heading)
    {
        while (true)
        {
            string path = PathOf(folder, _boot, _captureKernel);
            if (FileKinds.Of(path) == FileKind.Regular)
            {
                if (!_isAnnounced)
                    heading(_captureKernel ? $"capture kernel of boot {_boot}" : $"boot {_boot}");
                _isAnnounced = true;
                ReadFile(path, line);
            }

            // A file that has one behind it is whole.
            if (!_captureKernel && FileKinds.Of(PathOf(folder, _boot, captureKernel: true)) == FileKind.Regular)
                _captureKernel = true;
            else if (FileKinds.Of(PathOf(folder, Next, captureKernel: false)) == FileKind.Regular)
                (_boot, _captureKernel) = (Next, false);
            else
                return;
            if (FileKinds.Of(path) == FileKind.Regular)
                ReadFile(path, line);
            EndLine(line);
            (_read, _isAnnounced) = (0, false);
        }
    }

    private BootNumber Next => new(_boot.Value + 1);

    private static string PathOf(CaseFolder folder, BootNumber boot, bool captureKernel) =>
        captureKernel ? folder.Boot(boot).CrashConsole : folder.Boot(boot).Console;

    private void ReadFile(string path, Action<string> line)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(_read, SeekOrigin.Begin);
        byte[] buffer = new byte[16 << 10];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            _read += read;
            foreach (byte one in buffer.AsSpan(0, read))
            {
                if (one != '\n')
                    _line.Add(one);
                if (one == '\n' || _line.Count >= LongestLine)
                    Hand(line);
            }
        }
    }

    private void EndLine(Action<string> line)
    {
        if (_line.Count > 0)
            Hand(line);
    }

    private void Hand(Action<string> line)
    {
        // A serial console ends its lines with both.
        line(Encoding.UTF8.GetString([.. _line]).TrimEnd('\r'));
        _line.Clear();
    }

    /// <summary>Looks through the results that are new since it was asked last.</summary>
    private CaseResult? Result()
    {
        string path = run.In("results.jsonl");
        if (FileKinds.Of(path) != FileKind.Regular)
            return null;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(_resultsRead, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        string text = reader.ReadToEnd();
        // The last one may be written at this moment.
        int end = text.LastIndexOf('\n') + 1;
        _resultsRead += Encoding.UTF8.GetByteCount(text.AsSpan(0, end));
        return text[..end]
            .Split('\n')
            // One of thousands is parsed.
            .Where(line => line.Contains($"\"{id}\"", StringComparison.Ordinal))
            .Select(Parse)
            .FirstOrDefault(result => result?.Case == id);
    }

    private static CaseResult? Parse(string text)
    {
        try
        {
            return EvidenceJson.Parse<CaseResult>(text);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // Whoever compares runs is told of it.
            return null;
        }
    }
}
