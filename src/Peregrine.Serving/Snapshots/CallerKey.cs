using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Snapshots;

/// <summary>A service's API key as the request path knows it.</summary>
internal sealed class CallerKey(string? id)
{
    /// <summary>For services that are open to all.</summary>
    public static readonly CallerKey Anyone = new(null);

    /// <summary>The key's id as JSON, or <c>null</c>.</summary>
    public byte[] JsonId { get; } = id is null ? "null"u8.ToArray() : JsonText.Quote(id);
}
