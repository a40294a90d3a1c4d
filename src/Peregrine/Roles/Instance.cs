using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Peregrine.Commands;
using Peregrine.DataDirectories;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Tls;
using Peregrine.Serving.Transport;

namespace Peregrine.Roles;

/// <summary>The servers of this process, started together and stopped in order.</summary>
public sealed class Instance : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly AdminKeyStore? _keys;
    private readonly WebApplication? _controlPlane;
    private readonly WebApplication? _apiNode;

    // A host whose options were refused has nothing to stop, and cannot be asked to.
    private readonly HashSet<WebApplication> _neverBegan = [];

    private Instance(RoleSettings settings, DataDirectory directory, FirstAdminKey adminKey, AdminKeyStore? keys, WebApplication? controlPlane, WebApplication? apiNode)
    {
        Settings = settings;
        AdminKey = adminKey;
        _directory = directory;
        _keys = keys;
        _controlPlane = controlPlane;
        _apiNode = apiNode;
    }

    /// <summary>As asked, with the ports really used.</summary>
    public RoleSettings Settings { get; private set; }
    public FirstAdminKey AdminKey { get; }
    public DataDirectory Directory => _directory;

    /// <summary>Services of the control plane, for what only this process may do, such as a one-time sign-in link.</summary>
    public IServiceProvider? ControlPlaneServices => _controlPlane?.Services;

    /// <summary>Checks ports and data directory, then starts the API node and the control plane.</summary>
    /// <exception cref="UsageException">A port or the data directory cannot be used.</exception>
    public static async Task<Instance> StartAsync(RoleSettings asked, CancellationToken cancellationToken)
    {
        var settings = asked with
        {
            Port = asked.HasControlPlane ? Ports.Check(asked.Bind, asked.Port, "--port") : 0,
            NodePort = asked.Has(Role.ApiNode) ? Ports.Check(asked.Bind, asked.NodePort, asked.HasControlPlane ? "--node-port" : "--port") : 0,
            GrpcPort = asked.GrpcPort is { } grpc ? Ports.Check(asked.Bind, grpc, "--grpc-port") : null,
            AdminPort = asked.AdminPort is { } admin ? Ports.Check(asked.AdminBind, admin, "--admin-port") : null,
        };
        var directory = DataDirectory.Open(settings.DataDirectory);
        Instance? instance = null;
        try
        {
            instance = await ComposeAsync(settings, directory, cancellationToken);
            await instance.StartServersAsync(cancellationToken);
            return instance;
        }
        catch (OptionsValidationException wrong) when (instance is null)
        {
            directory.Dispose();
            throw Refused(wrong);
        }
        catch
        {
            if (instance is null) directory.Dispose();
            else await instance.DisposeAsync();
            throw;
        }
    }

    private static async Task<Instance> ComposeAsync(RoleSettings settings, DataDirectory directory, CancellationToken cancellationToken)
    {
        var adminKey = await FirstAdminKey.EnsureAsync(directory, settings.PresetAdminKey, cancellationToken);
        var apiNode = settings.Has(Role.ApiNode) ? ApiNode.Build(settings, directory, adminKey.Secret) : null;
        if (!settings.HasControlPlane) return new Instance(settings, directory, adminKey, null, null, apiNode);
        var keys = AdminKeyStore.Open(directory.AdminKeysFile, TimeProvider.System);
        await keys.SetPresetAsync(adminKey.Secret, "first admin key", cancellationToken);
        return new Instance(settings, directory, adminKey, keys, ControlPlane.Build(settings, directory, keys, adminKey.Secret), apiNode);
    }

    private async Task StartServersAsync(CancellationToken cancellationToken)
    {
        if (_apiNode is not null)
        {
            await StartAsync(_apiNode, Settings.NodePort, _controlPlane is null ? "--port" : "--node-port", cancellationToken);
            Settings = Settings with { NodeHasTls = _apiNode.Services.HasTls(ServingTls.Node) };
        }

        if (_controlPlane is not null) await StartAsync(_controlPlane, Settings.Port, "--port", cancellationToken);
        var running = new RunningInstance
        {
            Url = Origin(_controlPlane is null ? Settings.NodeUrl : Settings.Url),
            NodeUrl = _apiNode is null ? null : Origin(Settings.NodeUrl),
            Process = Environment.ProcessId,
        };
        await TellWhereAsync(running, cancellationToken);
        _apiNode?.Services.GetService<ControlPlaneStart>()?.Complete();
    }

    /// <summary>Verbs on this machine find the servers by it. That a full disk does not take it is no reason not to serve.</summary>
    private async Task TellWhereAsync(RunningInstance running, CancellationToken cancellationToken)
    {
        try
        {
            await RunningInstance.WriteAsync(_directory, running, cancellationToken);
        }
        catch (IOException refused)
        {
            RunningInstance.Remove(_directory); // what an earlier process left names another address
            (_apiNode ?? _controlPlane)!.Logger.LogWarning("The address of this process cannot be noted in {Directory}, so commands need --url: {Reason}", _directory.Path, refused.Message);
        }
    }

    private async Task StartAsync(WebApplication app, int port, string option, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw Ports.InUse(Settings.Bind, port, option, taken);
        }
        catch (OptionsValidationException wrong)
        {
            _neverBegan.Add(app);
            throw Refused(wrong);
        }
    }

    private static UsageException Refused(OptionsValidationException wrong) => new(string.Join(' ', wrong.Failures), wrong);

    /// <summary>Stops the control plane first, so that nothing new is pushed to a node that is going; each server lets running requests end.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var app in new[] { _controlPlane, _apiNode })
        {
            if (app is null) continue;
            if (!_neverBegan.Contains(app)) await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        _keys?.Dispose();
        RunningInstance.Remove(_directory);
        _directory.Dispose();
    }

    internal static string Origin(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
