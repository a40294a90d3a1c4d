using Peregrine.Records;

namespace Peregrine.Models.Features;

/// <summary>A feature bound to its slot and columns: stateless and thread-safe.</summary>
internal abstract class CompiledFeature
{
    public abstract void Write(TypedRecord record, Span<double> columns);
}
