using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>What becomes of a record whose key no row has: <c>IGNORE</c> or <c>NULLS</c>.</summary>
[JsonConverter(typeof(UpperSnakeEnum<NoMatchPolicy>))]
public enum NoMatchPolicy
{
    /// <summary>It is ignored, with the reason <c>NO_LOOKUP_MATCH</c>.</summary>
    Ignore,

    /// <summary>It is answered with its key, and null in every other column.</summary>
    Nulls,
}
