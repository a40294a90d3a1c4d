using System.Text.Json.Nodes;
using Peregrine.Models.Drift;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>
/// What training saw of each input, as the extension <c>x-peregrine-training</c> of its schema. It restricts nothing: other values are taken too. Columns that the
/// query log may not keep as they are are left out.
/// </summary>
internal sealed class TrainingSchemas(TrainingReference? reference, IReadOnlyList<LogColumnRule> hidden)
{
    public const string Member = "x-peregrine-training";

    /// <summary>Values of a category that are listed, the most frequent ones.</summary>
    public const int MostValues = 50;

    /// <summary>Range of numbers, values of categories, share of missing values (0 to 1); null when nothing is known.</summary>
    public JsonObject? Of(Field input)
    {
        if (reference?.Inputs.FirstOrDefault(field => field.Name == input.Name) is not { } seen || IsHidden(input.Name)) return null;
        var training = new JsonObject();
        if (input.Kind is FieldKind.Number or FieldKind.Integer && seen is { Kind: ReferenceKind.Number, Edges: [var below, .., var most] })
        {
            // The first edge lies just below the smallest value.
            training["minimum"] = Math.BitIncrement(below);
            training["maximum"] = most;
        }

        if (seen is { Kind: ReferenceKind.Category, Values.Count: > 0 })
        {
            training["distinct"] = seen.Values.Count;
            training["values"] = new JsonArray([.. seen.Values.Take(MostValues).Select(value => (JsonNode)value)]);
        }

        if (seen.Counts.Sum() is > 0 and var rows) training["missing"] = Math.Round(seen.Counts[^1] / (double)rows, 6);
        return training.Count == 0 ? null : training;
    }

    private bool IsHidden(string column) => hidden.Any(rule => rule.Action != LogAction.Keep
        && (rule.Column.EndsWith('*') ? column.StartsWith(rule.Column[..^1], StringComparison.Ordinal) : column == rule.Column));
}
