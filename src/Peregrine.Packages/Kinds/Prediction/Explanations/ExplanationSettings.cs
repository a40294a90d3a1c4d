using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;
using Peregrine.Models.Explanations;

namespace Peregrine.Packages.Kinds.Prediction.Explanations;

/// <summary>What an endpoint explains when a request leaves it open.</summary>
public sealed record ExplanationSettings
{
    public const int DefaultCount = 3;
    public const int LeastSteps = 25;
    public const int MostSteps = 1000;

    /// <summary>Whether results carry explanations unasked. Default: no; a request may ask for them either way.</summary>
    public bool Enabled { get; set; }

    /// <summary><c>SHAPLEY</c> (default) or <c>ICE</c>.</summary>
    [JsonConverter(typeof(UpperSnakeEnum<ExplanationMethod>))]
    public ExplanationMethod Method { get; set; }

    /// <summary>Fields that a result names, those of the largest influence: 1 or more, default 3.</summary>
    public int NExplanations { get; set; } = DefaultCount;

    /// <summary>Kept for tools that set it, 25 to 1,000: influences are exact, nothing is sampled.</summary>
    public int? NMonteCarloSteps { get; set; }

    /// <summary>What is wrong, as the member's name and words for it; null when all is in order.</summary>
    public (string Member, string Message)? Fault() => this switch
    {
        { NExplanations: < 1 } => ("nExplanations", $"'nExplanations' is 1 or more, not {NExplanations}."),
        { NMonteCarloSteps: < LeastSteps or > MostSteps } => ("nMonteCarloSteps", $"'nMonteCarloSteps' is {LeastSteps} to {MostSteps}, not {NMonteCarloSteps}."),
        _ => null,
    };
}
