using Peregrine.Packages;
using Peregrine.Serving.Mapping;

namespace Peregrine.Serving.Generations;

/// <summary>What a document that is well-formed JSON must fulfil besides, so that an altered one is refused instead of followed.</summary>
internal static class DocumentRules
{
    /// <summary>The first thing that is wrong with a document; null when it is sound.</summary>
    public static string? Check(ServiceDocument document)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stored in document.Generations)
        {
            if (stored is null || !PackageIds.IsValid(stored.Id)) return "a generation has no valid id.";
            if (!Digests.IsValid(stored.Digest)) return $"generation '{stored.Id}' has no valid digest.";
            if (!known.Add(stored.Id)) return $"generation '{stored.Id}' stands twice.";
        }

        foreach (var stored in document.Switches)
            if (stored is null || !PackageIds.IsValid(stored.Id)) return "a switch has no valid id.";
        var mappings = document.Switches.Where(stored => stored.IsOpen()).Select(stored => stored.Mapping);
        foreach (var mapping in document.Mapping is null ? mappings : mappings.Prepend(document.Mapping))
        {
            if (mapping is null) return "a prepared switch has no mapping.";
            if (MappingRules.Check(mapping) is [var fault, ..]) return $"mapping{fault.Pointer}: {fault.Message}";
            if (mapping.Generations.FirstOrDefault(generation => !known.Contains(generation)) is { } missing) return $"the mapping names generation '{missing}', which is not listed.";
        }

        return null;
    }
}
