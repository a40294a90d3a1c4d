using System.Text.Json;
using Microsoft.Extensions.Logging;
using Peregrine.Contracts.Files;
using Peregrine.Hosting.Authentication;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Access.Keys;

/// <summary>
/// Keeps the last uses of keys over a restart, in <c>services/{id}/key-uses.json</c> beside the file of the keys: to write it neither risks those nor has known callers looked at again.
/// </summary>
/// <remarks><c>{"keys":{"SHA-256 of the key, 64 lower-case hex digits":"2026-01-31T12:00:00+00:00"}}</c>; a key that was never used is not there.</remarks>
internal sealed class KeyUseFiles(ServiceStore services, FileLayer layer, ILogger<KeyUseFiles> log)
{
    private const string Name = "key-uses.json";
    private const string Keys = "keys";

    /// <summary>Keys in one file, the latest used ones: those that are gone are not looked for.</summary>
    private const int Most = 20_000;

    private readonly DurableFiles _files = new(layer);
    private bool _failing;

    /// <summary>A file that cannot be read is told of and counts as none: better than a service that answers nobody.</summary>
    public ServiceKeyUses Read(string service)
    {
        try
        {
            var path = PathOf(service);
            if (File.Exists(path)) return new ServiceKeyUses(Parse(File.ReadAllBytes(path)));
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            AccessLog.KeyUsesNotRead(log, service, unreadable.Message);
        }

        return new ServiceKeyUses([]);
    }

    /// <summary>Writes down what is new, for one service after the other. What the disk refuses is tried again by the next call. For one caller at a time.</summary>
    public async Task WriteAsync(IEnumerable<KeyValuePair<string, ServiceKeyUses>> all, CancellationToken cancellationToken)
    {
        var failed = false;
        foreach (var (service, uses) in all)
        {
            var used = uses.Used().Take(Most).ToList();
            if (used.SequenceEqual(uses.Stored) || !Directory.Exists(services.FolderOf(service))) continue;
            try
            {
                await _files.WriteAsync(PathOf(service), Write(used), UnixFileMode.UserRead | UnixFileMode.UserWrite, cancellationToken);
                uses.Stored = used;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                if (!_failing) AccessLog.KeyUsesNotWritten(log, service, refused.Message);
                failed = _failing = true;
            }
        }

        _failing = failed;
    }

    private static List<KeyLastUse> Parse(byte[] json)
    {
        using var file = JsonDocument.Parse(json);
        var known = new List<KeyLastUse>();
        if (!file.RootElement.TryGetProperty(Keys, out var keys)) return known;
        foreach (var key in keys.EnumerateObject())
        {
            if (ApiKeyHash.TryParse(key.Name, out var hash) && key.Value.TryGetDateTimeOffset(out var last)) known.Add(new KeyLastUse(hash.ToString(), last.ToUnixTimeSeconds()));
        }

        return known;
    }

    private static byte[] Write(IReadOnlyList<KeyLastUse> uses)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(Keys);
            foreach (var use in uses) writer.WriteString(use.Key, DateTimeOffset.FromUnixTimeSeconds(use.Second));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    private string PathOf(string service) => Path.Combine(services.FolderOf(service), Name);
}
