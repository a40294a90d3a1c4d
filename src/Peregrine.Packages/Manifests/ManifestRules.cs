namespace Peregrine.Packages.Manifests;

/// <summary>What a manifest must obey beyond its JSON form; all faults are found before any is reported.</summary>
public static class ManifestRules
{
    public static IReadOnlyList<PackageFault> Check(ServicePackageManifest manifest)
    {
        var faults = new List<PackageFault>();
        CheckId(faults, "/serviceId", manifest.ServiceId);
        CheckId(faults, "/versionId", manifest.VersionId);
        CheckEndpoints(faults, manifest.Endpoints);
        CheckKeys(faults, manifest);
        if (manifest.Authorization.Method == AuthorizationMethod.OAuth2) faults.AddRange(OAuth2Rules.Check(manifest.Authorization.OAuth2));
        return faults;
    }

    private static void CheckEndpoints(List<PackageFault> faults, IReadOnlyList<EndpointManifest> endpoints)
    {
        if (endpoints.Count == 0) faults.Add(Bad("/endpoints", "The service has no endpoint.", "Add at least one."));
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < endpoints.Count; i++)
        {
            CheckId(faults, $"/endpoints/{i}/id", endpoints[i].Id);
            if (!ids.Add(endpoints[i].Id))
                faults.Add(Bad($"/endpoints/{i}/id", $"'{endpoints[i].Id}' is the id of another endpoint too.", "Rename one."));
        }
    }

    private static void CheckKeys(List<PackageFault> faults, ServicePackageManifest manifest)
    {
        var keys = manifest.Authorization.Keys;
        for (var i = 0; i < keys.Count; i++)
        {
            var where = $"/authorization/keys/{i}";
            if (!Digests.IsValid(keys[i].Hash)) faults.Add(Bad($"{where}/hash", "This is not a SHA-256 of 64 lower-case hex digits.", "Make the key again."));
            if (keys[i].Endpoints is not { } scope) continue;
            if (scope.Count == 0) faults.Add(Bad($"{where}/endpoints", $"Key '{keys[i].Id}' opens no endpoint.", "Name one, or leave 'endpoints' out to open all."));
            foreach (var endpoint in scope.Where(endpoint => manifest.Endpoints.All(known => known.Id != endpoint)))
                faults.Add(Bad($"{where}/endpoints", $"Key '{keys[i].Id}' is for endpoint '{endpoint}', which the service does not have.", "Correct the name."));
        }
    }

    private static void CheckId(List<PackageFault> faults, string where, string id)
    {
        if (!PackageIds.IsValid(id)) faults.Add(Bad(where, $"'{id}' cannot be an id.", $"An id is {PackageIds.Rule}."));
    }

    private static PackageFault Bad(string where, string what, string remedy) => new(PackageFaultCode.BadManifest, where, what, remedy);
}
