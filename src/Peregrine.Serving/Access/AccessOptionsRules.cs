using System.Net;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Access;

/// <summary>What attributes cannot say about <see cref="AccessOptions"/>.</summary>
internal sealed class AccessOptionsRules : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var faults = options.TrustedProxies.Where(proxy => !IPAddress.TryParse(proxy, out _))
            .Select(proxy => $"{AccessOptions.Section}:{nameof(AccessOptions.TrustedProxies)} holds '{proxy}', which is no IP address.").ToList();
        if (!IPAddress.TryParse(options.AdminAddress, out _))
            faults.Add($"{AccessOptions.Section}:{nameof(AccessOptions.AdminAddress)} is '{options.AdminAddress}', which is no IP address.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
