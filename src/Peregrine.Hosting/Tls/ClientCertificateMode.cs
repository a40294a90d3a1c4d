namespace Peregrine.Hosting.Tls;

/// <summary>What a port wants of its callers.</summary>
public enum ClientCertificateMode
{
    /// <summary>No certificate is asked for.</summary>
    None,

    /// <summary>A certificate is asked for; a caller that shows one must show a good one.</summary>
    Allow,

    /// <summary>Who shows no good certificate is refused.</summary>
    Require,
}
