using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Contracts.Files;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class PackageVerbs
{
    public static Command Create() =>
        ClientVerb.Group("package", "Packages: immutable versions of an API service.", CreateVerb(), ListVerb(), DownloadVerb());

    private static Command CreateVerb()
    {
        var (project, service, version) = Version();
        var notes = ClientVerb.Option("--notes", "Release notes.", "TEXT");
        return ClientVerb.Create("create", "Package a service as a version.", [project, service, version, notes], async (client, parsed, cancellationToken) =>
        {
            await client.ApiServices.CreatePackageAsync(
                parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(version), parsed.GetValue(notes), cancellationToken);
            Output.Line($"Package {parsed.GetRequiredValue(service)} {parsed.GetRequiredValue(version)} is made.");
        });
    }

    private static Command ListVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var service = ClientVerb.Argument("SERVICE", "Id of the service.");
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List the packages of a service.", [project, service, json], async (client, parsed, cancellationToken) =>
        {
            var packages = await client.ApiServices.ListPackagesAsync(parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(packages, ClientJson.Default.IReadOnlyListPackageItem));
            else Output.Table(["VERSION", "MADE"], packages.Select(package => new[] { package.Id, Moment(package.CreatedOn) }));
        });
    }

    private static Command DownloadVerb()
    {
        var (project, service, version) = Version();
        var file = ClientVerb.Option("--out", "File to write. Default: SERVICE-VERSION.zip here.", "FILE");
        return ClientVerb.Create("download", "Download a package.", [project, service, version, file], async (client, parsed, cancellationToken) =>
        {
            var (id, tag) = (parsed.GetRequiredValue(service), parsed.GetRequiredValue(version));
            var path = Path.GetFullPath(parsed.GetValue(file) ?? $"{id}-{tag}.zip");
            try
            {
                await DurableFile.WriteAsync(
                    path, (target, token) => client.ApiServices.DownloadPackageAsync(parsed.GetRequiredValue(project), id, tag, target, token), mode: null, cancellationToken);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                throw new UsageException($"File '{path}' cannot be written: {refused.Message}", refused);
            }

            Output.Line(path);
        });
    }

    public static Command CreatePublish()
    {
        var (project, service, version) = Version();
        var name = ClientVerb.Option("--as", "Id of the published service on the Deployer. Default: the service's id.", "SERVICE");
        return ClientVerb.Create("publish", "Push a package to the API Deployer.", [project, service, version, name], async (client, parsed, cancellationToken) =>
        {
            await client.ApiServices.PublishAsync(
                parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(version), parsed.GetValue(name), cancellationToken);
            Output.Line($"{parsed.GetValue(name) ?? parsed.GetRequiredValue(service)} {parsed.GetRequiredValue(version)} is published.");
        });
    }

    private static (Argument<string> Project, Argument<string> Service, Argument<string> Version) Version() =>
        (ClientVerb.Argument("PROJECT", "Key of the project."), ClientVerb.Argument("SERVICE", "Id of the service."), ClientVerb.Argument("VERSION", "Id of the version, such as v1."));

    internal static string Moment(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
