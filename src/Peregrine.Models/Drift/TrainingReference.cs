using System.Security.Cryptography;
using System.Text.Json;

namespace Peregrine.Models.Drift;

/// <summary>
/// What live traffic is compared with: every input as callers send it, counted over the training rows, and the predictions, counted over the
/// test rows (a model is surer of rows it has learnt from). Equal references give equal bytes.
/// </summary>
public sealed record TrainingReference
{
    /// <summary>The newest format this code knows; a model with a newer one counts as a model without a reference.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; set; } = CurrentVersion;

    /// <summary>One per input of the model, in its order.</summary>
    public required IReadOnlyList<FieldReference> Inputs { get; init; }

    /// <summary>Classification: the probability (binary: of the positive class; else of the predicted one), then the predicted class. Regression: the value. Clustering: the distance to the nearest centroid, then the cluster.</summary>
    public required IReadOnlyList<FieldReference> Predictions { get; init; }

    /// <summary>SHA-256 of the reference, hex: counts may be added when it is the same.</summary>
    public string ComputeDigest() => Convert.ToHexStringLower(SHA256.HashData(ToBytes()));

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new Stored(Version, Inputs, Predictions), ReferenceJson.Default.Stored);

    /// <returns>Null when a newer version wrote it.</returns>
    /// <exception cref="ModelException">It is damaged.</exception>
    internal static TrainingReference? Read(Stream source)
    {
        try
        {
            using var document = JsonDocument.Parse(source);
            if (document.RootElement.TryGetProperty("version", out var version) && version.TryGetInt32(out var number) && number > CurrentVersion) return null;
            var stored = document.Deserialize(ReferenceJson.Default.Stored) ?? throw new ModelException("The model's training reference is empty.");
            var reference = new TrainingReference { Version = stored.Version, Inputs = stored.Inputs, Predictions = stored.Predictions };
            foreach (var field in reference.Inputs.Concat(reference.Predictions)) field.Validate();
            return reference;
        }
        catch (JsonException exception)
        {
            throw new ModelException($"The model's training reference cannot be read: {exception.Message}", exception);
        }
    }

    /// <exception cref="ModelException">It belongs to another model.</exception>
    internal void EnsureFits(ModelSpec spec)
    {
        if (!Inputs.Select(field => field.Name).SequenceEqual(spec.Inputs.Select(field => field.Name), StringComparer.Ordinal))
            throw new ModelException("The model's training reference names other inputs than the model.");
        var wanted = spec.Prediction == PredictionKind.Regression
            ? Predictions is [{ Kind: ReferenceKind.Number }]
            : Predictions is [{ Kind: ReferenceKind.Number }, { Kind: ReferenceKind.Category } classes] && classes.OwnCells == spec.Classes.Count;
        if (!wanted) throw new ModelException("The model's training reference does not fit its predictions.");
        for (var slot = 0; slot < Inputs.Count; slot++)
            if ((spec.Inputs[slot].Kind == Records.FieldKind.Text) != (Inputs[slot].Kind is ReferenceKind.Category or ReferenceKind.Text))
                throw new ModelException($"The model's training reference of '{Inputs[slot].Name}' is of another kind than the input.");
    }

    internal sealed record Stored(int Version, IReadOnlyList<FieldReference> Inputs, IReadOnlyList<FieldReference> Predictions);
}
