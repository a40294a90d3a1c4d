using System.Globalization;
using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Mapping;

/// <summary>What a mapping must fulfil before it is tried.</summary>
public static class MappingRules
{
    private const double SumTolerance = 1e-6;
    private const int MostShadows = 64;
    private const int MostEntries = 256; // as many as BucketLine tells apart

    /// <exception cref="ApiErrorException">400: the mapping is not sound; it lists everything that is wrong.</exception>
    public static void EnsureSound(NodeMapping? mapping)
    {
        if (Check(mapping) is not { Count: > 0 } faults) return;
        throw (ApiError.BadRequest("The mapping is not sound.", $"The mapping is not sound: {faults[0].Message}", "BadMapping") with
        {
            Errors = [.. faults.Select(fault => new ApiErrorItem(fault.Pointer, "BadMapping", fault.Message))],
        }).AsException();
    }

    /// <summary>Everything that is wrong with a mapping, as (JSON pointer, message); empty when it is sound.</summary>
    public static IReadOnlyList<(string Pointer, string Message)> Check(NodeMapping? mapping)
    {
        var faults = new List<(string, string)>();
        if (mapping?.Entries is null || mapping.Entries.Any(entry => entry is null)) return [("/entries", "A mapping needs entries, each with a generation and a share.")];
        if (mapping.Entries.Count > MostEntries) return [("/entries", $"A mapping has at most {MostEntries} entries.")];
        if (mapping.Entries.Count == 0) faults.Add(("/entries", "A mapping needs at least one entry."));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < mapping.Entries.Count; i++) CheckEntry(mapping.Entries[i], i, seen, faults);
        var sum = mapping.Entries.Sum(entry => entry.Proba);
        if (faults.Count == 0 && Math.Abs(sum - 1) > SumTolerance)
            faults.Add(("/entries", string.Create(CultureInfo.InvariantCulture, $"The shares sum to {sum}; make them sum to 1.")));
        CheckShadows(mapping.Shadows ?? [], faults);
        return faults;
    }

    private static void CheckShadows(IReadOnlyList<ShadowShare> shadows, List<(string, string)> faults)
    {
        if (shadows.Count > MostShadows) faults.Add(("/shadows", $"A mapping has at most {MostShadows} shadows."));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < shadows.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"/shadows/{i}");
            if (string.IsNullOrEmpty(shadows[i]?.Generation)) faults.Add(($"{at}/generation", "Name a generation."));
            else if (!seen.Add(shadows[i].Generation)) faults.Add(($"{at}/generation", $"Shadow '{shadows[i].Generation}' stands twice."));
            else if (!(shadows[i].Share is > 0 and <= 1)) faults.Add(($"{at}/share", "The share of a shadow is a number above 0 and at most 1."));
        }
    }

    private static void CheckEntry(GenerationShare entry, int index, HashSet<string> seen, List<(string, string)> faults)
    {
        var at = string.Create(CultureInfo.InvariantCulture, $"/entries/{index}");
        if (string.IsNullOrEmpty(entry.Generation)) faults.Add(($"{at}/generation", "Name a generation."));
        else if (!seen.Add(entry.Generation)) faults.Add(($"{at}/generation", $"Generation '{entry.Generation}' stands twice."));
        if (!(entry.Proba is >= 0 and <= 1)) faults.Add(($"{at}/proba", "A share is a number from 0 to 1."));
        else if (entry.Proba is > 0 and < 1.0 / BucketLine.Buckets)
            faults.Add(($"{at}/proba", string.Create(CultureInfo.InvariantCulture, $"The smallest share is {1.0 / BucketLine.Buckets}; use 0 for none.")));
    }
}
