using System.Globalization;
using Peregrine.Client;
using Peregrine.Contracts.Deployer;
using Peregrine.DataDirectories;
using Peregrine.Roles;
using Peregrine.Terminal;
using Peregrine.Verbs;

namespace Peregrine.Demo;

/// <summary>The main job, step by step. Each step looks first whether it is done, so that a stopped demo goes on where it was.</summary>
internal sealed class DemoStory(PeregrineClient client, Instance instance, Narrator narrator)
{
    private readonly DataDirectory _directory = instance.Directory;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var version = await DeployedVersionAsync(cancellationToken);
        if (version is null) version = await BuildAsync(cancellationToken);
        else narrator.Done($"the demo of an earlier run is here: going on with its service {DemoFraud.Service} {version}");
        await DeployAsync(version, cancellationToken);
        await QueryAsync(cancellationToken);
        Addresses();
    }

    /// <summary>The version of an earlier run whose key is still known.</summary>
    private async Task<string?> DeployedVersionAsync(CancellationToken cancellationToken)
    {
        if (await SecretFile.ReadAsync(KeyPath, cancellationToken) is null) return null;
        var service = (await client.Deployer.ListServicesAsync(cancellationToken)).FirstOrDefault(one => one.ServiceBasicInfo.Id == DemoFraud.Service);
        return service?.Packages is [var newest, ..] ? newest.Id : null;
    }

    private async Task<string> BuildAsync(CancellationToken cancellationToken)
    {
        await new DemoDatasets(client, _directory, narrator).EnsureAsync(cancellationToken);
        var model = await new DemoTraining(client, narrator).EnsureModelAsync(cancellationToken);
        return await new DemoService(client, narrator, KeyPath).PublishAsync(model, cancellationToken);
    }

    private async Task DeployAsync(string version, CancellationToken cancellationToken)
    {
        narrator.Step("Deploying it to an API node");
        var infras = await client.Deployer.ListInfrasAsync(cancellationToken);
        if (infras.All(infra => infra.InfraBasicInfo.Id != DemoFraud.Infrastructure))
            await client.Deployer.CreateInfraAsync(DemoFraud.Infrastructure, DemoFraud.Stage, cancellationToken);
        var node = new ApiNodeSettings { Url = Instance.Origin(instance.Settings.NodeUrl), AdminApiKey = instance.AdminKey.Secret };
        var settings = await client.Deployer.GetInfraSettingsAsync(DemoFraud.Infrastructure, cancellationToken);
        await client.Deployer.SaveInfraSettingsAsync(settings with { ApiNodes = [node] }, cancellationToken);
        narrator.Done($"infrastructure {DemoFraud.Infrastructure} in stage {DemoFraud.Stage} with node {node.Url}");

        await DeployVerb.SetVersionAsync(client, DemoFraud.Deployment, DemoFraud.Service, DemoFraud.Infrastructure, version, cancellationToken);
        var result = await ProgressView.RunAsync("Deploying", progress => client.Deployer.UpdateAsync(DemoFraud.Deployment, progress, cancellationToken));
        if (result.Status != UpdateStatus.Done || result.Health != DeploymentHealth.Healthy)
            throw new ClientException($"Deployment {DemoFraud.Deployment} is {DeploymentVerbs.Health(result.Health)}: {string.Join(" ", result.Report.Messages.Select(message => message.Message))}");
        narrator.Done($"deployment {DemoFraud.Deployment} with version {version} is HEALTHY: the node has checked the model's golden records");
    }

    private async Task QueryAsync(CancellationToken cancellationToken)
    {
        narrator.Step("Asking it");
        var report = await client.Deployer.RunTestQueriesAsync(DemoFraud.Deployment, DemoFraud.Endpoint, cancellationToken);
        var answers = report.Results.Select(DemoAnswer.Of).ToList();
        narrator.Table(
            ["PAYMENT", "AMOUNT", "AT", "FRAUD?", "PROBABILITY", "PERCENTILE", "TIME"],
            [.. answers.Select(answer => answer.Row())], answers.FindIndex(answer => answer == answers.MaxBy(one => one.Probability)));
        if (!report.Success) throw new ClientException("A test query was not answered: " + report.Results.First(result => !result.Success).Error);
        narrator.Done(string.Create(CultureInfo.InvariantCulture, $"{answers.Count} test queries answered; {narrator.Elapsed.TotalSeconds:0.0} s since the start"));
        var request = answers.MaxBy(answer => answer.Probability)!.Request;
        await File.WriteAllTextAsync(RequestPath, request + "\n", cancellationToken);
    }

    private void Addresses()
    {
        var api = $"{Instance.Origin(instance.Settings.NodeUrl)}/public/api/v1/{DemoFraud.Service}/{DemoFraud.Endpoint}/predict";
        narrator.Step("Yours to try");
        narrator.Fact("Page", Instance.Origin(instance.Settings.Url));
        narrator.Fact("API", api);
        narrator.Fact("Admin key", _directory.AdminKeyFile);
        narrator.Fact("Service key", KeyPath);
        narrator.Note("Paste this to score a payment:");
        Output.Line($"curl -s -u \"$(cat {ShellQuote(KeyPath)}):\" -d {ShellQuote("@" + RequestPath)} {api}");
    }

    private string KeyPath => _directory.In(DemoFraud.KeyFile);

    private string RequestPath => _directory.In(DemoFraud.RequestFile);

    /// <summary>As one word for the shell, also when the path holds blanks or quotes.</summary>
    internal static string ShellQuote(string text) =>
        text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_' or '@')
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
