using Peregrine.Records;

namespace Peregrine.Designing.Datasets;

/// <summary>Kinds of fields under the names that clients know.</summary>
internal static class StorageTypes
{
    public const string Text = "string";

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "tinyint", "smallint", "int", "bigint", "float", "double", "boolean", "date", "dateonly", "datetimenotz",
        Text, "array", "object", "map", "geopoint", "geometry",
    };

    public static string Of(FieldKind kind) => kind switch
    {
        FieldKind.Number => "double",
        FieldKind.Integer => "bigint",
        FieldKind.Boolean => "boolean",
        FieldKind.DateTime => "date",
        FieldKind.Date => "dateonly",
        _ => Text,
    };

    public static bool IsKnown(string type) => Known.Contains(type);
}
