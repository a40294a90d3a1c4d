using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>What an endpoint does with a record that does not name exactly the model's inputs: <c>REFUSE</c> or <c>IGNORE</c>.</summary>
[JsonConverter(typeof(UpperSnakeEnum<FeaturePolicy>))]
public enum FeaturePolicy
{
    /// <summary>The request is answered with 400.</summary>
    Refuse,

    /// <summary>An unknown feature is dropped, a missing one is a missing value.</summary>
    Ignore,
}
