using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>What the query log holds of a column: <c>KEEP</c>, <c>HASH</c>, <c>BUCKET</c> or <c>DROP</c>.</summary>
[JsonConverter(typeof(UpperSnakeEnum<LogAction>))]
public enum LogAction
{
    /// <summary>The value as it was sent.</summary>
    Keep,

    /// <summary>A keyed hash of the value: equal values stay equal, and only who has the key can tell which they were.</summary>
    Hash,

    /// <summary>The interval between two edges that the number lies in.</summary>
    Bucket,

    /// <summary>Neither name nor value.</summary>
    Drop,
}
