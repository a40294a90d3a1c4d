using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Snapshots;

/// <summary>Who asks, as the request path knows it: a key of the service, an admin key, or the client of a token.</summary>
/// <remarks>One object for each service and id as long as the node runs (<see cref="Access.CallerKeys"/>), so what is counted for a caller may hang on it.</remarks>
internal sealed class CallerKey(string? id)
{
    /// <summary>For services that are open to all.</summary>
    public static readonly CallerKey Anyone = new(null);

    /// <summary>Null for <see cref="Anyone"/>.</summary>
    public string? Id { get; } = id;

    /// <summary>The key's id as JSON, or <c>null</c>.</summary>
    public byte[] JsonId { get; } = id is null ? "null"u8.ToArray() : JsonText.Quote(id);
}
