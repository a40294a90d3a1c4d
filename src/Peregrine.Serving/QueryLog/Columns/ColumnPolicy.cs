using System.Text;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Serving.QueryLog.Columns;

/// <summary>The rules of one endpoint in the order they are asked.</summary>
internal sealed class ColumnPolicy(IEnumerable<LogColumnRule> rules)
{
    public static readonly ColumnPolicy KeepAll = new([]);

    private readonly Entry[] _entries = [.. rules.Select(rule => new Entry(rule))];

    public bool KeepsAll => Array.TrueForAll(_entries, entry => entry.Rule.Action == LogAction.Keep);

    /// <summary>The rule of a column; null: it is kept.</summary>
    /// <param name="name">UTF-8, escapes resolved.</param>
    public LogColumnRule? Find(ReadOnlySpan<byte> name, LogPart part)
    {
        foreach (var entry in _entries)
        {
            if (entry.Rule.In != LogPart.Any && entry.Rule.In != part) continue;
            if (entry.IsPrefix ? name.StartsWith(entry.Name) : name.SequenceEqual(entry.Name)) return entry.Rule;
        }

        return null;
    }

    private readonly struct Entry(LogColumnRule rule)
    {
        public readonly LogColumnRule Rule = rule;
        public readonly bool IsPrefix = rule.Column.EndsWith('*');
        public readonly byte[] Name = Encoding.UTF8.GetBytes(rule.Column.TrimEnd('*'));
    }
}
