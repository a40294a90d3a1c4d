using System.CommandLine;
using Peregrine.Client;
using Peregrine.DataDirectories;

namespace Peregrine.Verbs;

/// <summary>How a verb finds an API node.</summary>
internal sealed class NodeConnectionOptions
{
    public const string UrlVariable = "PEREGRINE_NODE_URL";
    public const string KeyVariable = "PEREGRINE_NODE_KEY";

    private readonly Option<string?> _url = new("--url") { Description = $"Root of the API node, such as http://127.0.0.1:8901. Default: {UrlVariable}, else what runs on this machine.", HelpName = "URL" };
    private readonly Option<string?> _key = new("--key") { Description = $"Admin key of the node. Default: {KeyVariable}, else the key in the data directory.", HelpName = "KEY" };
    private readonly Option<string?> _directory = new("--data-dir") { Description = "Data directory of a local instance, to take address and key from.", HelpName = "DIR" };

    private readonly TlsConnectionOptions _tls = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_key);
        command.Options.Add(_directory);
        _tls.AddTo(command);
    }

    /// <summary>Another node that takes the same admin key.</summary>
    public async Task<ApiNodeAdminClient> ConnectAsync(ParseResult parsed, string url, CancellationToken cancellationToken)
    {
        var first = await ResolveAsync(parsed, cancellationToken);
        return new ApiNodeAdminClient(ConnectionOptions.ParseUrl(url), first.Key, _tls.Read(parsed));
    }

    public async Task<ApiNodeAdminClient> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (url, key) = await ResolveAsync(parsed, cancellationToken);
        return new ApiNodeAdminClient(ConnectionOptions.ParseUrl(url), key, _tls.Read(parsed));
    }

    private async Task<(string Url, string? Key)> ResolveAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var local = parsed.GetValue(_directory) is { } named ? RunningInstance.Read(Path.GetFullPath(named)) : RunningInstance.FindDefault();
        var url = parsed.GetValue(_url) ?? Environment.GetEnvironmentVariable(UrlVariable) ?? local?.NodeUrl ?? "http://127.0.0.1:8901";
        var key = parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrEmpty(key) && local is not null && string.Equals(local.NodeUrl, url, StringComparison.OrdinalIgnoreCase))
            key = await SecretFile.ReadAsync(Path.Combine(local.Directory, "admin-key"), cancellationToken);
        return (url, key);
    }
}
