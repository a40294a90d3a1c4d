using System.Collections.Frozen;
using System.Text.Json;
using Peregrine.Contracts.Files;

namespace Peregrine.Hosting.Authentication;

/// <summary>
/// The admin keys of a node in one file: hashes only, written durably before a change takes effect. Reads take no lock.
/// </summary>
public sealed class AdminKeyStore : IApiKeyDirectory, IDisposable
{
    /// <summary>Id of the key that an operator presets from outside, for instance by an environment variable.</summary>
    public const string PresetId = "preset";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly DurableFiles _files;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private FrozenDictionary<ApiKeyHash, AdminKey> _keys;

    private AdminKeyStore(string path, TimeProvider time, DurableFiles files, FrozenDictionary<ApiKeyHash, AdminKey> keys)
    {
        _path = path;
        _time = time;
        _files = files;
        _keys = keys;
    }

    /// <param name="path">The key file; a missing one is an empty list. Its directory is created.</param>
    /// <param name="layer">How files change; the real disk when absent.</param>
    /// <exception cref="InvalidDataException">The file is damaged or of a newer format; it is left as it is.</exception>
    public static AdminKeyStore Open(string path, TimeProvider time, FileLayer? layer = null)
    {
        var files = new DurableFiles(layer ?? FileLayer.Disk);
        files.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new AdminKeyStore(path, time, files, Index(File.Exists(path) ? Read(path) : []));
    }

    /// <summary>All keys, the expired ones too, oldest first.</summary>
    public IReadOnlyList<AdminKey> List() =>
        [.. Volatile.Read(ref _keys).Values.OrderBy(key => key.CreatedOn).ThenBy(key => key.Id, StringComparer.Ordinal)];

    public AdminKey? Find(ApiKeyHash hash) =>
        Volatile.Read(ref _keys).TryGetValue(hash, out var key) && !key.IsExpired(_time.GetUtcNow()) ? key : null;

    public AdminKey? Find(string secret) => Find(ApiKeyHash.Of(secret));

    /// <summary>Makes a key that may do everything.</summary>
    public Task<NewAdminKey> AddAsync(string label, string? description, string? createdBy, DateTimeOffset? expiry, CancellationToken cancellationToken) =>
        AddAsync(label, description, createdBy, expiry, AdminRole.Deployer, cancellationToken);

    public async Task<NewAdminKey> AddAsync(
        string label, string? description, string? createdBy, DateTimeOffset? expiry, AdminRole role, CancellationToken cancellationToken)
    {
        var secret = ApiKeySecret.Create();
        var key = new AdminKey
        {
            Id = Guid.NewGuid().ToString("N")[..16],
            Hash = ApiKeyHash.Of(secret).ToString(),
            Label = label,
            Description = description,
            CreatedBy = createdBy,
            CreatedOn = _time.GetUtcNow(),
            Expiry = expiry,
            Role = role,
        };
        await ChangeAsync(keys => [.. keys, key], cancellationToken);
        return new NewAdminKey(key, secret);
    }

    /// <summary>Makes <paramref name="secret"/> the one preset key; an earlier preset key stops working.</summary>
    public Task SetPresetAsync(string secret, string label, CancellationToken cancellationToken)
    {
        var preset = Preset(secret, label);
        if (List().Any(key => key.Id == PresetId && key.Hash == preset.Hash)) return Task.CompletedTask;
        return ChangeAsync(keys => With(keys, preset), cancellationToken);
    }

    /// <summary>Makes <paramref name="secret"/> the preset key in memory alone, for a disk that takes no writes; the next change of the keys stores it.</summary>
    public void HoldPreset(string secret, string label) => Volatile.Write(ref _keys, Index(With(List(), Preset(secret, label))));

    /// <returns>False when there is no key with that id.</returns>
    public Task<bool> DeleteByIdAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync(keys => [.. keys.Where(key => key.Id != id)], cancellationToken);

    /// <param name="secret">The key itself, as the wire contract allows.</param>
    /// <returns>False when that key is not known.</returns>
    public Task<bool> DeleteAsync(string secret, CancellationToken cancellationToken)
    {
        var hash = ApiKeyHash.Of(secret).ToString();
        return ChangeAsync(keys => [.. keys.Where(key => key.Hash != hash)], cancellationToken);
    }

    public void Dispose() => _writing.Dispose();

    /// <returns>True when the number of keys changed.</returns>
    private async Task<bool> ChangeAsync(
        Func<IReadOnlyList<AdminKey>, IReadOnlyList<AdminKey>> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var before = List();
            var after = change(before);
            if (before.SequenceEqual(after)) return false;
            var file = new AdminKeyFile { FormatVersion = AdminKeyFile.CurrentFormat, Keys = after };
            var json = JsonSerializer.SerializeToUtf8Bytes(file, AuthenticationJson.Default.AdminKeyFile);
            await _files.WriteAsync(_path, json, OwnerOnly, cancellationToken);
            Volatile.Write(ref _keys, Index(after));
            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    private AdminKey Preset(string secret, string label) =>
        new() { Id = PresetId, Hash = ApiKeyHash.Of(secret).ToString(), Label = label, CreatedOn = _time.GetUtcNow() };

    private static IReadOnlyList<AdminKey> With(IReadOnlyList<AdminKey> keys, AdminKey preset) =>
        [.. keys.Where(key => key.Id != PresetId && key.Hash != preset.Hash), preset];

    private static FrozenDictionary<ApiKeyHash, AdminKey> Index(IReadOnlyList<AdminKey> keys) =>
        keys.ToFrozenDictionary(key => ApiKeyHash.TryParse(key.Hash, out var hash)
            ? hash
            : throw new InvalidDataException($"The stored hash of admin key '{key.Id}' is not a SHA-256."));

    private static IReadOnlyList<AdminKey> Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), AuthenticationJson.Default.AdminKeyFile)
                       ?? throw new InvalidDataException($"'{path}' holds no keys document.");
            return file.FormatVersion <= AdminKeyFile.CurrentFormat
                ? file.Keys
                : throw new InvalidDataException(
                    $"'{path}' has format {file.FormatVersion}, this version reads up to {AdminKeyFile.CurrentFormat}. Use a newer Peregrine.");
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"'{path}' is damaged: {damaged.Message} Restore it from a copy.", damaged);
        }
    }
}
