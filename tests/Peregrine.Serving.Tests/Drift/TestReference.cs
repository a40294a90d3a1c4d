using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Drift;
using Peregrine.Records;

namespace Peregrine.Serving.Tests.Drift;

/// <summary>References as training would make them of even traffic.</summary>
internal static class TestReference
{
    /// <summary>Numbers even between 0 and 100 in a hundred cells, texts even over four countries, and predictions anywhere.</summary>
    public static TrainingReference Of(ModelArtifact model, long rowsPerCell = 100) => new()
    {
        Inputs = [.. model.Spec.Inputs.Select((field, slot) => Input(field, rowsPerCell) with { Importance = (slot + 1.0) / model.Spec.Inputs.Count })],
        Predictions = model.Spec.Prediction == PredictionKind.Regression
            ? [Number("value", rowsPerCell)]
            :
            [
                Number("probability", rowsPerCell),
                new FieldReference
                {
                    Name = "class", Kind = ReferenceKind.Category, Values = model.Spec.Classes, OwnCells = model.Spec.Classes.Count,
                    Counts = [.. model.Spec.Classes.Select(_ => 100 * rowsPerCell / model.Spec.Classes.Count), 0, 0, 0],
                },
            ],
    };

    private static FieldReference Input(Field field, long rowsPerCell) => field.Kind switch
    {
        FieldKind.Text => new FieldReference
        {
            Name = field.Name, Kind = ReferenceKind.Category, Values = ["FR", "GB", "DE", "ES"], OwnCells = 4,
            Counts = [25 * rowsPerCell, 25 * rowsPerCell, 25 * rowsPerCell, 25 * rowsPerCell, 0, 0, 0],
        },
        FieldKind.DateTime => new FieldReference { Name = field.Name, Kind = ReferenceKind.HourOfDay, Counts = [.. Enumerable.Repeat(rowsPerCell * 4, 24), 0] },
        FieldKind.Boolean => new FieldReference { Name = field.Name, Kind = ReferenceKind.Number, Edges = [-0.5, 0, 1], Counts = [0, rowsPerCell * 50, rowsPerCell * 50, 0, 0] },
        _ => Number(field.Name, rowsPerCell),
    };

    private static FieldReference Number(string name, long rowsPerCell) => new()
    {
        Name = name, Kind = ReferenceKind.Number, Edges = [.. Enumerable.Range(0, 101).Select(i => (double)i)],
        Counts = [0, .. Enumerable.Repeat(rowsPerCell, 100), 0, 0],
    };
}
