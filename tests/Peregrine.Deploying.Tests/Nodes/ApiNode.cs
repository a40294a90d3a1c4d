using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Hosting;
using Peregrine.Serving;

namespace Peregrine.Deploying.Tests.Nodes;

/// <summary>A real API node on a loopback port, which tests can stop, start again empty, and hold up.</summary>
internal sealed class ApiNode : IAsyncDisposable
{
    public const string AdminKey = "node-admin-key";

    private WebApplication? _app;
    private string _directory = "";

    public string Url { get; private set; } = "http://127.0.0.1:0";

    /// <summary>Runs before the node sees a request; answer false to keep the request from it.</summary>
    public Func<HttpContext, Task<bool>> Gate { get; set; } = _ => Task.FromResult(true);

    public static async Task<ApiNode> StartAsync()
    {
        var node = new ApiNode();
        await node.StartEmptyAsync();
        return node;
    }

    /// <summary>Starts with nothing on its disk, at the address it had before.</summary>
    public async Task StartEmptyAsync()
    {
        _directory = Directory.CreateTempSubdirectory("peregrine-node-").FullName;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url);
        builder.AddNodeDefaults(node => node.DrainDelay = TimeSpan.Zero);
        builder.Services.AddSingleton<IStartupFilter>(new GateFirst(this));
        builder.Services.AddServing(options =>
        {
            options.DataDirectory = _directory;
            options.AdminKey = AdminKey;
            options.WarmUpRounds = 1;
        });
        _app = builder.Build();
        _app.UseNodeDefaults();
        _app.UseServing();
        await _app.StartAsync();
        Url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public async Task StopAsync()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
        Directory.Delete(_directory, recursive: true);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>A call of the admin API, as somebody makes it behind the Deployer's back.</summary>
    public async Task<Reply> AdminAsync(HttpMethod method, string path, string? body = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri($"{Url}/admin/api/{path}"));
        request.Headers.Authorization = Deployer.Basic(AdminKey);
        if (body is not null) request.Content = new StringContent(body);
        using var response = await http.SendAsync(request);
        return new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(), null);
    }

    /// <summary>One query of service <c>fraud</c> as a caller makes it.</summary>
    public async Task<HttpStatusCode> AskAsync(string? key = null, double amount = 12.5)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{Url}/public/api/v1/fraud/score/predict"));
        if (key is not null) request.Headers.Authorization = Deployer.Basic(key);
        request.Content = new StringContent(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $$$"""{"features":{"amount":{{{amount}}},"country":"FR","online":true,"at":"2026-01-31T12:00:00Z"}}"""));
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private sealed class GateFirst(ApiNode node) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                if (await node.Gate(context)) await rest(context);
            });
            next(app);
        };
    }
}
