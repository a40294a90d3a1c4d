using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Predictions;

/// <summary>Records that are taken though they differ from what a model was made from.</summary>
public sealed class SchemaOptions
{
    public const string Section = "Serving:Schema";

    /// <summary>Most warnings that one answer lists: 0 to 10,000, default 100. Further ones are told as a number, <c>moreWarnings</c>.</summary>
    [Range(0, 10_000)]
    public int MostWarnings { get; set; } = 100;
}
