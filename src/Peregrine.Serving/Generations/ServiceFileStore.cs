using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Peregrine.Contracts.Files;
using Peregrine.Hosting.Health;

namespace Peregrine.Serving.Generations;

/// <summary>
/// What the node itself decided about its services, in one JSON file beside each service's document. A change is durable before it takes effect, and takes
/// effect with the next request. Reads take no lock.
/// </summary>
/// <typeparam name="TFile">The file.</typeparam>
/// <typeparam name="TCurrent">What the request path reads, made of the file. Immutable.</typeparam>
internal abstract class ServiceFileStore<TFile, TCurrent> : IDisposable
    where TFile : class, IServiceFile
    where TCurrent : class
{
    private readonly ServiceStore _services;
    private readonly string _name;
    private readonly Func<JsonTypeInfo<TFile>> _json;
    private readonly int _format;
    private readonly ConcurrentDictionary<string, ServiceFileSlot<TFile, TCurrent>> _slots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private int _allRead;

    /// <param name="name">Of the file.</param>
    /// <param name="json">Asked for when there is a file: building it is a noticeable part of a start.</param>
    /// <param name="format">The newest that is read and written.</param>
    protected ServiceFileStore(ServiceStore services, string name, Func<JsonTypeInfo<TFile>> json, int format)
    {
        _services = services;
        _name = name;
        _json = json;
        _format = format;
        // A service that is made anew under an old name begins without the file.
        services.WhenDeleted(service => _slots.TryRemove(service, out _));
    }

    /// <summary>The services that were asked for so far.</summary>
    public IEnumerable<KeyValuePair<string, ServiceFileSlot<TFile, TCurrent>>> Slots => _slots;

    /// <summary>Reads the service's file when it is asked for the first time.</summary>
    public ServiceFileSlot<TFile, TCurrent> SlotOf(string service) => _slots.GetOrAdd(service, Read);

    /// <param name="change">Gets the document and gives the next one; the same reference changes nothing.</param>
    /// <exception cref="InvalidDataException">The present file cannot be read; it is left as it is.</exception>
    /// <exception cref="DirectoryNotFoundException">The service was deleted meanwhile.</exception>
    public async Task ChangeAsync(string service, Func<TFile, TFile> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var slot = SlotOf(service);
            if (slot.Damage is { } damage) throw new InvalidDataException(damage);
            var after = change(slot.File);
            if (ReferenceEquals(slot.File, after)) return;
            var json = JsonSerializer.SerializeToUtf8Bytes(after, _json());
            await DurableFile.WriteAsync(PathOf(service), json, UnixFileMode.UserRead | UnixFileMode.UserWrite, cancellationToken);
            slot.Swap(after, Make(service, after, damage: null, slot.Current));
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Ready in any case, since the services whose file can be read answer.</summary>
    /// <param name="what">Begins the sentence that tells of a file that cannot be read, such as <c>keys</c>.</param>
    public Readiness Health(string what)
    {
        // Once: what nobody has asked for yet is read too.
        if (Interlocked.Exchange(ref _allRead, 1) == 0)
            foreach (var service in _services.ServiceIds()) SlotOf(service);
        var damaged = _slots.Where(slot => slot.Value.Damage is not null)
            .Select(slot => $"{what} of service {slot.Key} not taken up: {slot.Value.Damage}").Order(StringComparer.Ordinal).ToList();
        return damaged.Count == 0 ? Readiness.Ready : Readiness.ReadyWith(string.Join("; ", damaged));
    }

    public void Dispose()
    {
        _changing.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract TFile Empty { get; }

    /// <param name="damage">Why the file cannot be read; <paramref name="file"/> is then the empty one.</param>
    /// <param name="before">What it takes the place of; null: nothing.</param>
    protected abstract TCurrent Make(string service, TFile file, string? damage, TCurrent? before);

    protected string FolderOf(string service) => _services.FolderOf(service);

    private string PathOf(string service) => Path.Combine(FolderOf(service), _name);

    private ServiceFileSlot<TFile, TCurrent> Read(string service)
    {
        var path = PathOf(service);
        try
        {
            if (!File.Exists(path)) return new(Empty, Make(service, Empty, damage: null, before: null));
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), _json());
            if (file is null) return Damaged($"'{path}' is empty.");
            return file.FormatVersion <= _format
                ? new(file, Make(service, file, damage: null, before: null))
                : Damaged($"'{path}' has format {file.FormatVersion}; this version reads up to {_format}. Use a newer Peregrine.");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            return Damaged($"'{path}' cannot be read: {fault.Message} Restore it, or delete it to begin without.");
        }

        ServiceFileSlot<TFile, TCurrent> Damaged(string reason) => new(Empty, Make(service, Empty, reason, before: null), reason);
    }
}
