using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Peregrine.Designing.Json;
using Peregrine.Designing.Lab;
using Peregrine.Designing.Lab.Settings;
using Peregrine.Designing.Store;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Blobs;

namespace Peregrine.Designing.SavedModels;

/// <summary>Saved models of projects and their immutable versions, exactly one of them active.</summary>
public sealed class SavedModelService
{
    private readonly IDbContextFactory<DesignDbContext> _contexts;
    private readonly BlobStore _blobs;
    private readonly TimeProvider _time;

    internal SavedModelService(IDbContextFactory<DesignDbContext> contexts, BlobStore blobs, TimeProvider time)
    {
        _contexts = contexts;
        _blobs = blobs;
        _time = time;
    }

    public async Task<IReadOnlyList<SavedModelSummary>> ListAsync(string projectKey, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Projects.AnyAsync(project => project.Key == projectKey, cancellationToken)) throw Refusal.NoProject(projectKey);
        return await Summaries(db, db.SavedModels.Where(row => row.ProjectKey == projectKey)).ToListAsync(cancellationToken);
    }

    public async Task<SavedModelSummary> GetAsync(string projectKey, string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await Summaries(db, db.SavedModels.Where(row => row.ProjectKey == projectKey && row.Id == id)).SingleOrDefaultAsync(cancellationToken)
            ?? throw NoModel(projectKey, id);
    }

    /// <summary>Makes a saved model of a trained one; its first version is active.</summary>
    public async Task<DeployedModel> DeployAsync(
        string projectKey, string labModelId, string? name, string actor, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var trained = await TrainedAsync(db, projectKey, labModelId, cancellationToken);
        var id = ObjectIds.New();
        var settings = Documents.Parse(trained.SettingsJson);
        var title = string.IsNullOrWhiteSpace(name) ? TitleOf(trained, settings) : name;
        var recipe = $"train_{id}";
        db.SavedModels.Add(new SavedModelRow
        {
            ProjectKey = projectKey,
            Id = id,
            Name = title,
            PredictionType = trained.PredictionType,
            Target = settings.String("targetVariable") ?? "",
            ActiveVersion = "v1",
            CreatedOn = _time.GetUtcNow(),
            DocumentJson = Documents.Text(SavedModelDocument.Create(projectKey, id, title, recipe, settings)),
            Versions = 1,
        });
        db.SavedModelVersions.Add(Version(trained, id, "v1", actor));
        await db.SaveChangesAsync(cancellationToken);
        return new DeployedModel(id, "v1", recipe);
    }

    private static string TitleOf(TrainedModelRow trained, JsonObject settings) =>
        trained.PredictionType == PredictionTypes.Clustering ? $"Clusters of {trained.DatasetRef}" : $"Prediction of {settings.String("targetVariable")}";

    /// <summary>Adds a version to a saved model, and makes it the active one if asked.</summary>
    /// <param name="id">The saved model; null when <paramref name="recipeName"/> names it.</param>
    public async Task<DeployedModel> RedeployAsync(
        string projectKey, string labModelId, string? id, string? recipeName, bool activate, string actor, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var trained = await TrainedAsync(db, projectKey, labModelId, cancellationToken);
        var model = await FindByIdOrRecipeAsync(db, projectKey, id, recipeName, cancellationToken);
        var target = Documents.Parse(trained.SettingsJson).String("targetVariable");
        if (!string.Equals(model.PredictionType, trained.PredictionType, StringComparison.Ordinal)
            || !string.Equals(model.Target, target, StringComparison.Ordinal))
            throw Refusal.Conflict(
                $"Saved model '{model.Id}' predicts '{model.Target}' ({model.PredictionType}), the trained model '{target}' ({trained.PredictionType}). Deploy it as a model of its own.");
        var version = string.Create(CultureInfo.InvariantCulture, $"v{++model.Versions}");
        db.SavedModelVersions.Add(Version(trained, model.Id, version, actor));
        if (activate) model.ActiveVersion = version;
        await db.SaveChangedAsync($"saved model '{model.Id}'", cancellationToken);
        return new DeployedModel(model.Id, version, Documents.Parse(model.DocumentJson).String("trainRecipeName") ?? "");
    }

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<SavedModelVersion>> ListVersionsAsync(string projectKey, string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var model = await FindAsync(db, projectKey, id, cancellationToken);
        var rows = await db.SavedModelVersions.AsNoTracking().Where(row => row.ProjectKey == projectKey && row.SavedModelId == id)
            .OrderBy(row => row.CreatedOn).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(row => Summary(row, model.ActiveVersion))];
    }

    public async Task<SavedModelDetails> GetVersionAsync(string projectKey, string id, string versionId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var model = await FindAsync(db, projectKey, id, cancellationToken);
        var row = await FindVersionAsync(db, projectKey, id, versionId, cancellationToken);
        return new SavedModelDetails
        {
            Version = Summary(row, model.ActiveVersion),
            Settings = Documents.Parse(row.SettingsJson),
            Steps = (JsonArray)JsonNode.Parse(row.StepsJson)!,
            Report = EvaluationDocument.Parse(row.EvaluationJson),
            UserMeta = row.UserMetaJson is { } meta ? Documents.Parse(meta) : [],
        };
    }

    public async Task SaveUserMetaAsync(string projectKey, string id, string versionId, JsonObject userMeta, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userMeta);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await FindVersionAsync(db, projectKey, id, versionId, cancellationToken);
        var row = await db.SavedModelVersions.SingleAsync(
            version => version.ProjectKey == projectKey && version.SavedModelId == id && version.Id == versionId, cancellationToken);
        ClusterLabels.Check(userMeta, (await FindAsync(db, projectKey, id, cancellationToken)).PredictionType, EvaluationDocument.Parse(row.EvaluationJson).Classes);
        row.UserMetaJson = Documents.Text(userMeta);
        await db.SaveChangedAsync($"version '{versionId}'", cancellationToken);
    }

    public async Task SetActiveAsync(string projectKey, string id, string versionId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await FindAsync(db, projectKey, id, cancellationToken);
        await FindVersionAsync(db, projectKey, id, versionId, cancellationToken);
        var model = await db.SavedModels.SingleAsync(row => row.ProjectKey == projectKey && row.Id == id, cancellationToken);
        model.ActiveVersion = versionId;
        await db.SaveChangedAsync($"saved model '{id}'", cancellationToken);
    }

    /// <summary>Deletes versions; the active one stays, so that endpoints keep their model.</summary>
    public async Task DeleteVersionsAsync(string projectKey, string id, IReadOnlyList<string> versionIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(versionIds);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var model = await FindAsync(db, projectKey, id, cancellationToken);
        if (versionIds.Contains(model.ActiveVersion, StringComparer.Ordinal))
            throw Refusal.Conflict($"Version '{model.ActiveVersion}' is the active one of saved model '{id}'. Make another version active, then delete it.");
        foreach (var versionId in versionIds) await FindVersionAsync(db, projectKey, id, versionId, cancellationToken);
        await db.SavedModelVersions.Where(row => row.ProjectKey == projectKey && row.SavedModelId == id && versionIds.Contains(row.Id))
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Deletes the saved model with its versions. Refused while an API service serves it.</summary>
    public async Task DeleteAsync(string projectKey, string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await FindAsync(db, projectKey, id, cancellationToken);
        if (await FindUserAsync(db, projectKey, id, cancellationToken) is { } user)
            throw Refusal.Conflict($"Saved model '{id}' is served by API service '{user}'. Take the endpoint out of the service first.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SavedModelVersions.Where(row => row.ProjectKey == projectKey && row.SavedModelId == id).ExecuteDeleteAsync(cancellationToken);
        await db.SavedModels.Where(row => row.ProjectKey == projectKey && row.Id == id).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The settings document of the REST calls, with the members that are computed.</summary>
    public async Task<JsonObject> GetDocumentAsync(string projectKey, string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var model = await FindAsync(db, projectKey, id, cancellationToken);
        var active = await FindVersionAsync(db, projectKey, id, model.ActiveVersion, cancellationToken);
        var document = Documents.Parse(model.DocumentJson);
        document["name"] = model.Name;
        document["activeVersion"] = model.ActiveVersion;
        document["lastExportedFrom"] = active.LabModelId;
        return document;
    }

    /// <summary>Replaces the document; ids, type and origin cannot change.</summary>
    public async Task SaveDocumentAsync(string projectKey, string id, JsonObject document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await FindAsync(db, projectKey, id, cancellationToken);
        var model = await db.SavedModels.SingleAsync(row => row.ProjectKey == projectKey && row.Id == id, cancellationToken);
        var stored = Documents.Parse(model.DocumentJson);
        document.FilledFrom(stored);
        foreach (var fixedMember in new[] { "id", "projectKey", "type", "savedModelType", "trainRecipeName" })
            document[fixedMember] = stored[fixedMember]?.DeepClone();
        if (document.String("name") is { Length: > 0 } name) model.Name = name;
        model.DocumentJson = Documents.Text(document);
        await db.SaveChangedAsync($"saved model '{id}'", cancellationToken);
    }

    /// <summary>The active version of a model given as <c>id</c> or <c>PROJECT.id</c>; null when there is none.</summary>
    internal async Task<ActiveModel?> FindActiveAsync(string projectKey, string reference, CancellationToken cancellationToken)
    {
        var (project, id) = Split(projectKey, reference);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var version = await db.SavedModels.Where(row => row.ProjectKey == project && row.Id == id)
            .Join(
                db.SavedModelVersions, model => new { model.ProjectKey, SavedModelId = model.Id, Id = model.ActiveVersion },
                row => new { row.ProjectKey, row.SavedModelId, row.Id }, (_, row) => row)
            .AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (version is null) return null;
        await using var artifact = await OpenAsync(version.ArtifactDigest, version, cancellationToken);
        await using var golden = await OpenAsync(version.GoldenDigest, version, cancellationToken);
        using var lines = new MemoryStream();
        await golden.CopyToAsync(lines, cancellationToken);
        var model = ClusterLabels.Apply(ModelArtifact.Read(artifact), version.UserMetaJson is { } meta ? Documents.Parse(meta) : []);
        return new ActiveModel($"{project}.{id}", version.Id, version.ArtifactDigest, model, GoldenInputs.Read(lines.ToArray()));
    }

    /// <summary>The kind of prediction of a saved model under its wire name; null when there is no such model.</summary>
    internal async Task<string?> FindPredictionTypeAsync(string projectKey, string reference, CancellationToken cancellationToken)
    {
        var (project, id) = Split(projectKey, reference);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.SavedModels.Where(row => row.ProjectKey == project && row.Id == id).Select(row => row.PredictionType).SingleOrDefaultAsync(cancellationToken);
    }

    internal static (string Project, string Id) Split(string projectKey, string reference)
    {
        var dot = reference.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (projectKey, reference) : (reference[..dot], reference[(dot + 1)..]);
    }

    private Task<Stream> OpenAsync(string digest, SavedModelVersionRow version, CancellationToken cancellationToken) =>
        _blobs.OpenAsync(digest, $"The content of saved model '{version.SavedModelId}', version '{version.Id}'", cancellationToken);

    private static async Task<TrainedModelRow> TrainedAsync(
        DesignDbContext db, string projectKey, string labModelId, CancellationToken cancellationToken)
    {
        var row = await db.TrainedModels.AsNoTracking()
            .SingleOrDefaultAsync(model => model.Id == labModelId && model.ProjectKey == projectKey, cancellationToken)
            ?? throw Refusal.NotFound($"There is no trained model '{labModelId}' in project '{projectKey}'.");
        if (row.State == RunState.Done) return row;
        throw Refusal.Conflict(row.Failure is { } reason
            ? $"Model '{labModelId}' is {row.State}, not Done, so it cannot be deployed: {reason}"
            : $"Model '{labModelId}' is {row.State}, not Done, so it cannot be deployed yet.");
    }

    private SavedModelVersionRow Version(TrainedModelRow trained, string id, string versionId, string actor) => new()
    {
        ProjectKey = trained.ProjectKey,
        SavedModelId = id,
        Id = versionId,
        LabModelId = trained.Id,
        Algorithm = trained.Algorithm,
        ArtifactDigest = trained.ArtifactDigest!,
        GoldenDigest = trained.GoldenDigest!,
        MetricsJson = trained.MetricsJson!,
        EvaluationJson = trained.EvaluationJson!,
        SettingsJson = trained.SettingsJson,
        StepsJson = trained.StepsJson,
        DatasetRef = trained.DatasetRef,
        DatasetDigest = trained.DatasetDigest!,
        Seed = trained.Seed,
        TrainedOn = trained.EndedOn ?? trained.CreatedOn,
        CreatedOn = _time.GetUtcNow(),
        CreatedBy = actor,
        UserMetaJson = trained.UserMetaJson,
    };

    private static async Task<SavedModelRow> FindByIdOrRecipeAsync(
        DesignDbContext db, string projectKey, string? id, string? recipeName, CancellationToken cancellationToken)
    {
        if (id is not null)
            return await db.SavedModels.SingleOrDefaultAsync(row => row.ProjectKey == projectKey && row.Id == id, cancellationToken)
                ?? throw NoModel(projectKey, id);
        if (recipeName is null) throw Refusal.Invalid("Give the saved model ('savedModelId') or its training recipe ('recipeName').");
        foreach (var model in await db.SavedModels.Where(row => row.ProjectKey == projectKey).ToListAsync(cancellationToken))
            if (string.Equals(Documents.Parse(model.DocumentJson).String("trainRecipeName"), recipeName, StringComparison.Ordinal)) return model;
        throw Refusal.NotFound($"No saved model of project '{projectKey}' has the training recipe '{recipeName}'.");
    }

    private static async Task<string?> FindUserAsync(DesignDbContext db, string projectKey, string id, CancellationToken cancellationToken)
    {
        var services = await db.ApiServices.AsNoTracking().ToListAsync(cancellationToken);
        foreach (var service in services)
        {
            var endpoints = Documents.Parse(service.SettingsJson)["endpoints"] as JsonArray ?? [];
            foreach (var endpoint in endpoints.OfType<JsonObject>())
                if (endpoint.String("modelRef") is { } reference && Split(service.ProjectKey, reference) == (projectKey, id)) return service.Id;
        }

        return null;
    }

    private static async Task<SavedModelRow> FindAsync(DesignDbContext db, string projectKey, string id, CancellationToken cancellationToken) =>
        await db.SavedModels.AsNoTracking().SingleOrDefaultAsync(row => row.ProjectKey == projectKey && row.Id == id, cancellationToken)
        ?? throw NoModel(projectKey, id);

    private static async Task<SavedModelVersionRow> FindVersionAsync(
        DesignDbContext db, string projectKey, string id, string versionId, CancellationToken cancellationToken) =>
        await db.SavedModelVersions.AsNoTracking().SingleOrDefaultAsync(
            row => row.ProjectKey == projectKey && row.SavedModelId == id && row.Id == versionId, cancellationToken)
        ?? throw Refusal.NotFound($"There is no version '{versionId}' of saved model '{id}' in project '{projectKey}'.");

    private static IQueryable<SavedModelSummary> Summaries(DesignDbContext db, IQueryable<SavedModelRow> models) =>
        models.AsNoTracking().OrderBy(model => model.CreatedOn).Select(model => new SavedModelSummary
        {
            ProjectKey = model.ProjectKey,
            Id = model.Id,
            Name = model.Name,
            PredictionType = model.PredictionType,
            Target = model.Target,
            ActiveVersion = model.ActiveVersion,
            Versions = db.SavedModelVersions.Count(row => row.ProjectKey == model.ProjectKey && row.SavedModelId == model.Id),
            CreatedOn = model.CreatedOn,
        });

    private static SavedModelVersion Summary(SavedModelVersionRow row, string active) => new()
    {
        Id = row.Id,
        Active = string.Equals(row.Id, active, StringComparison.Ordinal),
        LabModelId = row.LabModelId,
        Algorithm = row.Algorithm,
        AlgorithmName = AlgorithmCatalog.DisplayName(row.Algorithm),
        Metrics = TrainingService.Metrics(row.MetricsJson),
        ArtifactDigest = row.ArtifactDigest,
        DatasetRef = row.DatasetRef,
        DatasetDigest = row.DatasetDigest,
        Seed = row.Seed,
        TrainedOn = row.TrainedOn,
        CreatedOn = row.CreatedOn,
        CreatedBy = row.CreatedBy,
    };

    private static Exception NoModel(string projectKey, string id) =>
        Refusal.NotFound($"There is no saved model '{id}' in project '{projectKey}'.");
}
