using Peregrine.Designing.ApiServices;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Web.ApiDesigner;

/// <summary>What an endpoint does with records that differ, in words and as choices.</summary>
public static class SchemaWords
{
    public static IReadOnlyList<FeaturePolicy> Policies { get; } = [FeaturePolicy.Refuse, FeaturePolicy.Warn, FeaturePolicy.Count, FeaturePolicy.Ignore];

    public static IReadOnlyList<SchemaChoice> Choices { get; } =
    [
        new("unknown", "Unknown features", "A name that the model does not know.", schema => schema.UnknownFeatures, (schema, policy) => schema with { UnknownFeatures = policy }),
        new("missing", "Missing features", "Not named at all; null is a value.", schema => schema.MissingFeatures, (schema, policy) => schema with { MissingFeatures = policy }),
        new("wrong", "Wrong types", "Such as \"twelve\" for a number. Taken, it counts as missing.", schema => schema.WrongTypes, (schema, policy) => schema with { WrongTypes = policy }),
        new("converted", "Converted types", "Such as \"12.5\" for a number.", schema => schema.ConvertedTypes, (schema, policy) => schema with { ConvertedTypes = policy }),
        new("range", "Out of range", "A number beyond those that training saw.", schema => schema.OutOfRange, (schema, policy) => schema with { OutOfRange = policy }),
        new("category", "Unseen categories", "A text that training did not see.", schema => schema.UnseenCategories, (schema, policy) => schema with { UnseenCategories = policy }),
    ];

    public static string Of(FeaturePolicy policy) => policy switch
    {
        FeaturePolicy.Refuse => "refuse",
        FeaturePolicy.Warn => "warn in the answer",
        FeaturePolicy.Count => "count only",
        _ => "ignore",
    };

    /// <summary>What is not as by default: <c>out of range: warn in the answer</c>; empty when all is.</summary>
    public static IReadOnlyList<string> Changes(EndpointSchema schema)
    {
        var standard = new EndpointSchema();
        return
        [
            .. Choices.Where(choice => choice.Read(schema) != choice.Read(standard)).Select(choice => $"{choice.Label.ToLowerInvariant()}: {Of(choice.Read(schema))}"),
            .. schema.Quiet ? ["quiet"] : (string[])[],
        ];
    }
}
