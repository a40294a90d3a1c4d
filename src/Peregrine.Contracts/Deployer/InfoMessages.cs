using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Deployer;

/// <summary>A list of messages with the summary that callers read first.</summary>
public sealed record InfoMessages(IReadOnlyList<InfoMessage> Messages)
{
    public static readonly InfoMessages None = new([]);

    public bool AnyMessage => Messages.Count > 0;

    public bool Success => !Warning && !Error;

    public bool Warning => Messages.Any(message => message.Severity == MessageSeverity.Warning);

    public bool Error => Messages.Any(message => message.Severity == MessageSeverity.Error);

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageSeverity? MaxSeverity => AnyMessage ? Messages.Max(message => message.Severity) : null;
}
