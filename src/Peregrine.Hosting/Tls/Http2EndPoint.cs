using System.Net;

namespace Peregrine.Hosting.Tls;

/// <summary>Where HTTP/2 and nothing else is spoken, so that a transport can tell: a connection there carries many requests at a time.</summary>
public sealed class Http2EndPoint(IPAddress address, int port) : IPEndPoint(address, port);
