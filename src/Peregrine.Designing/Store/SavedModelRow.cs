namespace Peregrine.Designing.Store;

/// <summary>A saved model of a project; exactly one of its versions is active.</summary>
public sealed class SavedModelRow : IRevisioned
{
    public required string ProjectKey { get; init; }
    public required string Id { get; init; }
    public required string Name { get; set; }
    public required string PredictionType { get; init; }
    public required string Target { get; init; }
    public required string ActiveVersion { get; set; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required string DocumentJson { get; set; }

    /// <summary>Versions ever made: ids are not used twice.</summary>
    public required int Versions { get; set; }
    public int Revision { get; set; }
}
