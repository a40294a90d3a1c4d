using Peregrine.Web.Components;

namespace Peregrine.Web.Projects;

public sealed partial class ProjectsPage
{
    private bool _asking;
    private string _name = "";
    private string _key = "";
    private Fault? _fault;

    protected override object About => "projects";

    private IReadOnlyList<CodeSample> Samples => ProjectSamples.Create(string.IsNullOrWhiteSpace(_key) ? "FRAUD" : _key, _name);

    protected override void Aim(ProjectsView view)
    {
        // The list of all projects needs nothing told.
    }

    private void Ask() => (_asking, _name, _key, _fault) = (true, "", "", null);

    private void Suggest() => _key = ProjectKeys.From(_name);

    private async Task CreateAsync()
    {
        _fault = await View.CreateAsync(_key, _name, Actor, Stopping);
        if (_fault is not null) return;
        _asking = false;
        Notices.Done($"Project {_key} was made.");
        Navigation.NavigateTo($"/projects/{_key}");
    }
}
