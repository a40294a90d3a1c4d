using System.Text.Json.Nodes;
using Peregrine.Designing.Lab;

namespace Peregrine.Designing.SavedModels;

/// <summary>All that is kept of a version of a saved model.</summary>
public sealed record SavedModelDetails
{
    public required SavedModelVersion Version { get; init; }
    public required JsonObject Settings { get; init; }
    public required JsonArray Steps { get; init; }
    public required EvaluationDocument Report { get; init; }
    public required JsonObject UserMeta { get; init; }
}
