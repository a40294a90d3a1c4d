using Microsoft.Extensions.Options;
using Peregrine.Hosting.Tls;

namespace Peregrine.Deploying;

internal sealed class DeployingOptionsValidator : IValidateOptions<DeployingOptions>
{
    public ValidateOptionsResult Validate(string? name, DeployingOptions options)
    {
        var faults = new List<string>();
        if (options.ConnectionString is not null && string.IsNullOrWhiteSpace(options.ConnectionString))
            faults.Add("ConnectionString is empty: leave it out to use the embedded store.");
        if (options.MaxRepairPause < options.ReconcileInterval)
            faults.Add("MaxRepairPause is shorter than ReconcileInterval: make it at least as long.");
        if (options.Stages.Select(stage => stage.Id).Distinct(StringComparer.Ordinal).Count() != options.Stages.Count)
            faults.Add("Stages holds an id twice.");
        try
        {
            using var trial = new SocketsHttpHandler();
            options.NodeTls.ApplyTo(trial);
        }
        catch (TlsFileException wrong)
        {
            faults.Add($"Certificates for API nodes: {wrong.Message}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
