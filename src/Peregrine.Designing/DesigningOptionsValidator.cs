using Microsoft.Extensions.Options;

namespace Peregrine.Designing;

internal sealed class DesigningOptionsValidator : IValidateOptions<DesigningOptions>
{
    public ValidateOptionsResult Validate(string? name, DesigningOptions options)
    {
        var faults = new List<string>();
        if (options.DeployerUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")))
            faults.Add($"DeployerUrl '{url}' is not an absolute http or https URL.");
        if (options.DeployerUrl is not null && string.IsNullOrEmpty(options.DeployerKey))
            faults.Add("DeployerUrl is given without DeployerKey: the Deployer answers only to a key.");
        if (options.ConnectionString is not null && string.IsNullOrWhiteSpace(options.ConnectionString))
            faults.Add("ConnectionString is empty: leave it out to use the embedded store.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
