using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Designing.ApiServices;

/// <summary>What an endpoint does with records that are not what its model was made from. See <see cref="PredictionSettings"/> for each.</summary>
public sealed record EndpointSchema
{
    public FeaturePolicy UnknownFeatures { get; init; }

    public FeaturePolicy MissingFeatures { get; init; }

    public FeaturePolicy WrongTypes { get; init; }

    public FeaturePolicy ConvertedTypes { get; init; } = FeaturePolicy.Ignore;

    public FeaturePolicy OutOfRange { get; init; } = FeaturePolicy.Ignore;

    public FeaturePolicy UnseenCategories { get; init; } = FeaturePolicy.Ignore;

    public bool Quiet { get; init; }
}
