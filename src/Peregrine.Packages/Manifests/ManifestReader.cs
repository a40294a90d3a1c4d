using System.Text.Json;
using Peregrine.Packages.Archives;

namespace Peregrine.Packages.Manifests;

/// <summary>Turns <c>manifest.json</c> into a manifest that obeys the rules. The format is looked at before anything else.</summary>
internal static class ManifestReader
{
    public static ServicePackageManifest Read(byte[] utf8)
    {
        try
        {
            CheckFormat(utf8);
            var manifest = JsonSerializer.Deserialize(utf8, PackagesJson.Default.ServicePackageManifest)
                           ?? throw Bad("The manifest is null.");
            return ManifestRules.Check(manifest) is [var fault, ..] ? throw new PackageException(fault) : manifest;
        }
        catch (JsonException malformed)
        {
            throw Bad($"The manifest is not the JSON expected: {malformed.Message}", malformed);
        }
    }

    private static void CheckFormat(byte[] utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("formatVersion", out var format)
            || format.ValueKind != JsonValueKind.Number || !format.TryGetInt32(out var version) || version < 1)
            throw Bad("The manifest has no formatVersion.");
        if (version > ServicePackageManifest.CurrentFormat)
            throw new PackageException(
                PackageFaultCode.NewerFormat, PackageEntries.Manifest,
                $"The package has format {version}; this version of Peregrine reads up to {ServicePackageManifest.CurrentFormat}.",
                "Upgrade this node, or make the package with an older Design node.");
    }

    private static PackageException Bad(string what, Exception? cause = null) =>
        new(PackageFaultCode.BadManifest, PackageEntries.Manifest, what, "Make the package again with the API Designer.", cause);
}
