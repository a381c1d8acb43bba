namespace Perilune.Control.Data;

internal sealed class ViewRow
{
    public long Id { get; init; }

    public Guid ProjectId { get; init; }

    public required string Name { get; set; }

    public required string Scope { get; set; }

    public required string Query { get; set; }

    public string? Look { get; set; }

    public string? Data { get; set; }

    public string? Icon { get; set; }

    public DateTimeOffset Updated { get; set; }
}
