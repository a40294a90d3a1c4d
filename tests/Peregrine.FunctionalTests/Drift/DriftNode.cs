using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Datasets.Tables;
using Peregrine.FunctionalTests.Processes;
using Peregrine.Hosting;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;
using Peregrine.Serving;

namespace Peregrine.FunctionalTests.Drift;

/// <summary>An API node that serves one trained model as <c>fraud/score</c>.</summary>
internal sealed class DriftNode : IAsyncDisposable
{
    public const string Key = "drift-admin-key";

    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private readonly string _folder;

    private DriftNode(WebApplication app, string folder)
    {
        _app = app;
        _folder = folder;
        Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _http = new HttpClient { BaseAddress = new Uri(Url) };
        _http.DefaultRequestHeaders.Authorization = RunningServer.Basic(Key);
    }

    public string Url { get; }

    public static async Task<DriftNode> StartAsync(ModelArtifact model, Table table)
    {
        var folder = Directory.CreateTempSubdirectory("peregrine-drift-").FullName;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddNodeDefaults(node => node.DrainDelay = TimeSpan.Zero);
        builder.Services.AddServing(options => (options.DataDirectory, options.AdminKey, options.WarmUpRounds) = (folder, Key, 5));
        var app = builder.Build();
        app.UseNodeDefaults();
        app.UseServing();
        await app.StartAsync();
        var node = new DriftNode(app, folder);
        await node.SendAsync("admin/api/services/", new StringContent("""{"serviceId":"fraud"}"""));
        await node.SendAsync("admin/api/services/fraud/generations", new ByteArrayContent(Package(model, table)));
        await node.SendAsync("admin/api/services/fraud/actions/switchTo/v1", null);
        return node;
    }

    /// <summary>Sends every row of a table.</summary>
    public async Task AskAsync(Table rows, IEnumerable<string> inputs)
    {
        var writer = new JsonRowWriter(rows, inputs);
        foreach (var chunk in Enumerable.Range(0, rows.Rows).Chunk(1000))
        {
            var items = chunk.Select(row => "{\"features\":" + Encoding.UTF8.GetString(writer.ToUtf8(row)) + "}");
            await SendAsync("public/api/v1/fraud/score/predict-multi", new StringContent("{\"items\":[" + string.Join(',', items) + "]}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SendAsync(string path, HttpContent? content)
    {
        using var answer = await _http.PostAsync(new Uri($"{Url}/{path}"), content);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    private static byte[] Package(ModelArtifact model, Table table)
    {
        var compiled = CompiledModel.Compile(model);
        var writer = new JsonRowWriter(table, compiled.Inputs.Fields.Select(field => field.Name));
        using var target = new MemoryStream();
        new PackageWriter(EndpointKinds.All).Write(new PackageContent
        {
            ServiceId = "fraud", VersionId = "v1", CreatedOn = DateTimeOffset.UnixEpoch, Authorization = ServiceAuthorization.Public,
            Endpoints =
            [
                new PredictionEndpointSource
                {
                    Id = "score", Model = model, Golden = GoldenRecords.Answer(compiled, Enumerable.Range(0, 20).Select(row => (ReadOnlyMemory<byte>)writer.ToUtf8(row).ToArray())),
                },
            ],
        }, target);
        return target.ToArray();
    }
}
