using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Infrastructures;
using Peregrine.Deploying.Stages;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer;

public sealed record InfrasState(IReadOnlyList<InfraStatus> Infras, IReadOnlyList<Stage> Stages);

public sealed class InfrasView(Engines engines) : ViewModel<InfrasState>(engines)
{
    /// <summary>Makes a static infrastructure with its nodes; one that could not get its nodes is taken back.</summary>
    public Task<Fault?> CreateAsync(InfraForm form, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<InfrastructureService>(infras => CreateAsync(infras, form, cancellationToken)), cancellationToken);

    public Task<Fault?> DeleteAsync(string id, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<InfrastructureService>(infras => infras.DeleteAsync(id, cancellationToken)), cancellationToken);

    protected override async Task<InfrasState> ReadAsync(CancellationToken cancellationToken) => new(
        await Engines.CallAsync<InfrastructureService, IReadOnlyList<InfraStatus>>(infras => infras.ListAsync(cancellationToken)),
        await Engines.CallAsync<StageService, IReadOnlyList<Stage>>(stages => stages.ListAsync(cancellationToken)));

    private static async Task CreateAsync(InfrastructureService infras, InfraForm form, CancellationToken cancellationToken)
    {
        await infras.CreateAsync(new CreateInfraRequest { Id = form.Id.Trim(), Stage = form.Stage }, cancellationToken);
        try
        {
            var settings = await infras.GetSettingsAsync(form.Id.Trim(), cancellationToken);
            var nodes = form.Nodes.Where(node => !string.IsNullOrWhiteSpace(node.Url))
                .Select(node => new ApiNodeSettings { Url = node.Url.Trim(), AdminApiKey = string.IsNullOrWhiteSpace(node.Key) ? null : node.Key.Trim() });
            await infras.SaveSettingsAsync(form.Id.Trim(), settings.Value with { ApiNodes = [.. nodes] }, settings.Revision, cancellationToken);
        }
        catch
        {
            await infras.DeleteAsync(form.Id.Trim(), CancellationToken.None);
            throw;
        }
    }
}
