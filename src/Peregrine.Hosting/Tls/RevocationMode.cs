namespace Peregrine.Hosting.Tls;

/// <summary>How far revoked certificates are looked for.</summary>
public enum RevocationMode
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>In lists that this machine has.</summary>
    Offline,

    /// <summary>At the authority that the certificate names.</summary>
    Online,
}
