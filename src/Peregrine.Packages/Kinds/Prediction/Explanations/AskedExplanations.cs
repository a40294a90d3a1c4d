using Peregrine.Models.Explanations;

namespace Peregrine.Packages.Kinds.Prediction.Explanations;

/// <summary>The member <c>explanations</c> of a request; null is left to the endpoint's settings.</summary>
public readonly record struct AskedExplanations(bool? Enabled, ExplanationMethod? Method, int? Count)
{
    public ExplanationRequest Or(ExplanationSettings settings) =>
        new(Enabled ?? settings.Enabled, Method ?? settings.Method, Count ?? settings.NExplanations);
}
