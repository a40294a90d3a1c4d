using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>Which object of a query a column stands in: <c>FEATURES</c>, <c>CONTEXT</c> or <c>ANY</c>.</summary>
[JsonConverter(typeof(UpperSnakeEnum<LogPart>))]
public enum LogPart
{
    Any,
    Features,
    Context,
}
