namespace Peregrine.Hosting.Tls;

/// <summary>A certificate or key file that cannot be used; the message names it and says why.</summary>
public sealed class TlsFileException(string message, Exception? inner = null) : Exception(message, inner);
