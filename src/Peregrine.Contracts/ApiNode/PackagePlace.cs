using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.ApiNode;

/// <summary>What a node has of a package that a service is to get.</summary>
[JsonConverter(typeof(UpperSnakeEnum<PackagePlace>))]
public enum PackagePlace
{
    /// <summary>It is a generation of this service: nothing is left to do.</summary>
    Generation,

    /// <summary>The node has it whole, in another service: import it from there.</summary>
    Node,

    /// <summary>The first bytes have arrived: go on with the upload behind them.</summary>
    Partial,
}
