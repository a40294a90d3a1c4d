using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>What an endpoint does with a record that is not what the model was made from: <c>REFUSE</c>, <c>WARN</c>, <c>COUNT</c> or <c>IGNORE</c>.</summary>
[JsonConverter(typeof(UpperSnakeEnum<FeaturePolicy>))]
public enum FeaturePolicy
{
    /// <summary>The request is answered with 400.</summary>
    Refuse,

    /// <summary>The record is scored and nobody is told.</summary>
    Ignore,

    /// <summary>The record is scored, counted, and its result has a warning.</summary>
    Warn,

    /// <summary>The record is scored and counted.</summary>
    Count,
}
