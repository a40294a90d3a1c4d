using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>A step that can rule a record out.</summary>
internal abstract class RulingStep : CompiledStep
{
    /// <summary>Null: go on with the next step. Otherwise why the record is not scored, one of <see cref="IgnoreReasons.All"/>; its outputs stay missing.</summary>
    public abstract string? TryApply(TypedRecord record);

    public sealed override void Apply(TypedRecord record) => TryApply(record);
}
