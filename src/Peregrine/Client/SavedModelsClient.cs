namespace Peregrine.Client;

public sealed class SavedModelsClient(HttpConnection connection)
{
    public Task<IReadOnlyList<SavedModelItem>> ListAsync(string project, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Models(project)}/", ClientJson.Default.IReadOnlyListSavedModelItem, cancellationToken);

    public Task<IReadOnlyList<SavedModelVersionItem>> VersionsAsync(string project, string model, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Models(project)}/{PeregrineClient.Id(model)}/versions", ClientJson.Default.IReadOnlyListSavedModelVersionItem, cancellationToken);

    private static string Models(string project) => $"{PeregrineClient.Base}/projects/{PeregrineClient.Id(project)}/savedmodels";
}
