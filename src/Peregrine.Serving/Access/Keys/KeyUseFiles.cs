using System.Text.Json;
using Microsoft.Extensions.Logging;
using Peregrine.Contracts.Files;
using Peregrine.Hosting.Authentication;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Access.Keys;

/// <summary>Keeps the last uses of keys over a restart, in a file beside that of the keys: to write it neither risks those nor has known callers looked at again.</summary>
internal sealed class KeyUseFiles(ServiceStore services, FileLayer layer, ILogger<KeyUseFiles> log)
{
    private const string Name = "key-uses.json";

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
            if (File.Exists(path) && JsonSerializer.Deserialize(File.ReadAllBytes(path), ServiceKeyJson.Default.KeyUseFile) is { } file) return new ServiceKeyUses([.. Known(file).DistinctBy(use => use.Key)]);
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
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
                var file = new KeyUseFile { Keys = used.ToDictionary(use => use.Key.ToString(), use => DateTimeOffset.FromUnixTimeSeconds(use.Value), StringComparer.Ordinal) };
                var json = JsonSerializer.SerializeToUtf8Bytes(file, ServiceKeyJson.Default.KeyUseFile);
                await _files.WriteAsync(PathOf(service), json, UnixFileMode.UserRead | UnixFileMode.UserWrite, cancellationToken);
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

    private static IEnumerable<KeyValuePair<ApiKeyHash, long>> Known(KeyUseFile file)
    {
        foreach (var (hash, last) in file.Keys)
            if (ApiKeyHash.TryParse(hash, out var key)) yield return KeyValuePair.Create(key, last.ToUnixTimeSeconds());
    }

    private string PathOf(string service) => Path.Combine(services.FolderOf(service), Name);
}
