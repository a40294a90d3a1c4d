using System.CommandLine;
using Peregrine.Commands;
using Peregrine.Hosting.Tls;

namespace Peregrine.Roles;

/// <summary>Options of <c>apinode</c> for TLS on its ports.</summary>
internal sealed class NodeTlsOptions
{
    private readonly Option<string?> _certificate = new("--tls-cert") { Description = "The server's certificate: PEM with its intermediates, or PFX. With it every port of the node speaks TLS.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--tls-key") { Description = "Its private key in PEM. Default: it is in the same file.", HelpName = "FILE" };
    private readonly Option<string> _minimum = new("--tls-min") { Description = "Oldest TLS that is spoken.", HelpName = "VERSION", DefaultValueFactory = _ => "1.2" };
    private readonly Option<string> _clients = new("--client-certs") { Description = "Whether callers show certificates of their own.", HelpName = "MODE", DefaultValueFactory = _ => "none" };
    private readonly Option<string?> _authorities = new("--client-ca") { Description = "PEM file of the authorities whose certificates callers may show.", HelpName = "FILE" };

    public NodeTlsOptions()
    {
        _minimum.AcceptOnlyFromAmong("1.2", "1.3");
        _clients.AcceptOnlyFromAmong("none", "allow", "require");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _certificate, _key, _minimum, _clients, _authorities }) command.Options.Add(option);
    }

    /// <returns>What the options change of the node's settings; null: nothing.</returns>
    public Action<TlsOptions>? Read(ParseResult parsed)
    {
        var (certificate, key, authorities, clients) = (parsed.GetValue(_certificate), parsed.GetValue(_key), parsed.GetValue(_authorities), parsed.GetRequiredValue(_clients));
        if (certificate is null)
        {
            var given = new Option[] { _key, _authorities, _clients, _minimum }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return given is null ? null : throw new UsageException($"{given.Name} goes with --tls-cert.");
        }

        if (clients != "none" && authorities is null) throw new UsageException($"--client-certs {clients} goes with --client-ca, the authorities whose certificates are taken.");
        return tls =>
        {
            (tls.CertificateFile, tls.KeyFile, tls.ClientCaFile) = (certificate, key, authorities);
            tls.MinimumProtocol = parsed.GetRequiredValue(_minimum) == "1.3" ? TlsVersion.Tls13 : TlsVersion.Tls12;
            tls.ClientCertificates = Enum.Parse<ClientCertificateMode>(clients, ignoreCase: true);
        };
    }
}
