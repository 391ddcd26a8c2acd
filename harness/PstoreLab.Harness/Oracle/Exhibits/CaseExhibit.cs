using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Oracle.Exhibits;

/// <summary>What a verdict rests on, for a person: nothing of it is judged anew.</summary>
/// <param name="Plan">Null where it is missing or damaged.</param>
/// <param name="Cycle">Null where it is missing or damaged.</param>
/// <param name="Fault">What of the evidence cannot be shown, and why; null where all can.</param>
public sealed record CaseExhibit(
    Plan? Plan,
    CycleLog? Cycle,
    IReadOnlyList<RecordExhibit> Records,
    IReadOnlyList<StoreExhibit> Stores,
    string? Fault
)
{
    /// <summary>Reads the folder of an attempt. No evidence, however strange, makes it throw.</summary>
    public static CaseExhibit Of(CaseFolder folder)
    {
        Plan? plan = null;
        CycleLog? cycle = null;
        List<RecordExhibit> records = [];
        List<StoreExhibit> stores = [];
        try
        {
            plan = PlanFile.Read(folder.Plan);
            cycle = EvidenceJson.Kept<CycleLog>(folder.Cycle);
            var evidence = new AttemptEvidence(plan, cycle, folder);
            records.AddRange(new RecordExhibits(evidence).All());
            stores.AddRange(StoreExhibits.Of(evidence));
            return new CaseExhibit(plan, cycle, records, stores, null);
        }
        catch (Faults.LabException e)
        {
            return new CaseExhibit(plan, cycle, records, stores, e.Message);
        }
        catch (Exception e)
        {
            return new CaseExhibit(plan, cycle, records, stores, InternalFault.Describe(e));
        }
    }
}
