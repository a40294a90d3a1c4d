using System.Text.Json.Serialization;
using Peregrine.Records;

namespace Peregrine.Models.Features;

/// <summary>How one field of the prepared record becomes one or more columns of the predictor's input.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(NumberFeature), "number")]
[JsonDerivedType(typeof(CategoryFeature), "category")]
[JsonDerivedType(typeof(OneHotFeature), "oneHot")]
[JsonDerivedType(typeof(ImpactFeature), "impact")]
[JsonDerivedType(typeof(DatePartFeature), "datePart")]
[JsonDerivedType(typeof(DateCycleFeature), "dateCycle")]
[JsonDerivedType(typeof(MissingFlagFeature), "missingFlag")]
public abstract record FeatureSpec
{
    /// <summary>The field it reads.</summary>
    public required string Field { get; init; }

    /// <summary>The columns it writes, in order.</summary>
    internal abstract IEnumerable<FeatureColumn> Columns();

    /// <summary>Binds it to its slot and its first column.</summary>
    internal abstract CompiledFeature Compile(int slot, int column);

    /// <summary>The kinds of field it can read.</summary>
    internal abstract bool Accepts(FieldKind kind);
}

/// <summary>One column of the predictor's input.</summary>
/// <param name="Name">Unique, for people: <c>amount</c>, <c>at: hour</c>, <c>country = FR</c>.</param>
/// <param name="Field">The prepared field it comes from.</param>
/// <param name="Categories">How many category codes it holds (0 to n - 1), or 0 for a number.</param>
public sealed record FeatureColumn(string Name, string Field, int Categories = 0);
