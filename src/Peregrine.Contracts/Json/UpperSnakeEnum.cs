using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Contracts.Json;

/// <summary>Enums on the wire as the contract spells them: <c>OutOfSync</c> is <c>OUT_OF_SYNC</c>. Numbers are refused.</summary>
public sealed class UpperSnakeEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false)
    where T : struct, Enum;
