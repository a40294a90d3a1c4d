using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Peregrine.Designing.ApiServices.Lookups;
using Peregrine.Designing.Json;
using Peregrine.Designing.Lab;
using Peregrine.Designing.SavedModels;
using Peregrine.Designing.Store;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Clustering;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;

namespace Peregrine.Designing.ApiServices;

/// <summary>The API Designer: services with their endpoints and test queries. <see cref="Access.ServiceAccess"/> keeps who may ask, <see cref="ServicePackages"/> makes versions of them.</summary>
public sealed class ApiServiceDesigner
{
    private const int MaxTestQueries = 1000;

    private readonly IDbContextFactory<DesignDbContext> _contexts;
    private readonly SavedModelService _models;
    private readonly LookupRows _rows;
    private readonly TimeProvider _time;

    internal ApiServiceDesigner(IDbContextFactory<DesignDbContext> contexts, SavedModelService models, LookupRows rows, TimeProvider time)
    {
        _contexts = contexts;
        _models = models;
        _rows = rows;
        _time = time;
    }

    public async Task<IReadOnlyList<ApiServiceSummary>> ListAsync(string projectKey, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await RequireProjectAsync(db, projectKey, cancellationToken);
        var rows = await db.ApiServices.AsNoTracking().Where(row => row.ProjectKey == projectKey).OrderBy(row => row.Id)
            .Select(row => new { Row = row, Packages = db.ServicePackages.Count(p => p.ProjectKey == projectKey && p.ServiceId == row.Id) })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(entry => Summary(entry.Row, entry.Packages))];
    }

    public async Task<ApiServiceSummary> GetAsync(string projectKey, string serviceId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await FindAsync(db, projectKey, serviceId, cancellationToken);
        var packages = await db.ServicePackages.CountAsync(p => p.ProjectKey == projectKey && p.ServiceId == serviceId, cancellationToken);
        return Summary(row, packages);
    }

    /// <summary>Makes a service without endpoints, open to the public.</summary>
    public async Task<ApiServiceSummary> CreateAsync(string projectKey, string serviceId, string actor, CancellationToken cancellationToken)
    {
        Names.ServiceId(serviceId);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await RequireProjectAsync(db, projectKey, cancellationToken);
        var row = new ApiServiceRow
        {
            ProjectKey = projectKey,
            Id = serviceId,
            CreatedOn = _time.GetUtcNow(),
            ChangedOn = _time.GetUtcNow(),
            ChangedBy = actor,
            SettingsJson = Documents.Text(ServiceSettings.Create(projectKey, serviceId)),
        };
        db.ApiServices.Add(row);
        await db.SaveNewAsync(
            existing => existing.ApiServices.AnyAsync(other => other.ProjectKey == projectKey && other.Id == serviceId, cancellationToken),
            $"There is an API service '{serviceId}' already in project '{projectKey}'; choose another id.",
            cancellationToken);
        return Summary(row, 0);
    }

    /// <summary>Deletes the service with its packages; what was published stays on the Deployer.</summary>
    public async Task DeleteAsync(string projectKey, string serviceId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await FindAsync(db, projectKey, serviceId, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.ServicePackages.Where(row => row.ProjectKey == projectKey && row.ServiceId == serviceId).ExecuteDeleteAsync(cancellationToken);
        await db.ApiServices.Where(row => row.ProjectKey == projectKey && row.Id == serviceId).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The settings document; of keys it holds id, label and origin, never key or hash.</summary>
    public async Task<JsonObject> GetSettingsAsync(string projectKey, string serviceId, CancellationToken cancellationToken) =>
        ServiceSettings.WithoutHashes(await StoredSettingsAsync(projectKey, serviceId, cancellationToken));

    /// <summary>Replaces the settings: defaults are filled, new keys hashed, members unknown to us kept.</summary>
    public async Task SaveSettingsAsync(
        string projectKey, string serviceId, JsonObject settings, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        await ChangeAsync(projectKey, serviceId, actor, async stored =>
        {
            ServiceSettings.Complete(settings, stored, actor, _time.GetUtcNow());
            await CheckReferencesAsync(projectKey, settings, cancellationToken);
            return settings;
        }, cancellationToken);
    }

    /// <summary>The kind of endpoint that answers by models of a kind of prediction.</summary>
    private static string KindOf(string predictionType) =>
        predictionType == PredictionTypes.Clustering ? ClusteringEndpointKind.KindId : PredictionEndpointKind.KindId;

    /// <summary>Adds an endpoint that answers by a saved model, <c>id</c> or <c>PROJECT.id</c>: of predictions or of clusters, as the model is.</summary>
    public async Task AddPredictionEndpointAsync(
        string projectKey, string serviceId, string endpointId, string modelRef, string actor, CancellationToken cancellationToken) =>
        await AddEndpointAsync(projectKey, serviceId, endpointId, new JsonObject
        {
            ["id"] = endpointId, ["type"] = KindOf(await _models.FindPredictionTypeAsync(projectKey, modelRef, cancellationToken) ?? ""), ["modelRef"] = modelRef,
        }, actor, cancellationToken);

    /// <summary>Adds an endpoint that finds rows of a dataset by a key.</summary>
    public Task AddLookupEndpointAsync(
        string projectKey, string serviceId, string endpointId, LookupChoice choice, string actor, CancellationToken cancellationToken) =>
        AddEndpointAsync(projectKey, serviceId, endpointId, LookupEndpointSettings.Write(endpointId, choice), actor, cancellationToken);

    /// <summary>What an endpoint does with records that differ, each member with its value.</summary>
    public async Task<JsonObject> GetSchemaAsync(string projectKey, string serviceId, string endpointId, CancellationToken cancellationToken) =>
        EndpointSchemaSettings.Of(Prediction(await StoredSettingsAsync(projectKey, serviceId, cancellationToken), serviceId, endpointId));

    /// <inheritdoc cref="ChangeSchemaAsync"/>
    public Task SetSchemaAsync(string projectKey, string serviceId, string endpointId, EndpointSchema schema, string actor, CancellationToken cancellationToken) =>
        ChangeSchemaAsync(projectKey, serviceId, endpointId, EndpointSchemaSettings.Write(schema), actor, cancellationToken);

    /// <summary>Changes what an endpoint does with records that differ. Packages made from now on carry it.</summary>
    /// <param name="changes">Members of <see cref="GetSchemaAsync"/>; those that are not given stay.</param>
    public Task ChangeSchemaAsync(string projectKey, string serviceId, string endpointId, JsonObject changes, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(projectKey, serviceId, actor, stored =>
        {
            EndpointSchemaSettings.Apply(changes, Prediction(stored, serviceId, endpointId));
            ServiceSettings.Complete(stored, (JsonObject)stored.DeepClone(), actor, _time.GetUtcNow());
            return Task.FromResult(stored);
        }, cancellationToken);

    /// <summary>What answers and the query log hold of an endpoint's records.</summary>
    public async Task<JsonObject> GetLogAsync(string projectKey, string serviceId, string endpointId, CancellationToken cancellationToken) =>
        EndpointLogSettings.Of(Endpoint(await StoredSettingsAsync(projectKey, serviceId, cancellationToken), serviceId, endpointId));

    /// <inheritdoc cref="ChangeLogAsync"/>
    public Task SetLogAsync(string projectKey, string serviceId, string endpointId, EndpointLog log, string actor, CancellationToken cancellationToken) =>
        ChangeLogAsync(projectKey, serviceId, endpointId, EndpointLogSettings.Write(log), actor, cancellationToken);

    /// <summary>Changes what answers and the query log hold of an endpoint's records. Packages made from now on carry it.</summary>
    /// <param name="changes">Members of <see cref="GetLogAsync"/>; those that are not given stay.</param>
    public Task ChangeLogAsync(string projectKey, string serviceId, string endpointId, JsonObject changes, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(projectKey, serviceId, actor, stored =>
        {
            EndpointLogSettings.Apply(changes, Endpoint(stored, serviceId, endpointId));
            ServiceSettings.Complete(stored, (JsonObject)stored.DeepClone(), actor, _time.GetUtcNow());
            return Task.FromResult(stored);
        }, cancellationToken);

    /// <summary>What an endpoint explains unasked, each member with its value.</summary>
    public async Task<JsonObject> GetExplanationsAsync(string projectKey, string serviceId, string endpointId, CancellationToken cancellationToken) =>
        EndpointExplanations.Of(Endpoint(await StoredSettingsAsync(projectKey, serviceId, cancellationToken), serviceId, endpointId));

    /// <inheritdoc cref="ChangeExplanationsAsync"/>
    public Task SetExplanationsAsync(
        string projectKey, string serviceId, string endpointId, ExplanationSettings explanations, string actor, CancellationToken cancellationToken) =>
        ChangeExplanationsAsync(projectKey, serviceId, endpointId, EndpointExplanations.Write(explanations), actor, cancellationToken);

    /// <summary>Changes what an endpoint explains unasked. Packages made from now on carry it.</summary>
    /// <param name="changes">Members of <see cref="GetExplanationsAsync"/>; those that are not given stay.</param>
    public Task ChangeExplanationsAsync(
        string projectKey, string serviceId, string endpointId, JsonObject changes, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(projectKey, serviceId, actor, stored =>
        {
            EndpointExplanations.Apply(changes, Endpoint(stored, serviceId, endpointId));
            ServiceSettings.Complete(stored, (JsonObject)stored.DeepClone(), actor, _time.GetUtcNow());
            return Task.FromResult(stored);
        }, cancellationToken);

    /// <summary>The stored test queries of an endpoint, each <c>{"q":{"features":{…}}}</c>.</summary>
    public async Task<JsonArray> GetTestQueriesAsync(string projectKey, string serviceId, string endpointId, CancellationToken cancellationToken)
    {
        var settings = await StoredSettingsAsync(projectKey, serviceId, cancellationToken);
        return (JsonArray)ServiceSettings.TestQueries(Endpoint(settings, serviceId, endpointId)).DeepClone();
    }

    public Task SaveTestQueriesAsync(
        string projectKey, string serviceId, string endpointId, JsonArray queries, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queries);
        if (queries.Count > MaxTestQueries) throw Refusal.Invalid($"An endpoint has at most {MaxTestQueries} test queries; these are {queries.Count}.");
        return ChangeAsync(projectKey, serviceId, actor, stored =>
        {
            Endpoint(stored, serviceId, endpointId)["testQueries"] = queries.DeepClone();
            ServiceSettings.Complete(stored, (JsonObject)stored.DeepClone(), actor, _time.GetUtcNow());
            return Task.FromResult(stored);
        }, cancellationToken);
    }

    /// <summary>Replaces the endpoint's test queries by rows that its model was tested on, spread over the range of its scores.</summary>
    /// <returns>The queries.</returns>
    public async Task<JsonArray> GenerateTestQueriesAsync(
        string projectKey, string serviceId, string endpointId, int rows, string actor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        var settings = await StoredSettingsAsync(projectKey, serviceId, cancellationToken);
        if (LookupEndpointSettings.IsLookup(Endpoint(settings, serviceId, endpointId)))
            return await GenerateLookupQueriesAsync(projectKey, serviceId, endpointId, Endpoint(settings, serviceId, endpointId), rows, actor, cancellationToken);
        var model = await ModelAsync(projectKey, serviceId, Endpoint(settings, serviceId, endpointId), cancellationToken);

        // The last of them has nothing but missing values: good to check a node by, no example for people.
        var records = model.Golden.Take(model.Golden.Count - 1).ToList();
        var count = Math.Min(rows, records.Count);
        var queries = new JsonArray();
        for (var at = 0; at < count; at++)
        {
            var record = records[count == 1 ? records.Count - 1 : (int)((long)at * (records.Count - 1) / (count - 1))];
            queries.Add((JsonNode)new JsonObject { ["q"] = new JsonObject { ["features"] = JsonNode.Parse(record.Span) } });
        }

        await SaveTestQueriesAsync(projectKey, serviceId, endpointId, queries, actor, cancellationToken);
        return queries;
    }

    /// <summary>Answers queries by the active version of the endpoint's model, in process.</summary>
    /// <param name="queries">Each <c>{"q":{"features":{…}}}</c> or <c>{"features":{…}}</c>; null runs the stored ones.</param>
    /// <param name="explain">Whether each result is explained, whatever its query and the endpoint say.</param>
    public async Task<IReadOnlyList<TestQueryResult>> RunTestQueriesAsync(
        string projectKey, string serviceId, string endpointId, JsonArray? queries, bool explain, CancellationToken cancellationToken)
    {
        var settings = await StoredSettingsAsync(projectKey, serviceId, cancellationToken);
        var endpoint = Endpoint(settings, serviceId, endpointId);
        var asked = queries ?? ServiceSettings.TestQueries(endpoint);
        if (LookupEndpointSettings.IsLookup(endpoint))
        {
            var lookup = new LookupQueryRunner(await _rows.TryAsync(projectKey, endpoint, cancellationToken));
            return [.. asked.Select(query => lookup.Run(Inner(query)))];
        }

        var model = await ModelAsync(projectKey, serviceId, endpoint, cancellationToken);
        return await Task.Run<IReadOnlyList<TestQueryResult>>(() =>
        {
            var runner = new QueryRunner(CompiledModel.Compile(model.Artifact), ServiceSettings.Prediction(endpoint, model.Reference));
            return [.. asked.Select(query => runner.Run(explain ? Explained(Inner(query)) : Inner(query)))];
        }, cancellationToken);
    }

    private async Task AddEndpointAsync(string projectKey, string serviceId, string endpointId, JsonObject endpoint, string actor, CancellationToken cancellationToken)
    {
        Names.EndpointId(endpointId);
        var settings = await GetSettingsAsync(projectKey, serviceId, cancellationToken);
        if (FindEndpoint(settings, endpointId) is not null)
            throw Refusal.Conflict($"API service '{serviceId}' has an endpoint '{endpointId}' already.");
        ServiceSettings.Endpoints(settings).Add((JsonNode)endpoint);
        await SaveSettingsAsync(projectKey, serviceId, settings, actor, cancellationToken);
    }

    /// <summary>Keys of rows all over the dataset.</summary>
    private async Task<JsonArray> GenerateLookupQueriesAsync(
        string projectKey, string serviceId, string endpointId, JsonObject endpoint, int rows, string actor, CancellationToken cancellationToken)
    {
        var lookup = await _rows.TryAsync(projectKey, endpoint, cancellationToken);
        var count = Math.Min(rows, lookup.Table.Rows);
        var queries = new JsonArray();
        for (var at = 0; at < count; at++)
        {
            var row = count == 1 ? 0 : (int)((long)at * (lookup.Table.Rows - 1) / (count - 1));
            queries.Add((JsonNode)new JsonObject { ["q"] = new JsonObject { ["data"] = JsonNode.Parse(LookupSample.KeyOf(lookup, row)) } });
        }

        await SaveTestQueriesAsync(projectKey, serviceId, endpointId, queries, actor, cancellationToken);
        return queries;
    }

    private static JsonObject Prediction(JsonObject settings, string serviceId, string endpointId)
    {
        var endpoint = Endpoint(settings, serviceId, endpointId);
        return LookupEndpointSettings.IsLookup(endpoint)
            ? throw Refusal.Conflict($"Endpoint '{endpointId}' of API service '{serviceId}' looks up a dataset; only predictions say what becomes of records that differ.")
            : endpoint;
    }

    internal async Task<JsonObject> StoredSettingsAsync(string projectKey, string serviceId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return Documents.Parse((await FindAsync(db, projectKey, serviceId, cancellationToken)).SettingsJson);
    }

    internal async Task<ActiveModel> ModelAsync(string projectKey, string serviceId, JsonObject endpoint, CancellationToken cancellationToken)
    {
        var reference = endpoint.String("modelRef") ?? "";
        return await _models.FindActiveAsync(projectKey, reference, cancellationToken)
            ?? throw Refusal.Conflict($"Endpoint '{endpoint.String("id")}' of API service '{serviceId}' serves saved model '{reference}', which is gone. Give it another model.");
    }

    private static JsonObject Inner(JsonNode? query) => query switch
    {
        JsonObject wrapped when wrapped["q"] is JsonObject inner => inner,
        JsonObject plain => plain,
        _ => throw Refusal.Invalid("A query is an object: {\"features\":{…}}, or {\"data\":{…}} for a lookup."),
    };

    private static JsonObject Explained(JsonObject query)
    {
        var copy = (JsonObject)query.DeepClone();
        copy.Child(EndpointExplanations.Member)["enabled"] = true;
        return copy;
    }

    private async Task CheckReferencesAsync(string projectKey, JsonObject settings, CancellationToken cancellationToken)
    {
        var faults = new List<ApiErrorItem>();
        foreach (var (at, endpoint) in ServiceSettings.Endpoints(settings).OfType<JsonObject>().Index())
        {
            if (LookupEndpointSettings.IsLookup(endpoint))
            {
                await _rows.CompleteAsync(projectKey, endpoint, $"/endpoints/{at}", faults, cancellationToken);
                continue;
            }

            var reference = endpoint.String("modelRef")!;
            var type = await _models.FindPredictionTypeAsync(projectKey, reference, cancellationToken);
            if (type is null)
                faults.Add(new ApiErrorItem($"/endpoints/{at}/modelRef", "UnknownModel", $"Endpoint '{endpoint.String("id")}' names saved model '{reference}', which is not there."));
            else if (endpoint.String("type") is { } kind && kind != KindOf(type))
                faults.Add(new ApiErrorItem($"/endpoints/{at}/type", "WrongKind", $"Endpoint '{endpoint.String("id")}' is of kind {kind}, but saved model '{reference}' is one of {type}: it takes {KindOf(type)}."));
        }

        if (faults.Count == 0) return;
        var summary = string.Join(" ", faults.Select(fault => fault.Message));
        throw (ApiError.BadRequest("The settings of the API service cannot be used.", summary, "BadSettings") with { Errors = faults }).AsException();
    }

    /// <summary>Changes the stored settings in one transaction; a change in between is refused with 409.</summary>
    internal async Task ChangeAsync(
        string projectKey, string serviceId, string actor, Func<JsonObject, Task<JsonObject>> change, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.ApiServices.SingleOrDefaultAsync(other => other.ProjectKey == projectKey && other.Id == serviceId, cancellationToken)
            ?? throw NoService(projectKey, serviceId);
        row.SettingsJson = Documents.Text(await change(Documents.Parse(row.SettingsJson)));
        row.ChangedOn = _time.GetUtcNow();
        row.ChangedBy = actor;
        await db.SaveChangedAsync($"API service '{serviceId}'", cancellationToken);
    }

    private static JsonObject? FindEndpoint(JsonObject settings, string endpointId) =>
        ServiceSettings.Endpoints(settings).OfType<JsonObject>()
            .FirstOrDefault(endpoint => string.Equals(endpoint.String("id"), endpointId, StringComparison.Ordinal));

    private static JsonObject Endpoint(JsonObject settings, string serviceId, string endpointId) =>
        FindEndpoint(settings, endpointId) ?? throw Refusal.NotFound($"API service '{serviceId}' has no endpoint '{endpointId}'.");

    private static ApiServiceSummary Summary(ApiServiceRow row, int packages)
    {
        var settings = Documents.Parse(row.SettingsJson);
        return new ApiServiceSummary
        {
            ProjectKey = row.ProjectKey,
            Id = row.Id,
            AuthMethod = settings.String("authMethod") ?? ServiceSettings.Public,
            Endpoints =
            [
                .. ServiceSettings.Endpoints(settings).OfType<JsonObject>().Select(endpoint => new EndpointSummary(
                    endpoint.String("id") ?? "", endpoint.String("type") ?? "", endpoint.String("modelRef"), ServiceSettings.TestQueries(endpoint).Count)
                {
                    Schema = EndpointSchemaSettings.Read(endpoint),
                    Log = EndpointLogSettings.Read(endpoint),
                    Explanations = EndpointExplanations.Read(endpoint),
                    Lookup = LookupEndpointSettings.IsLookup(endpoint) ? LookupEndpointSettings.Read(endpoint) : null,
                }),
            ],
            Packages = packages,
            CreatedOn = row.CreatedOn,
            ChangedOn = row.ChangedOn,
            ChangedBy = row.ChangedBy,
        };
    }

    private static async Task<ApiServiceRow> FindAsync(
        DesignDbContext db, string projectKey, string serviceId, CancellationToken cancellationToken) =>
        await db.ApiServices.AsNoTracking().SingleOrDefaultAsync(row => row.ProjectKey == projectKey && row.Id == serviceId, cancellationToken)
        ?? throw NoService(projectKey, serviceId);

    private static async Task RequireProjectAsync(DesignDbContext db, string projectKey, CancellationToken cancellationToken)
    {
        if (!await db.Projects.AnyAsync(project => project.Key == projectKey, cancellationToken)) throw Refusal.NoProject(projectKey);
    }

    private static Exception NoService(string projectKey, string serviceId) =>
        Refusal.NotFound($"There is no API service '{serviceId}' in project '{projectKey}'.");
}
