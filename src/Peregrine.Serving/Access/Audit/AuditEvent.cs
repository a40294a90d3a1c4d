using System.Text.Json.Serialization;

namespace Peregrine.Serving.Access.Audit;

/// <summary>One line of the audit log.</summary>
internal sealed record AuditEvent
{
    public const string Action = "action";
    public const string Refusal = "refusal";

    /// <summary>Set when it is recorded.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary><see cref="Action"/> or <see cref="Refusal"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Id of the key; null: none that is known.</summary>
    public string? Who { get; init; }

    public string? Role { get; init; }

    /// <summary>The call, with names in place of values.</summary>
    public required string What { get; init; }

    /// <summary>The values: service, generation, id of a key.</summary>
    public IReadOnlyDictionary<string, string>? On { get; init; }

    /// <summary>Address of the client.</summary>
    public required string From { get; init; }

    public required int Status { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Reason { get; init; }

    /// <summary>Refusals since the last line that were not written, since there were too many.</summary>
    public long? Suppressed { get; init; }
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditEvent))]
[JsonSerializable(typeof(IReadOnlyList<AuditEvent>))]
internal sealed partial class AuditJson : JsonSerializerContext;
