using Peregrine.Hosting.Tls;

namespace Peregrine.Client;

/// <summary>The control plane's public API, typed: what every verb and the demo use, and what any HTTP client could do.</summary>
public sealed class PeregrineClient : IDisposable
{
    private readonly HttpConnection _connection;

    /// <param name="tls">Whom to trust and what to show by https; null: as the system does.</param>
    public PeregrineClient(Uri url, string? key, ClientTls? tls = null)
    {
        Key = key;
        Tls = tls;
        _connection = new HttpConnection(url, key, tls);
        Projects = new ProjectsClient(_connection);
        Datasets = new DatasetsClient(_connection);
        Lab = new LabClient(_connection);
        SavedModels = new SavedModelsClient(_connection);
        ApiServices = new ApiServicesClient(_connection);
        ServiceAccess = new ServiceAccessClient(_connection);
        Deployer = new DeployerClient(_connection, new FuturesClient(_connection));
    }

    /// <summary>Base of the public API.</summary>
    internal const string Base = "public/api";

    /// <summary>The key of every call; null when none is sent.</summary>
    public string? Key { get; }
    public ClientTls? Tls { get; }
    public Uri Url => _connection.Url;
    public ProjectsClient Projects { get; }
    public DatasetsClient Datasets { get; }
    public LabClient Lab { get; }
    public SavedModelsClient SavedModels { get; }
    public ApiServicesClient ApiServices { get; }
    public ServiceAccessClient ServiceAccess { get; }
    public DeployerClient Deployer { get; }

    public void Dispose() => _connection.Dispose();

    /// <summary>One id inside a path.</summary>
    internal static string Id(string id) => Uri.EscapeDataString(id);
}
