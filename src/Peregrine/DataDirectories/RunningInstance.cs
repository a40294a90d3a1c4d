using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Contracts.Files;

namespace Peregrine.DataDirectories;

/// <summary><c>instance.json</c>: where the instance that uses a data directory answers, so that verbs on the same machine find it.</summary>
public sealed record RunningInstance
{
    private const string FileName = "instance.json";

    /// <summary>Root of the control plane, or of the API node where the instance is only that.</summary>
    public required string Url { get; init; }
    public string? NodeUrl { get; init; }
    public required int Process { get; init; }

    [JsonIgnore]
    public string Directory { get; init; } = "";

    public static Task WriteAsync(DataDirectory directory, RunningInstance instance, CancellationToken cancellationToken) =>
        DurableFile.WriteAsync(directory.In(FileName), JsonSerializer.SerializeToUtf8Bytes(instance, DirectoryJson.Default.RunningInstance), cancellationToken);

    public static void Remove(DataDirectory directory) => File.Delete(directory.In(FileName));

    /// <returns>Null when no instance has left its address there.</returns>
    public static RunningInstance? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DirectoryJson.Default.RunningInstance) is { } instance ? instance with { Directory = directory } : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The instance that runs on one of the default directories.</summary>
    public static RunningInstance? FindDefault() =>
        new[] { DefaultDirectories.Start, DefaultDirectories.Demo }.Select(Read).FirstOrDefault(instance => instance?.IsAlive == true);

    /// <summary>The directory when <paramref name="url"/> is this instance's own address: a key is never sent elsewhere.</summary>
    public string? DirectoryIfServes(string url) =>
        string.Equals(url.TrimEnd('/'), Url.TrimEnd('/'), StringComparison.OrdinalIgnoreCase) ? Directory : null;

    private bool IsAlive
    {
        get
        {
            try
            {
                using var process = System.Diagnostics.Process.GetProcessById(Process);
                return !process.HasExited;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }
}
