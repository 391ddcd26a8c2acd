// Every worker waits for a place among the guests, of which GuestSlots lets in as many as cores and memory allow: so
// there are more workers than any such number, and they cost a sleeping thread each.
[assembly: LevelOfParallelism(64)]
