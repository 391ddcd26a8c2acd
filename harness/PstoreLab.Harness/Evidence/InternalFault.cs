namespace PstoreLab.Harness.Evidence;

/// <summary>An exception that nobody expected: a fault of PstoreLab. It ends its case and no other.</summary>
public static class InternalFault
{
    /// <summary>What comes of the case: the exception in a sentence, without its trace.</summary>
    public static Judgement Judgement(Exception fault, CaseFolder folder) =>
        new(
            Verdict.Internal,
            $"{Describe(fault)}; this is a fault of PstoreLab, please report it with {folder.Root}",
            []
        );

    /// <summary>The exception on a line.</summary>
    public static string Describe(Exception fault) =>
        $"{fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}";

    /// <summary>Keeps the trace with the evidence, where that is possible.</summary>
    public static void Keep(Exception fault, CaseFolder folder)
    {
        try
        {
            Directory.CreateDirectory(folder.Root);
            File.WriteAllText(folder.InternalError, $"{fault}\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The verdict says what there is to say without it.
        }
    }
}
