using Peregrine.Models.Preparation;

namespace Peregrine.Training.Reference;

/// <summary>Traces what a model leans on back to what callers send: a field made by a step hands its share, in equal parts, to the fields it was made from.</summary>
internal static class InputImportance
{
    public static Dictionary<string, double> Of(IEnumerable<FieldImportance> importance, IReadOnlyList<PreparationStep> steps)
    {
        var shares = importance.ToDictionary(field => field.Field, field => field.Share, StringComparer.Ordinal);
        foreach (var step in steps.Reverse())
        {
            string[] read = [.. step.ReadFields().Distinct(StringComparer.Ordinal)];
            foreach (var written in step.WrittenFields().Except(read, StringComparer.Ordinal))
            {
                if (!shares.Remove(written, out var share)) continue;
                foreach (var field in read) shares[field] = shares.GetValueOrDefault(field) + share / read.Length;
            }
        }

        return shares;
    }
}
