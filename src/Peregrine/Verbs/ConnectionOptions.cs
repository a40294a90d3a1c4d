using System.CommandLine;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.DataDirectories;

namespace Peregrine.Verbs;

/// <summary>How a verb finds its instance: by URL and key, by the environment, or by a data directory of this machine.</summary>
internal sealed class ConnectionOptions
{
    public const string UrlVariable = "PEREGRINE_URL";
    public const string KeyVariable = "PEREGRINE_KEY";

    private readonly Option<string?> _url = new("--url") { Description = $"Root of the instance, such as http://127.0.0.1:8900. Default: {UrlVariable}, else what runs on this machine.", HelpName = "URL" };
    private readonly Option<string?> _key = new("--key") { Description = $"Admin API key. Default: {KeyVariable}, else the key in the data directory.", HelpName = "KEY" };
    private readonly Option<string?> _directory = new("--data-dir") { Description = "Data directory of a local instance, to take address and key from.", HelpName = "DIR" };

    private readonly TlsConnectionOptions _tls = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_key);
        command.Options.Add(_directory);
        _tls.AddTo(command);
    }

    public async Task<PeregrineClient> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var named = parsed.GetValue(_directory);
        var local = named is null ? RunningInstance.FindDefault() : RunningInstance.Read(Path.GetFullPath(named));
        var url = parsed.GetValue(_url) ?? Environment.GetEnvironmentVariable(UrlVariable) ?? local?.Url ?? "http://127.0.0.1:8900";
        var key = parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable(KeyVariable);
        var directory = named is null ? local?.DirectoryIfServes(url) : Path.GetFullPath(named);
        if (string.IsNullOrEmpty(key) && directory is not null)
            key = await ReadKeyAsync(Path.Combine(directory, "admin-key"), cancellationToken);
        return new PeregrineClient(ParseUrl(url), key, _tls.Read(parsed));
    }

    public static Uri ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new UsageException($"'{text}' is not a URL; give one such as http://127.0.0.1:8900.");

    private static async Task<string?> ReadKeyAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await SecretFile.ReadAsync(path, cancellationToken);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new UsageException($"The admin key in '{path}' cannot be read by user '{Environment.UserName}'. Give the key with --key or {KeyVariable}.", refused);
        }
    }
}
