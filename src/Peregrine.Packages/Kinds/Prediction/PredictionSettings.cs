using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>Settings of a prediction endpoint, as in the manifest.</summary>
public sealed record PredictionSettings
{
    /// <summary>The saved model it was made from, for people.</summary>
    public string? ModelRef { get; init; }

    /// <summary>A feature that the model does not know at all; known columns it does not use are always dropped.</summary>
    public FeaturePolicy UnknownFeatures { get; init; }

    /// <summary>An input that the record does not name. <c>null</c> is a value: missing.</summary>
    public FeaturePolicy MissingFeatures { get; init; }

    /// <summary>A value that cannot be read as its feature's kind, such as <c>"twelve"</c> for a number; where it is taken, it counts as missing.</summary>
    public FeaturePolicy WrongTypes { get; init; }

    /// <summary>A value of another JSON type that can be converted, such as <c>"12.5"</c> for a number. Default: ignore.</summary>
    public FeaturePolicy ConvertedTypes { get; set; } = FeaturePolicy.Ignore;

    /// <summary>A number below the least or above the greatest that training saw. Default: ignore.</summary>
    public FeaturePolicy OutOfRange { get; set; } = FeaturePolicy.Ignore;

    /// <summary>A category that training did not see. Default: ignore.</summary>
    public FeaturePolicy UnseenCategories { get; set; } = FeaturePolicy.Ignore;

    /// <summary>Whether callers are told nothing of the features: not in errors and warnings, not in the endpoint's description.</summary>
    public bool Quiet { get; init; }

    /// <summary>Columns that the query log does not keep as they are; the first rule that names a column decides. Rules of the node come before them.</summary>
    public IReadOnlyList<LogColumnRule>? LogColumns { get; init; }

    /// <summary>Where prepared records are told; null: nowhere.</summary>
    public PostEnrichmentSettings? PostEnrichment { get; init; }

    /// <summary>What results explain unasked.</summary>
    public ExplanationSettings Explanations { get => field ?? new(); set; }

    /// <summary>What happens with a record of which this is true; other faults are always refused.</summary>
    public FeaturePolicy PolicyOf(RecordFaultCode code) => code switch
    {
        RecordFaultCode.UnknownField => UnknownFeatures,
        RecordFaultCode.MissingField => MissingFeatures,
        RecordFaultCode.WrongType => WrongTypes,
        RecordFaultCode.ConvertedType => ConvertedTypes,
        RecordFaultCode.OutOfRange => OutOfRange,
        RecordFaultCode.UnseenCategory => UnseenCategories,
        _ => FeaturePolicy.Refuse,
    };

    internal RecordRules ToRules() => new()
    {
        Unknown = UnknownFeatures.ToTolerance(), Missing = MissingFeatures.ToTolerance(), WrongType = WrongTypes.ToTolerance(), Converted = ConvertedTypes.ToTolerance(),
    };

    /// <summary>What is wrong, as the member's name and words for it; null when all is in order.</summary>
    public (string Member, string Message)? Fault() =>
        Quiet && Explanations.Enabled ? ("quiet", "A quiet endpoint cannot explain its results: explanations name the features.")
        : Quiet && PostEnrichment is { InAnswer: true } ? ("quiet", "A quiet endpoint cannot give prepared records in its answers: they name the features.")
        : null;
}
