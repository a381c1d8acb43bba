// Spans are seen by every listener of the process.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
