using System.Text.Json.Nodes;
using Peregrine.Datasets.Tables;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Models.Artifacts;
using Peregrine.Packages;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Kinds.Lookup.Tables;

namespace Peregrine.Designing.ApiServices.Lookups;

/// <summary>Between lookup endpoints and the datasets they look up: which columns there are, and the rows as they are now.</summary>
internal sealed class LookupRows(DatasetService datasets)
{
    /// <summary>Checks that dataset and columns are there, and names the columns where none are: all but those of the key.</summary>
    /// <param name="endpoint">A lookup endpoint whose settings hold in themselves.</param>
    public async Task CompleteAsync(string projectKey, JsonObject endpoint, string pointer, List<ApiErrorItem> faults, CancellationToken cancellationToken)
    {
        var choice = LookupEndpointSettings.Read(endpoint);
        if (await FindAsync(projectKey, choice.Dataset, cancellationToken) is not { } dataset)
        {
            faults.Add(new ApiErrorItem(
                $"{pointer}/{LookupEndpointSettings.Dataset}", "UnknownDataset", $"Endpoint '{endpoint.String("id")}' looks up dataset '{choice.Dataset}', which is not there."));
            return;
        }

        var known = dataset.Columns.Select(column => column.Name).ToList();
        CheckColumns(choice.Dataset, known, choice.Keys, $"{pointer}/{LookupEndpointSettings.Keys}", faults);
        CheckColumns(choice.Dataset, known, choice.Columns, $"{pointer}/{LookupEndpointSettings.Columns}", faults);
        if (choice.Columns.Count == 0) endpoint[LookupEndpointSettings.Columns] = LookupEndpointSettings.List(known.Except(choice.Keys, StringComparer.Ordinal));
    }

    /// <summary>The rows as they are now.</summary>
    /// <exception cref="ApiErrorException">The dataset or a column is gone, or it has no rows.</exception>
    public async Task<LookupEndpointSource> ReadAsync(string projectKey, JsonObject endpoint, CancellationToken cancellationToken)
    {
        var choice = LookupEndpointSettings.Read(endpoint);
        var content = await datasets.LoadReferenceAsync(projectKey, choice.Dataset, cancellationToken);
        LookupTableColumn[] Columns(IEnumerable<string> names) => [.. names.Select(name => Copy(Column(choice.Dataset, content.Table, name)))];
        return await Task.Run(() => new LookupEndpointSource
        {
            Id = endpoint.String("id")!,
            Settings = LookupEndpointSettings.ToPackage(choice, content.Reference),
            Keys = Columns(choice.Keys),
            Columns = Columns(choice.Columns),
            TestQueries = (JsonArray)ServiceSettings.TestQueries(endpoint).DeepClone(),
        }, cancellationToken);
    }

    /// <summary>The endpoint on the rows as they are now, as a node would answer it.</summary>
    public async Task<LookupEndpoint> TryAsync(string projectKey, JsonObject endpoint, CancellationToken cancellationToken)
    {
        var source = await ReadAsync(projectKey, endpoint, cancellationToken);
        try
        {
            return await Task.Run(() => LookupEndpoint.ForTrial(source.Id, source.Settings, IndexedTableWriter.Write(source.Keys, source.Columns)), cancellationToken);
        }
        catch (ArgumentException unusable)
        {
            throw Refusal.Conflict($"Dataset '{source.Settings.Dataset}' cannot be looked up: {unusable.Message}");
        }
    }

    private static void CheckColumns(string dataset, IReadOnlyList<string> known, IReadOnlyList<string> names, string pointer, List<ApiErrorItem> faults)
    {
        for (var at = 0; at < names.Count; at++)
        {
            if (known.Contains(names[at], StringComparer.Ordinal)) continue;
            var near = NearestName.Find(names[at], known);
            faults.Add(new ApiErrorItem(
                $"{pointer}/{at}", "UnknownColumn",
                known.Count == 0 ? $"Dataset '{dataset}' has no columns yet. Upload a file and detect its schema first."
                : $"Dataset '{dataset}' has no column '{names[at]}'.{(near is null ? $" Its columns are {string.Join(", ", known)}." : $" Did you mean '{near}'?")}"));
        }
    }

    private async Task<DatasetSummary?> FindAsync(string projectKey, string reference, CancellationToken cancellationToken)
    {
        var dot = reference.IndexOf('.', StringComparison.Ordinal);
        var (project, name) = dot < 0 ? (projectKey, reference) : (reference[..dot], reference[(dot + 1)..]);
        try
        {
            return await datasets.GetAsync(project, name, cancellationToken);
        }
        catch (ApiErrorException missing) when (missing.Error.Status == 404)
        {
            return null;
        }
    }

    private static TableColumn Column(string dataset, Table table, string name) =>
        table.Find(name) ?? throw Refusal.Conflict($"Dataset '{dataset}' no longer has column '{name}'. Choose other columns for the endpoint.");

    private static LookupTableColumn Copy(TableColumn column) => column is NumberColumn numbers
        ? new LookupTableColumn(column.Field, numbers.Values.ToArray())
        : new LookupTableColumn(column.Field, Texts((TextColumn)column));

    private static byte[]?[] Texts(TextColumn column)
    {
        var texts = new byte[]?[column.Rows];
        for (var row = 0; row < texts.Length; row++)
            if (!column.IsMissing(row)) texts[row] = column.Utf8(row).ToArray();
        return texts;
    }
}
