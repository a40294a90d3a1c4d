using System.CommandLine;
using System.Net;
using Peregrine.Commands;
using Peregrine.DataDirectories;
using Peregrine.Hosting.Tls;
using Peregrine.Verbs;

namespace Peregrine.Roles;

/// <summary>The options of a verb that starts servers.</summary>
internal sealed class RoleOptions
{
    public const string StoreVariable = "PEREGRINE_STORE";
    public const string DeployerKeyVariable = "PEREGRINE_DEPLOYER_KEY";
    public const int DefaultPort = 8900;
    public const int DefaultNodePort = 8901;

    private readonly Role _roles;
    private readonly string _defaultDirectory;
    private readonly Option<string> _directory;
    private readonly Option<int> _port;
    private readonly Option<int> _nodePort = new("--node-port") { Description = "Port of the API node; 0 takes a free one.", HelpName = "PORT", DefaultValueFactory = _ => DefaultNodePort };
    private readonly Option<int?> _grpcPort = new("--grpc-port") { Description = "Port on which the API node speaks gRPC (Open Inference Protocol), HTTP/2; 0 takes a free one. Without it: no gRPC.", HelpName = "PORT" };
    private readonly Option<string> _bind = new("--bind") { Description = "Address to listen on: an IP address of this machine, or 0.0.0.0 for all. Loopback unless you say otherwise.", HelpName = "ADDR", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<string?> _store = new("--store") { Description = $"PostgreSQL connection string to keep the control plane's state in. Default: {StoreVariable}, else embedded SQLite in the data directory.", HelpName = "CONNECTION" };
    private readonly Option<string?> _deployerUrl = new("--deployer-url") { Description = "Root of the API Deployer that packages are published to.", HelpName = "URL" };
    private readonly Option<string?> _deployerKey = new("--deployer-key") { Description = $"Admin key of that Deployer. Default: {DeployerKeyVariable}.", HelpName = "KEY" };

    private readonly Option<int?> _adminPort = new("--admin-port") { Description = "Port of the admin API alone; 0 takes a free one. Without it: the node's port.", HelpName = "PORT" };
    private readonly Option<string> _adminBind = new("--admin-bind") { Description = "Address that the admin port listens on.", HelpName = "ADDR", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly NodeTlsOptions _tls = new();
    private readonly Option<string?> _nodeAuthorities = new("--node-ca") { Description = "PEM file of the authorities to trust when API nodes are reached by https. Default: those of the system.", HelpName = "FILE" };
    private readonly Option<string?> _nodeCertificate = new("--node-cert") { Description = "Certificate to show to API nodes that ask for one: PEM with its key, or PFX without password.", HelpName = "FILE" };

    public RoleOptions(Role roles, string defaultDirectory)
    {
        _roles = roles;
        _defaultDirectory = defaultDirectory;
        _directory = new("--data-dir") { Description = "Directory that holds all state; made when absent.", HelpName = "DIR", DefaultValueFactory = _ => _defaultDirectory };
        var port = roles == Role.ApiNode ? DefaultNodePort : DefaultPort;
        _port = new("--port")
        {
            Description = roles == Role.ApiNode ? "Port of the API node; 0 takes a free one." : "Port of the control plane: pages and public API; 0 takes a free one.",
            HelpName = "PORT",
            DefaultValueFactory = _ => port,
        };
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_directory);
        command.Options.Add(_port);
        if (_roles.HasFlag(Role.ApiNode | Role.Design)) command.Options.Add(_nodePort);
        if (_roles.HasFlag(Role.ApiNode)) command.Options.Add(_grpcPort);
        command.Options.Add(_bind);
        if (_roles != Role.ApiNode) command.Options.Add(_store);
        if (_roles == Role.ApiNode)
        {
            command.Options.Add(_adminPort);
            command.Options.Add(_adminBind);
            _tls.AddTo(command);
        }

        if (_roles.HasFlag(Role.Deployer))
        {
            command.Options.Add(_nodeAuthorities);
            command.Options.Add(_nodeCertificate);
        }

        if (_roles == Role.Design)
        {
            command.Options.Add(_deployerUrl);
            command.Options.Add(_deployerKey);
        }
    }

    public RoleSettings Read(ParseResult parsed)
    {
        var (port, nodePort) = _roles == Role.ApiNode
            ? (0, PortOf(parsed, _port))
            : (PortOf(parsed, _port), _roles.HasFlag(Role.ApiNode) ? PortOf(parsed, _nodePort) : 0);
        if (port != 0 && port == nodePort) throw new UsageException($"--port and --node-port are both {port}; the control plane and the API node need one each.");
        int? grpcPort = _roles.HasFlag(Role.ApiNode) && parsed.GetValue(_grpcPort) is { } given ? PortOf(given, _grpcPort.Name) : null;
        if (grpcPort is { } shared and not 0 && (shared == port || shared == nodePort)) throw new UsageException($"--grpc-port {shared} is another port of this process too; gRPC needs one of its own.");
        int? adminPort = _roles == Role.ApiNode && parsed.GetValue(_adminPort) is { } admin ? PortOf(admin, _adminPort.Name) : null;
        if (adminPort is { } taken and not 0 && (taken == nodePort || taken == grpcPort)) throw new UsageException($"--admin-port {taken} is another port of this process too; the admin API needs one of its own.");
        var deployerUrl = parsed.GetValue(_deployerUrl) is { } url ? ConnectionOptions.ParseUrl(url) : null;
        var deployerKey = Given(parsed.GetValue(_deployerKey), DeployerKeyVariable);
        if (deployerUrl is not null && deployerKey is null)
            throw new UsageException($"--deployer-url is given without a key: the Deployer answers only to one. Give --deployer-key or set {DeployerKeyVariable}.");
        return new RoleSettings
        {
            Roles = _roles,
            DataDirectory = parsed.GetRequiredValue(_directory),
            Bind = Address(parsed.GetRequiredValue(_bind), _bind.Name),
            Port = port,
            NodePort = nodePort,
            GrpcPort = grpcPort,
            AdminPort = adminPort,
            AdminBind = _roles == Role.ApiNode ? Address(parsed.GetRequiredValue(_adminBind), _adminBind.Name) : IPAddress.Loopback,
            Tls = _roles == Role.ApiNode ? _tls.Read(parsed) : null,
            NodeTls = _roles.HasFlag(Role.Deployer) ? new ClientTls(parsed.GetValue(_nodeAuthorities), parsed.GetValue(_nodeCertificate)) : ClientTls.OfTheSystem,
            Store = Given(parsed.GetValue(_store), StoreVariable),
            DeployerUrl = deployerUrl,
            DeployerKey = deployerKey,
            PresetAdminKey = Environment.GetEnvironmentVariable(FirstAdminKey.Variable),
        };
    }

    private static int PortOf(ParseResult parsed, Option<int> option) => PortOf(parsed.GetValue(option), option.Name);

    private static int PortOf(int given, string option) =>
        given is >= 0 and <= 65535 ? given : throw new UsageException($"{option} {given} is no port; ports are 0 to 65535.");

    private static IPAddress Address(string text, string option) => text switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(text, out var address) ? address : throw new UsageException($"{option} '{text}' is no IP address; give one such as 127.0.0.1 or 0.0.0.0."),
    };

    private static string? Given(string? option, string variable) =>
        option ?? (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null);
}
