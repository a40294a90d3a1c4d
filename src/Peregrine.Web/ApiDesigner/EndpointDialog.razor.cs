using System.Text;
using Microsoft.AspNetCore.Components;
using Peregrine.Designing.ApiServices.Lookups;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.SavedModels;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Web.Components;

namespace Peregrine.Web.ApiDesigner;

public sealed partial class EndpointDialog
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _left = new(StringComparer.Ordinal);
    private bool _isLookup;
    private bool _busy;
    private bool _wasOpen;
    private string _id = "score";
    private string _model = "";
    private string _dataset = "";
    private NoMatchPolicy _noMatch;
    private SeveralMatchesPolicy _several;
    private bool _keeps;
    private int _seconds = CacheSettings.DefaultTtlSeconds;
    private Fault? _fault;

    [Parameter] public bool Open { get; set; }
    [Parameter] public EventCallback<bool> OpenChanged { get; set; }
    [Parameter, EditorRequired] public string Project { get; set; } = "";
    [Parameter, EditorRequired] public string Service { get; set; } = "";
    [Parameter, EditorRequired] public IReadOnlyList<SavedModelSummary> Models { get; set; } = [];
    [Parameter, EditorRequired] public IReadOnlyList<DatasetSummary> Datasets { get; set; } = [];

    /// <summary>Adds an endpoint that predicts by a model; what went wrong, or null.</summary>
    [Parameter, EditorRequired] public Func<string, string, Task<Fault?>> AddPrediction { get; set; } = (_, _) => Task.FromResult<Fault?>(null);

    /// <summary>Adds an endpoint that looks up a dataset; what went wrong, or null.</summary>
    [Parameter, EditorRequired] public Func<string, LookupChoice, Task<Fault?>> AddLookup { get; set; } = (_, _) => Task.FromResult<Fault?>(null);

    private IReadOnlyList<DatasetColumn> Columns => Datasets.FirstOrDefault(dataset => dataset.Name == _dataset)?.Columns ?? [];

    private bool IsComplete => _id.Trim().Length > 0 && (_isLookup ? _keys.Count > 0 : _model.Length > 0);

    private IReadOnlyList<CodeSample> Samples
    {
        get
        {
            var cli = new StringBuilder($"./peregrine service add-endpoint {Project} {Service} {_id.Trim()} --lookup {_dataset}");
            foreach (var key in Choice.Keys) cli.Append(" \\\n  --key ").Append(key);
            foreach (var column in _left.Count > 0 ? Choice.Columns : []) cli.Append(" \\\n  --column ").Append(column);
            if (_keeps) cli.Append(" \\\n  --cache ").Append(_seconds);
            return [new CodeSample("CLI", cli.ToString())];
        }
    }

    private LookupChoice Choice => new()
    {
        Dataset = _dataset,
        Keys = [.. Columns.Select(column => column.Name).Where(_keys.Contains)],
        Columns = [.. Columns.Select(column => column.Name).Where(name => !_keys.Contains(name) && !_left.Contains(name))],
        NoMatch = _noMatch,
        SeveralMatches = _several,
        Cache = _keeps ? new CacheSettings { TtlSeconds = _seconds } : null,
    };

    protected override void OnParametersSet()
    {
        if (Open && !_wasOpen)
        {
            (_fault, _model, _isLookup) = (null, Models is [var first, ..] ? first.Id : "", Models.Count == 0 && Datasets.Count > 0);
            Choose(Datasets is [var dataset, ..] ? dataset.Name : "");
        }

        _wasOpen = Open;
    }

    private void Choose(string? dataset)
    {
        _dataset = dataset ?? "";
        _keys.Clear();
        _left.Clear();
    }

    private static void Toggle(HashSet<string> names, string name, object? isIn)
    {
        if (isIn is true) names.Add(name);
        else names.Remove(name);
    }

    private async Task AddAsync()
    {
        _busy = true;
        _fault = _isLookup ? await AddLookup(_id.Trim(), Choice) : await AddPrediction(_id.Trim(), _model);
        _busy = false;
        if (_fault is null) await OpenChanged.InvokeAsync(false);
    }
}
