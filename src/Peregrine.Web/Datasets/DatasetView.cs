using Peregrine.Datasets.Profiles;
using Peregrine.Designing.Datasets;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Datasets;

/// <param name="Columns">One per column of the rows, in their order.</param>
public sealed record DatasetState(DatasetSummary Summary, RowsPage Rows, IReadOnlyList<ColumnCard> Columns);

/// <summary>One dataset: a page of rows below heads that say what each column holds.</summary>
public sealed class DatasetView(Engines engines) : ViewModel<DatasetState>(engines)
{
    public const int PageRows = 100;

    public string ProjectKey { get; set; } = "";
    public string Dataset { get; set; } = "";

    /// <summary>First row shown, counted from 0.</summary>
    public int Offset { get; set; }

    public Task<Fault?> DeleteAsync(CancellationToken cancellationToken) =>
        Engines.GuardAsync(() => Engines.CallAsync<DatasetService>(datasets => datasets.DeleteAsync(ProjectKey, Dataset, cancellationToken)));

    protected override async Task<DatasetState> ReadAsync(CancellationToken cancellationToken)
    {
        var summary = await Engines.CallAsync<DatasetService, DatasetSummary>(datasets => datasets.GetAsync(ProjectKey, Dataset, cancellationToken));
        if (summary.Files == 0) return new DatasetState(summary, new RowsPage { Columns = [], Rows = [], Offset = 0, Total = 0 }, []);
        var rows = await Engines.CallAsync<DatasetService, RowsPage>(datasets => datasets.GetRowsAsync(ProjectKey, Dataset, Offset, PageRows, cancellationToken));
        var profiles = State is { } known && known.Summary.ChangedOn == summary.ChangedOn && known.Summary.Name == Dataset
            ? known.Columns
            : Cards(await Engines.CallAsync<DatasetService, IReadOnlyList<ColumnProfile>>(datasets => datasets.GetProfileAsync(ProjectKey, Dataset, cancellationToken)));
        return new DatasetState(summary, rows, profiles);
    }

    private static IReadOnlyList<ColumnCard> Cards(IReadOnlyList<ColumnProfile> profiles) => [.. profiles.Select(ColumnCard.Of)];
}
