namespace Peregrine.Packages.Archives;

/// <summary>Names of the entries of a package.</summary>
public static class PackageEntries
{
    public const string Manifest = "manifest.json";

    /// <summary>The folder of an endpoint, ending in a slash.</summary>
    public static string FolderOf(string endpointId) => $"endpoints/{endpointId}/";
}
