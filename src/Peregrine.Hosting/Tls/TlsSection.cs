namespace Peregrine.Hosting.Tls;

/// <summary>Settings of TLS that ports may use.</summary>
/// <param name="Name">Its name in metrics and probes, such as <c>node</c>.</param>
/// <param name="Path">Where its options are, such as <c>Serving:Tls</c>.</param>
internal sealed record TlsSection(string Name, string Path);
