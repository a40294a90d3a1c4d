using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Packages.Archives;

namespace Peregrine.Packages.Kinds;

/// <summary>The test queries that travel with an endpoint.</summary>
internal static class TestQueryEntries
{
    /// <summary>Empty when the package has none.</summary>
    /// <exception cref="PackageException">The entry is not a list of JSON.</exception>
    public static JsonArray Read(PackageReader package, string entry)
    {
        try
        {
            if (!package.Contains(entry)) return [];
            return JsonNode.Parse(package.Read(entry)) as JsonArray ?? throw new JsonException("It is not a list.");
        }
        catch (JsonException malformed)
        {
            throw new PackageException(
                PackageFaultCode.BadStructure, entry, $"The test queries cannot be read: {malformed.Message}", "Make the package again with the API Designer.", malformed);
        }
    }
}
