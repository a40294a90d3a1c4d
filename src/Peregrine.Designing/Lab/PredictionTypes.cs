using Peregrine.Models;

namespace Peregrine.Designing.Lab;

/// <summary>Kinds of prediction under their wire names.</summary>
public static class PredictionTypes
{
    public const string Binary = "BINARY_CLASSIFICATION";
    public const string Multiclass = "MULTICLASS";
    public const string Regression = "REGRESSION";

    /// <summary>Ours: on the wire the type of the task says it.</summary>
    public const string Clustering = "CLUSTERING";

    public static string Of(PredictionKind kind) => kind switch
    {
        PredictionKind.BinaryClassification => Binary,
        PredictionKind.Multiclass => Multiclass,
        PredictionKind.Clustering => Clustering,
        _ => Regression,
    };

    /// <summary>The wire's type of tasks of such a kind: <c>PREDICTION</c> or <c>CLUSTERING</c>.</summary>
    public static string TaskType(string predictionType) => predictionType == Clustering ? Clustering : "PREDICTION";

    /// <summary>Null when the name is none of the four.</summary>
    internal static PredictionKind? Parse(string name) => name switch
    {
        Binary => PredictionKind.BinaryClassification,
        Multiclass => PredictionKind.Multiclass,
        Regression => PredictionKind.Regression,
        Clustering => PredictionKind.Clustering,
        _ => null,
    };
}
