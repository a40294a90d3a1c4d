using System.Text.Json.Nodes;
using Peregrine.Training.Planning;

namespace Peregrine.Designing.Lab.Settings;

/// <summary>Entries of <c>preprocessing.per_feature</c> as a guess makes them.</summary>
internal static class FeatureDefaults
{
    public const string NumericMissing = "KEEP_NAN_OR_IMPUTE";
    public const string CategoryMissing = "NONE";

    /// <summary>Ours: true when a date or moment gives parts of the calendar and the clock.</summary>
    public const string DateParts = "dateParts";

    public static JsonObject Of(ColumnPlan column, bool isNumber)
    {
        var handling = column.Handling == ColumnHandling.Reject
            ? isNumber ? ColumnHandling.Number : ColumnHandling.Category
            : column.Handling;
        var feature = handling == ColumnHandling.Category ? Category() : Numeric(handling == ColumnHandling.DateParts);
        feature["role"] = column.Handling == ColumnHandling.Reject ? "REJECT" : "INPUT";
        feature["reason"] = column.Reason;
        return feature;
    }

    public static JsonObject Target(bool isNumber) => new() { ["role"] = "TARGET", ["type"] = isNumber ? "NUMERIC" : "CATEGORY" };

    private static JsonObject Numeric(bool dateParts)
    {
        var feature = new JsonObject
        {
            ["type"] = "NUMERIC",
            ["numerical_handling"] = "REGULAR",
            ["missing_handling"] = NumericMissing,
            ["missing_impute_with"] = "MEAN",
            ["rescaling"] = "AVGSTD",
            ["generate_derivative"] = false,
            ["sendToInput"] = "main",
        };
        if (dateParts) feature[DateParts] = true;
        return feature;
    }

    private static JsonObject Category() => new()
    {
        ["type"] = "CATEGORY",
        ["category_handling"] = "DUMMIFY",
        ["missing_handling"] = CategoryMissing,
        ["dummy_clip"] = "MAX_NB_CATEGORIES",
        ["max_nb_categories"] = 100,
        ["sendToInput"] = "main",
    };
}
