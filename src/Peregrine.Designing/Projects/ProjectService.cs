using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Peregrine.Datasets.Storage;
using Peregrine.Designing.Json;
using Peregrine.Designing.Store;

namespace Peregrine.Designing.Projects;

/// <summary>Projects and their documents.</summary>
public sealed class ProjectService(IDbContextFactory<DesignDbContext> contexts, DatasetStore files, TimeProvider time)
{
    /// <summary>All projects by key.</summary>
    public async Task<IReadOnlyList<ProjectSummary>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Summaries(db, db.Projects.OrderBy(project => project.Key)).ToListAsync(cancellationToken);
    }

    public async Task<ProjectSummary> GetAsync(string projectKey, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Summaries(db, db.Projects.Where(project => project.Key == projectKey)).SingleOrDefaultAsync(cancellationToken)
            ?? throw Refusal.NoProject(projectKey);
    }

    /// <param name="actor">Who asks; the owner unless the request names one.</param>
    public async Task<ProjectSummary> CreateAsync(CreateProject request, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var key = Names.ProjectKey(request.ProjectKey);
        var owner = string.IsNullOrWhiteSpace(request.Owner) ? actor : request.Owner;
        var settings = (request.Settings?.DeepClone() as JsonObject ?? []).FilledFrom(ProjectDefaults.Settings());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Projects.Add(new ProjectRow
        {
            Key = key,
            Name = string.IsNullOrWhiteSpace(request.Name) ? key : request.Name,
            Description = request.Description,
            Owner = owner,
            CreatedOn = time.GetUtcNow(),
            ChangedOn = time.GetUtcNow(),
            ChangedBy = actor,
            MetadataJson = Documents.Text(ProjectDefaults.Metadata(request)),
            SettingsJson = Documents.Text(settings),
            PermissionsJson = Documents.Text(ProjectDefaults.Permissions(request, owner)),
            TagsJson = Documents.Text(ProjectDefaults.Tags(request)),
            VariablesJson = Documents.Text(ProjectDefaults.Variables()),
        });
        await db.SaveNewAsync(
            existing => existing.Projects.AnyAsync(project => project.Key == key, cancellationToken),
            $"There is a project '{key}' already; choose another key.",
            cancellationToken);
        return await GetAsync(key, cancellationToken);
    }

    public async Task<JsonObject> GetDocumentAsync(string projectKey, ProjectDocument document, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Projects.AsNoTracking().SingleOrDefaultAsync(project => project.Key == projectKey, cancellationToken)
            ?? throw Refusal.NoProject(projectKey);
        return Documents.Parse(Text(row, document));
    }

    /// <summary>Replaces a document whole; members unknown to us are kept.</summary>
    public async Task SaveDocumentAsync(
        string projectKey, ProjectDocument document, JsonObject content, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Projects.SingleOrDefaultAsync(project => project.Key == projectKey, cancellationToken)
            ?? throw Refusal.NoProject(projectKey);
        Complete(document, content);
        Replace(row, document, content);
        row.ChangedOn = time.GetUtcNow();
        row.ChangedBy = actor;
        await db.SaveChangedAsync($"project '{projectKey}'", cancellationToken);
    }

    /// <summary>Deletes the project with all that is in it. Refused while a training runs.</summary>
    public async Task DeleteAsync(string projectKey, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Projects.AnyAsync(project => project.Key == projectKey, cancellationToken)) throw Refusal.NoProject(projectKey);
        if (await db.TrainedModels.AnyAsync(
                model => model.ProjectKey == projectKey && (model.State == RunState.Pending || model.State == RunState.Running), cancellationToken))
            throw Refusal.Conflict($"A training runs in project '{projectKey}'. Abort it or wait for its end, then delete the project.");
        var stored = await db.Datasets.Where(row => row.ProjectKey == projectKey).Select(row => row.StorageId).ToListAsync(cancellationToken);
        await DeleteRowsAsync(db, projectKey, cancellationToken);
        foreach (var storageId in stored) await files.DeleteAsync(storageId, CancellationToken.None);
    }

    private static async Task DeleteRowsAsync(DesignDbContext db, string projectKey, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.ServicePackages.Where(row => row.ProjectKey == projectKey).ExecuteDeleteAsync(cancellationToken);
        await db.ApiServices.Where(row => row.ProjectKey == projectKey).ExecuteDeleteAsync(cancellationToken);
        await db.SavedModelVersions.Where(row => row.ProjectKey == projectKey).ExecuteDeleteAsync(cancellationToken);
        await db.SavedModels.Where(row => row.ProjectKey == projectKey).ExecuteDeleteAsync(cancellationToken);
        await db.TrainedModels.Where(row => row.ProjectKey == projectKey).ExecuteDeleteAsync(cancellationToken);
        await db.MlTasks.Where(row => row.ProjectKey == projectKey).ExecuteDeleteAsync(cancellationToken);
        await db.Analyses.Where(row => row.ProjectKey == projectKey).ExecuteDeleteAsync(cancellationToken);
        await db.Datasets.Where(row => row.ProjectKey == projectKey).ExecuteDeleteAsync(cancellationToken);
        await db.Projects.Where(row => row.Key == projectKey).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static IQueryable<ProjectSummary> Summaries(DesignDbContext db, IQueryable<ProjectRow> projects) =>
        projects.AsNoTracking().Select(project => new ProjectSummary
        {
            ProjectKey = project.Key,
            Name = project.Name,
            Description = project.Description,
            Owner = project.Owner,
            CreatedOn = project.CreatedOn,
            ChangedOn = project.ChangedOn,
            Datasets = db.Datasets.Count(row => row.ProjectKey == project.Key),
            Analyses = db.Analyses.Count(row => row.ProjectKey == project.Key),
            SavedModels = db.SavedModels.Count(row => row.ProjectKey == project.Key),
            ApiServices = db.ApiServices.Count(row => row.ProjectKey == project.Key),
        });

    /// <summary>Clients may send less than a whole document; the parents that they expect back are put in.</summary>
    private static void Complete(ProjectDocument document, JsonObject content)
    {
        if (document == ProjectDocument.Settings) content.FilledFrom(ProjectDefaults.Settings());
        if (document == ProjectDocument.Variables) content.FilledFrom(ProjectDefaults.Variables());
        if (document == ProjectDocument.Tags) content.Child("tags");
        if (document == ProjectDocument.Permissions) content.List("permissions");
    }

    private static string Text(ProjectRow row, ProjectDocument document) => document switch
    {
        ProjectDocument.Metadata => row.MetadataJson,
        ProjectDocument.Settings => row.SettingsJson,
        ProjectDocument.Permissions => row.PermissionsJson,
        ProjectDocument.Tags => row.TagsJson,
        _ => row.VariablesJson,
    };

    private static void Replace(ProjectRow row, ProjectDocument document, JsonObject content)
    {
        var text = Documents.Text(content);
        switch (document)
        {
            case ProjectDocument.Metadata:
                row.MetadataJson = text;
                if (content.String("label") is { Length: > 0 } label) row.Name = label;
                if (content.String("description") is { } description) row.Description = description;
                break;
            case ProjectDocument.Settings:
                row.SettingsJson = text;
                break;
            case ProjectDocument.Permissions:
                row.PermissionsJson = text;
                if (content.String("owner") is { Length: > 0 } owner) row.Owner = owner;
                break;
            case ProjectDocument.Tags:
                row.TagsJson = text;
                break;
            default:
                row.VariablesJson = text;
                break;
        }
    }
}
