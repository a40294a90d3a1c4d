namespace Peregrine.Hosting.Tls;

/// <summary>The oldest protocol that a port speaks. Older ones than TLS 1.2 are broken (RFC 8996).</summary>
public enum TlsVersion
{
    Tls12,
    Tls13,
}
