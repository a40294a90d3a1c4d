using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>What becomes of a record whose key several rows have: <c>IGNORE</c> or <c>FIRST</c>.</summary>
[JsonConverter(typeof(UpperSnakeEnum<SeveralMatchesPolicy>))]
public enum SeveralMatchesPolicy
{
    /// <summary>It is ignored, with the reason <c>MULTIPLE_LOOKUP_MATCHES</c>.</summary>
    Ignore,

    /// <summary>It is answered with the row that comes first in the dataset.</summary>
    First,
}
