using Microsoft.AspNetCore.Components;
using Peregrine.Designing.ApiServices;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Web.Components;

namespace Peregrine.Web.ApiDesigner;

public sealed partial class SchemaDialog
{
    private EndpointSchema _schema = new();
    private Fault? _fault;
    private bool _busy;
    private bool _wasOpen;

    [Parameter] public bool Open { get; set; }
    [Parameter] public EventCallback<bool> OpenChanged { get; set; }

    /// <summary>Path of the service on the REST API.</summary>
    [Parameter, EditorRequired] public string Service { get; set; } = "";

    [Parameter, EditorRequired] public string Project { get; set; } = "";
    [Parameter, EditorRequired] public string Endpoint { get; set; } = "";
    [Parameter, EditorRequired] public EndpointSchema Schema { get; set; } = new();

    /// <summary>Saves; what went wrong, or null.</summary>
    [Parameter, EditorRequired] public Func<EndpointSchema, Task<Fault?>> Save { get; set; } = _ => Task.FromResult<Fault?>(null);

    private IReadOnlyList<CodeSample> Samples =>
    [
        new("CLI", $"./peregrine service set-schema {Project} {Service} {Endpoint}{string.Concat(Changed().Select(change => $" \\\n  --{Hyphened(change.Choice.Label)} {change.Policy.ToString().ToLowerInvariant()}"))}{(_schema.Quiet ? " \\\n  --quiet true" : "")}"),
        Rest.Put(
            $"/projects/{Project}/apiservices/{Service}/endpoints/{Endpoint}/schema",
            $"{{{string.Join(",", Changed().Select(change => $"\"{Camel(change.Choice.Label)}\":\"{change.Policy.ToString().ToUpperInvariant()}\"").Append($"\"quiet\":{(_schema.Quiet ? "true" : "false")}"))}}}"),
    ];

    protected override void OnParametersSet()
    {
        if (Open && !_wasOpen) (_schema, _fault) = (Schema, null);
        _wasOpen = Open;
    }

    private static string Hyphened(string label) => label.ToLowerInvariant().Replace(' ', '-');

    private static string Camel(string label) => string.Concat(label.Split(' ').Select((word, at) => at == 0 ? word.ToLowerInvariant() : char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>What is to be said to come from the defaults to this.</summary>
    private IEnumerable<(SchemaChoice Choice, FeaturePolicy Policy)> Changed() =>
        SchemaWords.Choices.Where(choice => choice.Read(_schema) != choice.Read(new EndpointSchema())).Select(choice => (choice, choice.Read(_schema)));

    private void Choose(SchemaChoice choice, object? value)
    {
        if (Enum.TryParse<FeaturePolicy>(value?.ToString(), out var policy)) _schema = choice.Write(_schema, policy);
    }

    private async Task SaveAsync()
    {
        _busy = true;
        _fault = await Save(_schema);
        _busy = false;
        if (_fault is null) await OpenChanged.InvokeAsync(false);
    }
}
