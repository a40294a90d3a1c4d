using System.Globalization;
using System.Text;

namespace Peregrine.Training.LightGbm;

/// <summary>Settings in LightGBM's own names (its <c>docs/Parameters.rst</c>).</summary>
internal sealed class LightGbmParameters
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    public LightGbmParameters()
    {
    }

    public LightGbmParameters(LightGbmParameters other)
    {
        foreach (var (name, value) in other._values) _values[name] = value;
    }

    public LightGbmParameters Set(string name, string value)
    {
        _values[name] = value;
        return this;
    }

    public LightGbmParameters Set(string name, double value) => Set(name, value.ToString("R", CultureInfo.InvariantCulture));

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in _values) text.Append(text.Length == 0 ? "" : " ").Append(name).Append('=').Append(value);
        return text.ToString();
    }
}
