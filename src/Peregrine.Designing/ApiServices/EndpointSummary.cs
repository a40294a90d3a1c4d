using Peregrine.Designing.ApiServices.Lookups;
using Peregrine.Packages.Kinds.Prediction.Explanations;

namespace Peregrine.Designing.ApiServices;

/// <param name="Type">Kind of endpoint on the wire, such as <c>STD_PREDICTION</c>.</param>
/// <param name="ModelRef">The saved model it serves, <c>SM1</c> or <c>PROJECT.SM1</c>.</param>
/// <param name="TestQueries">Number of test queries.</param>
public sealed record EndpointSummary(string Id, string Type, string? ModelRef, int TestQueries)
{
    /// <summary>What it does with records that differ from what its model was made from.</summary>
    public EndpointSchema Schema { get; init; } = new();

    public EndpointLog Log { get; init; } = new();

    /// <summary>What it explains unasked.</summary>
    public ExplanationSettings Explanations { get; init; } = new();

    /// <summary>What it finds, for a lookup; null for other kinds.</summary>
    public LookupChoice? Lookup { get; init; }
}
