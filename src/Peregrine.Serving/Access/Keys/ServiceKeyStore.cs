using System.Collections.Concurrent;
using System.Text.Json;
using Peregrine.Contracts.Files;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Access.Keys;

/// <summary>
/// The keys of services that were made, rotated or revoked on this node, in one file beside each service's document. A change is durable
/// before it takes effect, and takes effect with the next request. Reads take no lock.
/// </summary>
internal sealed class ServiceKeyStore : IDisposable
{
    private const string FileName = "keys.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ServiceStore _services;
    private readonly ConcurrentDictionary<string, ServiceKeySlot> _slots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1, 1);

    public ServiceKeyStore(ServiceStore services)
    {
        _services = services;
        services.Deleted = Forget;
    }

    /// <summary>Services whose file cannot be read, with the reason.</summary>
    public IEnumerable<(string Service, string Reason)> Damaged =>
        _slots.Where(slot => slot.Value.Current.Damage is not null).Select(slot => (slot.Key, slot.Value.Current.Damage!));

    /// <summary>Reads the service's file when it is asked for the first time.</summary>
    public ServiceKeySlot SlotOf(string service) => _slots.GetOrAdd(service, id => new ServiceKeySlot(Read(id)));

    /// <param name="change">Gets the document and gives the next one; the same reference changes nothing.</param>
    /// <exception cref="InvalidDataException">The present file cannot be read; it is left as it is.</exception>
    /// <exception cref="DirectoryNotFoundException">The service was deleted meanwhile.</exception>
    public async Task ChangeAsync(string service, Func<ServiceKeyFile, ServiceKeyFile> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var slot = SlotOf(service);
            var before = slot.Current;
            if (before.Damage is { } damage) throw new InvalidDataException(damage);
            var after = change(before.File);
            if (ReferenceEquals(before.File, after)) return;
            var json = JsonSerializer.SerializeToUtf8Bytes(after, ServiceKeyJson.Default.ServiceKeyFile);
            await DurableFile.WriteAsync(PathOf(service), json, OwnerOnly, cancellationToken);
            slot.Swap(new ServiceKeySet(after));
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    /// <summary>A service that is made anew under an old name begins without keys.</summary>
    private void Forget(string service) => _slots.TryRemove(service, out _);

    private string PathOf(string service) => Path.Combine(_services.FolderOf(service), FileName);

    private ServiceKeySet Read(string service)
    {
        var path = PathOf(service);
        try
        {
            if (!File.Exists(path)) return new ServiceKeySet(ServiceKeyFile.Empty);
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), ServiceKeyJson.Default.ServiceKeyFile);
            if (file is null) return Damaged($"'{path}' is empty.");
            return file.FormatVersion <= ServiceKeyFile.CurrentFormat
                ? new ServiceKeySet(file)
                : Damaged($"'{path}' has format {file.FormatVersion}; this version reads up to {ServiceKeyFile.CurrentFormat}. Use a newer Peregrine.");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            return Damaged($"'{path}' cannot be read: {fault.Message} Restore it, or delete it to begin without keys of this node.");
        }

        static ServiceKeySet Damaged(string reason) => new(ServiceKeyFile.Empty, reason);
    }
}
