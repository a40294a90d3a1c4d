using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

internal static class FeaturePolicies
{
    public static Tolerance ToTolerance(this FeaturePolicy policy) => policy switch
    {
        FeaturePolicy.Refuse => Tolerance.Refuse,
        FeaturePolicy.Ignore => Tolerance.Accept,
        _ => Tolerance.Note,
    };
}
