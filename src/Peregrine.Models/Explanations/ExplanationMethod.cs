namespace Peregrine.Models.Explanations;

/// <summary>How the influence of a field is measured. Both are exact: nothing is sampled.</summary>
public enum ExplanationMethod
{
    /// <summary>Shapley values: the influences and the base value sum to the explained score.</summary>
    Shapley,

    /// <summary>The score less what is expected when only this field is unknown. The influences need not sum to anything.</summary>
    Ice,
}
