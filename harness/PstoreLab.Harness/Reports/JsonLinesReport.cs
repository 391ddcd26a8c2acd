using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Reports;

/// <summary>
/// <c>results.jsonl</c>: a line per case, written as its verdict comes, so that an interrupted run keeps what it has.
/// </summary>
public sealed class JsonLinesReport(string path) : IAsyncDisposable
{
    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>
    /// Why a line could not be written; null as long as all could. The run continues: its verdicts are worth more than
    /// their file.
    /// </summary>
    public string? Fault
    {
        get => field ?? (File.Exists(path) ? null : $"{path} is not complete: it was deleted during the run");
        private set;
    }

    public async Task AddAsync(CaseResult result)
    {
        if (Fault is not null)
            return;
        try
        {
            await _file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(EvidenceJson.Line(result) + "\n"));
        }
        catch (IOException e)
        {
            Fault = $"{path} is not complete: {e.Message}";
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
