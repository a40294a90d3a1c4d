using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Peregrine.Hosting.Tls;

/// <summary>The settings of TLS that are on, by name.</summary>
internal sealed class TlsStates
{
    private readonly Dictionary<string, TlsState?> _states;
    private readonly Dictionary<string, TlsOptions> _options;

    public TlsStates(IEnumerable<TlsSection> sections, IOptionsMonitor<TlsOptions> options, TimeProvider clock, TlsMetrics metrics, ILogger<TlsStates> log)
    {
        _options = sections.ToDictionary(section => section.Name, section => options.Get(section.Name), StringComparer.Ordinal);
        _states = sections.ToDictionary(
            section => section.Name, section => _options[section.Name].IsOn ? new TlsState(section, _options[section.Name], clock, metrics, log) : null, StringComparer.Ordinal);
    }

    public IEnumerable<TlsState> On => _states.Values.OfType<TlsState>();

    /// <summary>The first of these that says anything decides; null: plain HTTP.</summary>
    public TlsState? Choose(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!_options.TryGetValue(name, out var options)) continue;
            if (options.Off) return null;
            if (_states[name] is { } state) return state;
        }

        return null;
    }
}
