using System.Text.Json;

namespace Peregrine.Hosting.Futures;

internal sealed record FutureOutcome(FutureStatus Status, DateTimeOffset EndedAt, JsonElement? Result, Exception? Error);
