using Peregrine.Models;

namespace Peregrine.Designing.Lab;

/// <summary>Kinds of prediction under their wire names.</summary>
public static class PredictionTypes
{
    public const string Binary = "BINARY_CLASSIFICATION";
    public const string Multiclass = "MULTICLASS";
    public const string Regression = "REGRESSION";

    public static string Of(PredictionKind kind) => kind switch
    {
        PredictionKind.BinaryClassification => Binary,
        PredictionKind.Multiclass => Multiclass,
        _ => Regression,
    };

    /// <summary>Null when the name is none of the three.</summary>
    internal static PredictionKind? Parse(string name) => name switch
    {
        Binary => PredictionKind.BinaryClassification,
        Multiclass => PredictionKind.Multiclass,
        Regression => PredictionKind.Regression,
        _ => null,
    };
}
