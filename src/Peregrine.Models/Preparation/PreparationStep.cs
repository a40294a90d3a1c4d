using System.Text.Json.Serialization;

namespace Peregrine.Models.Preparation;

/// <summary>One step between a record as it came in and its features. Steps run in order; each sees what the ones before it made.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(LookupStep), "lookup")]
[JsonDerivedType(typeof(FillStep), "fill")]
[JsonDerivedType(typeof(CleanTextStep), "cleanText")]
[JsonDerivedType(typeof(RangeStep), "range")]
[JsonDerivedType(typeof(ElapsedStep), "elapsed")]
[JsonDerivedType(typeof(DistanceStep), "distance")]
[JsonDerivedType(typeof(RatioStep), "ratio")]
public abstract record PreparationStep
{
    /// <summary>Binds the step to the fields known so far and to its lookup table.</summary>
    /// <exception cref="ModelException">A field is unknown, of the wrong kind, or an output's name is taken.</exception>
    internal abstract CompiledStep Compile(PreparationScope scope);

    /// <summary>The fields it needs.</summary>
    public abstract IEnumerable<string> ReadFields();

    /// <summary>The fields it makes or changes.</summary>
    public abstract IEnumerable<string> WrittenFields();
}
