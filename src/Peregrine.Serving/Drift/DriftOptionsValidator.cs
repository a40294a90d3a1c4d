using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Drift;

internal sealed class DriftOptionsValidator : IValidateOptions<DriftOptions>
{
    public ValidateOptionsResult Validate(string? name, DriftOptions options) => DriftWindow.TryParseList(options.Windows, out _)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"{DriftOptions.Section}:{nameof(DriftOptions.Windows)} is '{options.Windows}', but must name one to four different lengths from 1m to 30d, such as '1h,1d'.");
}
