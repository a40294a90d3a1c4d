using Peregrine.Models.Explanations;

namespace Peregrine.Packages.Kinds.Prediction.Explanations;

/// <summary>How a record's result is explained.</summary>
/// <param name="Enabled">False: not at all; the rest does not count then.</param>
/// <param name="Count">Most fields to name: 1 or more.</param>
public readonly record struct ExplanationRequest(bool Enabled, ExplanationMethod Method, int Count);
