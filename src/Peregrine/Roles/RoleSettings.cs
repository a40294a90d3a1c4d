using System.Net;
using Peregrine.Hosting.Tls;

namespace Peregrine.Roles;

/// <summary>How one process is to run.</summary>
public sealed record RoleSettings
{
    public required Role Roles { get; init; }
    public required string DataDirectory { get; init; }

    /// <summary>The address to listen on; <see cref="IPAddress.Any"/> for all.</summary>
    public required IPAddress Bind { get; init; }

    /// <summary>Port of the control plane.</summary>
    public required int Port { get; init; }

    /// <summary>Port of the API node.</summary>
    public required int NodePort { get; init; }

    /// <summary>Port on which the API node speaks gRPC; null: it does not.</summary>
    public int? GrpcPort { get; init; }

    /// <summary>Port of the API node's admin API; null: it has none of its own.</summary>
    public int? AdminPort { get; init; }

    /// <summary>The address that the admin port listens on.</summary>
    public IPAddress AdminBind { get; init; } = IPAddress.Loopback;

    /// <summary>What is asked of the TLS of the API node's ports; null: what its configuration says.</summary>
    public Action<TlsOptions>? Tls { get; init; }

    /// <summary>Whether the API node's port speaks TLS; known once it has started.</summary>
    public bool NodeHasTls { get; init; }

    /// <summary>How the Deployer reaches nodes by https.</summary>
    public ClientTls NodeTls { get; init; } = ClientTls.OfTheSystem;

    /// <summary>A PostgreSQL connection string for the control plane; null keeps the embedded store.</summary>
    public string? Store { get; init; }

    /// <summary>The Deployer that a Design node without one of its own publishes to.</summary>
    public Uri? DeployerUrl { get; init; }
    public string? DeployerKey { get; init; }

    /// <summary>From <c>PEREGRINE_ADMIN_KEY</c>.</summary>
    public string? PresetAdminKey { get; init; }

    /// <summary>True leaves only warnings of the servers on the terminal.</summary>
    public bool Quiet { get; init; }

    public bool Has(Role role) => (Roles & role) != Role.None;

    public bool HasControlPlane => Has(Role.Design | Role.Deployer);

    /// <summary>The control plane's root, as programs on this machine reach it.</summary>
    public Uri Url => UrlOf(Port);

    /// <summary>The API node's root, as programs on this machine reach it.</summary>
    public Uri NodeUrl => UrlOf(NodePort, NodeHasTls);

    /// <summary>Where the API node speaks gRPC; null: nowhere.</summary>
    public Uri? GrpcUrl => GrpcPort is { } port ? UrlOf(port, NodeHasTls) : null;

    private Uri UrlOf(int port, bool tls = false)
    {
        var address = Bind.Equals(IPAddress.Any) || Bind.Equals(IPAddress.Loopback) ? "127.0.0.1"
            : Bind.Equals(IPAddress.IPv6Any) || Bind.Equals(IPAddress.IPv6Loopback) ? "[::1]"
            : Bind.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Bind}]" : Bind.ToString();
        return new Uri($"{(tls ? "https" : "http")}://{address}:{port}");
    }
}
