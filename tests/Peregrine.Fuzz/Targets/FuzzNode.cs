using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Hosting;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;
using Peregrine.Records;
using Peregrine.Serving;
using Peregrine.Serving.Bulk;
using Peregrine.Serving.Kinds;
using Peregrine.Serving.OpenInference;
using Peregrine.Serving.OpenInference.Grpc;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.QueryLog;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Fuzz.Targets;

/// <summary>A node with one small service, for targets that go through the engine.</summary>
internal sealed class FuzzNode : IAsyncDisposable
{
    public const int MaxRecords = 20;
    public const int MaxDepth = 12;
    public const int MaxBody = 128 * 1024;
    private const string Key = "admin-key-of-the-fuzzer";

    /// <summary>So large that nobody meets them; their headers are in every answer.</summary>
    private const string Limits = """{"rules":[{"id":"calls","limit":1000000000000,"windowSeconds":1},{"id":"rows","unit":"rows","limit":1000000000000,"period":"day"}]}""";

    private readonly WebApplication _app;
    private readonly string _folder;

    private FuzzNode(WebApplication app, string folder)
    {
        _app = app;
        _folder = folder;
    }

    public static ModelArtifact Model { get; } = new()
    {
        Spec = new ModelSpec
        {
            Prediction = PredictionKind.BinaryClassification,
            Target = "label",
            Classes = ["0", "1"],
            Inputs =
            [
                new("amount", FieldKind.Number), new("country", FieldKind.Text), new("online", FieldKind.Boolean), new("at", FieldKind.DateTime),
                new("day", FieldKind.Date), new("count", FieldKind.Integer), new("naïve \"name\"", FieldKind.Text),
            ],
            IgnoredFields = ["id"],
            Features =
            [
                new NumberFeature { Field = "amount", Impute = 1, Scale = 3 }, new OneHotFeature { Field = "country", Values = ["FR", "GB"] },
                new NumberFeature { Field = "online", Impute = 0 }, new DatePartFeature { Field = "at", Part = DatePart.Hour }, new NumberFeature { Field = "count", Impute = 0 },
            ],
            Predictor = new LinearPredictorSpec { Link = Link.Logistic, Weights = [[0.3, -0.7, 0.1, 0.4, 0.02, 0.1]], Intercepts = [0.05] },
        },
    };

    public PredictionEngine Engine => _app.Services.GetRequiredService<PredictionEngine>();

    public InferEngine Infer => _app.Services.GetRequiredService<InferEngine>();

    public GrpcInfer Grpc => _app.Services.GetRequiredService<GrpcInfer>();

    public UserApi UserApi => _app.Services.GetRequiredService<UserApi>();

    public QueryLogLine Log => _app.Services.GetRequiredService<QueryLogLine>();

    public UserRoute InferRoute => _app.Services.GetRequiredService<NodeState>().Current.Find("/v2/models/fuzz.score/infer")!;

    public SimplePrediction Simple => _app.Services.GetRequiredService<SimplePrediction>();

    /// <summary>A lookup endpoint of the service that has them.</summary>
    public KindEndpoint LookupOf(string endpoint) =>
        _app.Services.GetRequiredService<NodeState>().Current.Find($"/public/api/v1/{LookupTable.Service}/{endpoint}/lookup")!.Endpoint.Service.Targets[0].OfKinds[endpoint];

    public EndpointRoute Route => _app.Services.GetRequiredService<NodeState>().Current.Find("/public/api/v1/fuzz/score/predict")!.Endpoint;

    public static byte[] WritePackage()
    {
        var content = new PackageContent
        {
            ServiceId = "fuzz",
            VersionId = "v1",
            CreatedOn = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero),
            Authorization = ServiceAuthorization.Public,
            Endpoints =
            [
                new PredictionEndpointSource
                {
                    Id = "score",
                    Model = Model,
                    Settings = new PredictionSettings { UnknownFeatures = FeaturePolicy.Refuse, MissingFeatures = FeaturePolicy.Ignore },
                    Golden = GoldenRecords.Answer(CompiledModel.Compile(Model), ["{\"amount\":12.5}"u8.ToArray()]),
                    TestQueries = [JsonNode.Parse("""{"q":{"features":{"amount":12.5}}}""")],
                },
            ],
        };
        using var target = new MemoryStream();
        new PackageWriter(EndpointKinds.All).Write(content, target);
        return target.ToArray();
    }

    public static async Task<FuzzNode> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("peregrine-fuzz-").FullName;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.AddNodeDefaults(node => node.DrainDelay = TimeSpan.Zero);
        builder.Services.AddServing(options =>
        {
            options.DataDirectory = folder;
            options.AdminKey = Key;
            options.QueryLogEnabled = false;
            options.MaxRecordsPerRequest = MaxRecords;
            options.MaxJsonDepth = MaxDepth;
            options.MaxRequestBodyBytes = MaxBody;
            options.CompressFromBytes = 256;
        });
        builder.AddGrpcInference(IPAddress.Loopback, 0);
        builder.Services.Configure<OpenInferenceOptions>(options => options.GrpcMaxMessageBytes = MaxBody);
        builder.Services.Configure<BulkOptions>(options =>
        {
            options.MaxRecordBytes = 4096;
            options.MaxBodyBytes = 1024 * 1024;
        });
        var app = builder.Build();
        app.UseNodeDefaults();
        app.UseServing();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Key + ":")));
        await ServeAsync(http, "fuzz", WritePackage());
        await ServeAsync(http, LookupTable.Service, LookupTable.WritePackage());
        (await http.PutAsync("/admin/api/services/fuzz/limits", new StringContent(Limits))).EnsureSuccessStatusCode();
        return new FuzzNode(app, folder);
    }

    private static async Task ServeAsync(HttpClient http, string service, byte[] package)
    {
        (await http.PostAsync("/admin/api/services", new StringContent($"{{\"serviceId\":\"{service}\"}}"))).EnsureSuccessStatusCode();
        (await http.PostAsync($"/admin/api/services/{service}/generations", new ByteArrayContent(package))).EnsureSuccessStatusCode();
        (await http.PostAsync($"/admin/api/services/{service}/actions/switchTo/v1", null)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
