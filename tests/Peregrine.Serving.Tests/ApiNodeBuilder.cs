using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Hosting;
using Peregrine.Hosting.Tls;
using Peregrine.Serving.Limits;
using Peregrine.Serving.OpenInference.Grpc;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Tests;

/// <summary>An API node over real Kestrel on a free port, with its own folder. Its defaults are a node that serves nothing yet.</summary>
internal sealed class ApiNodeBuilder
{
    public const string AdminKey = "admin-key-of-the-tests";

    private readonly List<(string Service, byte[] Package)> _imports = [];
    private readonly List<(string Service, string Generation)> _switches = [];
    private Action<ServingOptions> _configure = _ => { };
    private Action<IServiceCollection> _services = _ => { };
    private readonly Dictionary<string, string?> _settings = [];
    private string? _directory;
    private bool _grpc;
    private HttpMessageHandler? _handler;

    /// <summary>Imports a package and switches to it.</summary>
    public ApiNodeBuilder WithService(string service = "fraud", TestPackage? package = null)
    {
        package ??= new TestPackage();
        _imports.Add((service, package.Write()));
        _switches.Add((service, package.Version));
        return this;
    }

    /// <summary>Imports a package without switching to it.</summary>
    public ApiNodeBuilder WithGeneration(TestPackage package, string service = "fraud")
    {
        _imports.Add((service, package.Write()));
        return this;
    }

    /// <summary>Speaks gRPC too, on a port of its own.</summary>
    public ApiNodeBuilder WithGrpc()
    {
        _grpc = true;
        return this;
    }

    /// <summary>How the test reaches the node, such as one with TLS.</summary>
    public ApiNodeBuilder ReachedBy(HttpMessageHandler handler)
    {
        _handler = handler;
        return this;
    }

    public ApiNodeBuilder With(Action<ServingOptions> configure)
    {
        _configure += configure;
        return this;
    }

    /// <summary>Puts a service of the test's own in, such as a clock.</summary>
    public ApiNodeBuilder WithServices(Action<IServiceCollection> services)
    {
        _services += services;
        return this;
    }

    public ApiNodeBuilder WithLimits(Action<LimitOptions> configure) => WithServices(services => services.Configure(configure));

    /// <summary>A value as a configuration file has it, such as <c>Serving:QueryLog:FileAge</c>.</summary>
    public ApiNodeBuilder WithSetting(string name, string value)
    {
        _settings[name] = value;
        return this;
    }

    /// <summary>Starts on what an earlier node left.</summary>
    public ApiNodeBuilder On(string directory)
    {
        _directory = directory;
        return this;
    }

    public async Task<TestNode> StartAsync()
    {
        var directory = _directory ?? Directory.CreateTempSubdirectory("peregrine-node-").FullName;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenNode(IPAddress.Loopback, 0, "node", [ServingTls.Node]));
        if (_grpc) builder.AddGrpcInference(IPAddress.Loopback, 0);
        foreach (var (name, value) in _settings) builder.Configuration[name] = value;
        _services(builder.Services);
        builder.AddNodeDefaults(node => node.DrainDelay = TimeSpan.Zero);
        builder.Services.AddServing(options =>
        {
            options.DataDirectory = directory;
            options.AdminKey = AdminKey;
            options.WarmUpRounds = 5;
            options.QueryLogFlushInterval = TimeSpan.FromMilliseconds(5);
            _configure(options);
        });
        var app = builder.Build();
        app.UseNodeDefaults();
        app.UseServing();
        await app.StartAsync();
        var node = new TestNode(app, directory, ownsDirectory: _directory is null, _handler);
        foreach (var (service, package) in _imports) await node.ImportAsync(service, package);
        foreach (var (service, generation) in _switches) await node.AdminAsync(HttpMethod.Post, $"services/{service}/actions/switchTo/{generation}");
        return node;
    }
}
