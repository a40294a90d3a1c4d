namespace Peregrine.Client;

public sealed class SavedModelsClient(HttpConnection connection)
{
    public Task<IReadOnlyList<SavedModelItem>> ListAsync(string project, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Models(project)}/", ClientJson.Default.IReadOnlyListSavedModelItem, cancellationToken);

    public Task<IReadOnlyList<SavedModelVersionItem>> VersionsAsync(string project, string model, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Models(project)}/{PeregrineClient.Id(model)}/versions", ClientJson.Default.IReadOnlyListSavedModelVersionItem, cancellationToken);

    /// <summary>The kind of endpoint that answers by a saved model, which may be one of another project (<c>PROJECT.id</c>).</summary>
    public async Task<string> EndpointKindAsync(string project, string reference, CancellationToken cancellationToken)
    {
        var (owner, id) = reference.Split('.', 2) is [var other, var rest] ? (other, rest) : (project, reference);
        var model = (await ListAsync(owner, cancellationToken)).FirstOrDefault(one => one.Id == id);
        return model?.MiniTask?.TaskType == "CLUSTERING" ? "STD_CLUSTERING" : "STD_PREDICTION";
    }

    private static string Models(string project) => $"{PeregrineClient.Base}/projects/{PeregrineClient.Id(project)}/savedmodels";
}
