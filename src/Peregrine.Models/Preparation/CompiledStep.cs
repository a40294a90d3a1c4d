using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>A step bound to its slots: stateless and thread-safe.</summary>
internal abstract class CompiledStep
{
    public abstract void Apply(TypedRecord record);
}
