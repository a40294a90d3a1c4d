using Microsoft.Extensions.Options;

namespace Peregrine.Serving.QueryLog;

/// <summary>Rules and sinks, which annotations do not reach.</summary>
internal sealed class QueryLogOptionsValidator : IValidateOptions<QueryLogOptions>
{
    public ValidateOptionsResult Validate(string? name, QueryLogOptions options)
    {
        var faults = options.Columns.Select((rule, i) => rule.Fault() is { } fault ? $"{QueryLogOptions.Section}:Columns:{i} {fault}." : null)
            .Concat(options.Sinks.Select((sink, i) => sink.Fault() is { } fault ? $"{QueryLogOptions.Section}:Sinks:{i} {fault}." : null))
            .OfType<string>().ToList();
        if (options.Sinks.Select(sink => sink.Name).Distinct(StringComparer.Ordinal).Count() < options.Sinks.Count)
            faults.Add($"{QueryLogOptions.Section}:Sinks: two sinks have one name; give each its own.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
