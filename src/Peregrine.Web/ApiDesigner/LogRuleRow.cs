using System.Globalization;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Web.ApiDesigner;

/// <summary>A rule of the query log while it is being written.</summary>
public sealed class LogRuleRow
{
    public string Column { get; set; } = "";
    public LogPart In { get; set; }
    public LogAction Action { get; set; } = LogAction.Hash;

    /// <summary>Numbers with commas or blanks between them.</summary>
    public string Edges { get; set; } = "";

    public static LogRuleRow Of(LogColumnRule rule) => new()
    {
        Column = rule.Column, In = rule.In, Action = rule.Action, Edges = string.Join(", ", rule.Edges.Select(edge => edge.ToString("R", CultureInfo.InvariantCulture))),
    };

    /// <summary>The rule, or what is wrong with the row.</summary>
    public (LogColumnRule? Rule, string? Wrong) Read()
    {
        var edges = new List<double>();
        if (Action == LogAction.Bucket)
        {
            foreach (var word in Edges.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries))
            {
                if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var edge)) return (null, $"'{word}' is no number to begin an interval with.");
                edges.Add(edge);
            }
        }

        var rule = new LogColumnRule { Column = Column.Trim(), In = In, Action = Action, Edges = edges };
        return rule.Fault() is { } wrong ? (null, $"The rule {wrong}.") : (rule, null);
    }
}
