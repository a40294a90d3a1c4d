using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Hosting.Tls;

/// <summary>Decides on the certificate that a caller showed.</summary>
internal static class ClientCertificates
{
    private const string Refused = "ClientCertificateRefused";

    private const X509ChainStatusFlags NoWordOnRevocation = X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;

    private const X509ChainStatusFlags NoTrust = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    private static readonly Oid s_clientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private static readonly RefusedCaller s_missing = new(
        "missing", "ClientCertificateRequired", "This port takes callers with a certificate only, and none was shown. Connect with the certificate that the operator of this node gave you.");

    /// <summary>Builds the chain from the certificate to one of the roots; may ask an authority, so not for a thread that waits for the network.</summary>
    /// <param name="time">In UTC.</param>
    /// <returns>Null: nothing is wrong with it.</returns>
    public static RefusedCaller? Check(PresentedCertificate presented, TlsOptions options, X509Certificate2Collection roots, DateTimeOffset time)
    {
        if (presented.Certificate is not { } certificate) return options.ClientCertificates == ClientCertificateMode.Require ? s_missing : null;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.ExtraStore.AddRange(presented.Intermediates);
        chain.ChainPolicy.ApplicationPolicy.Add(s_clientAuthentication);
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.RevocationMode = options.ClientRevocation switch
        {
            RevocationMode.Online => X509RevocationMode.Online,
            RevocationMode.Offline => X509RevocationMode.Offline,
            _ => X509RevocationMode.NoCheck,
        };
        chain.ChainPolicy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        chain.ChainPolicy.UrlRetrievalTimeout = options.ClientRevocationTimeout;
        chain.ChainPolicy.VerificationTime = time.UtcDateTime;
        return chain.Build(certificate) ? null : Why(certificate, chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status), time);
    }

    private static RefusedCaller Why(X509Certificate2 certificate, X509ChainStatusFlags wrong, DateTimeOffset time)
    {
        var (begins, ends) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        var name = $"The certificate {certificate.Subject}";
        if (wrong.HasFlag(X509ChainStatusFlags.Revoked)) return Of("revoked", $"{name} is revoked. Ask its authority for a new one.");
        if (time > ends) return Of("expired", $"{name} expired on {ends:u}. Renew it.");
        if (time < begins) return Of("not_yet_valid", $"{name} is valid only from {begins:u}. Check the clocks of both machines.");
        if ((wrong & NoTrust) != X509ChainStatusFlags.NoError)
            return Of("unknown_authority", $"{name} comes from {certificate.Issuer}, which this port does not trust. Use one from an authority that it does, and send its intermediates along.");
        if (wrong.HasFlag(X509ChainStatusFlags.NotValidForUsage)) return Of("wrong_usage", $"{name} is not one of a client: its extended key usage leaves client authentication out.");
        if ((wrong & NoWordOnRevocation) != X509ChainStatusFlags.NoError) return Of("revocation_unknown", $"Whether {char.ToLowerInvariant(name[0])}{name[1..]} is revoked could not be found out. Try again later.");
        return Of("invalid", $"{name} is not valid: {wrong}.");
    }

    private static RefusedCaller Of(string reason, string message) => new(reason, Refused, message);
}
