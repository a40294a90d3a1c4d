using System.CommandLine;
using Peregrine.Commands;
using Peregrine.Hosting.Tls;

namespace Peregrine.Verbs;

/// <summary>What a verb trusts and shows when it calls by https.</summary>
internal sealed class TlsConnectionOptions
{
    public const string AuthoritiesVariable = "PEREGRINE_CA_FILE";

    private readonly Option<string?> _authorities = ClientVerb.Option("--ca-file", $"PEM file of the authorities to trust by https, instead of the system's. Default: {AuthoritiesVariable}.", "FILE");
    private readonly Option<string?> _certificate = ClientVerb.Option("--cert", "Certificate to show by https, where the server asks for one: PEM, or PFX without password.", "FILE");
    private readonly Option<string?> _key = ClientVerb.Option("--cert-key", "Private key of --cert in PEM. Default: it is in the same file.", "FILE");

    public void AddTo(Command command)
    {
        command.Options.Add(_authorities);
        command.Options.Add(_certificate);
        command.Options.Add(_key);
    }

    public ClientTls Read(ParseResult parsed)
    {
        var authorities = parsed.GetValue(_authorities) ?? (Environment.GetEnvironmentVariable(AuthoritiesVariable) is { Length: > 0 } given ? given : null);
        var (certificate, key) = (parsed.GetValue(_certificate), parsed.GetValue(_key));
        if (key is not null && certificate is null) throw new UsageException("--cert-key goes with --cert.");
        return new ClientTls(authorities, certificate, key);
    }
}
