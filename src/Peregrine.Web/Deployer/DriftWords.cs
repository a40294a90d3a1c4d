using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Web.Components;
using Peregrine.Web.Text;

namespace Peregrine.Web.Deployer;

/// <summary>Drift in words and colours.</summary>
public static class DriftWords
{
    public static Tone Tone(this DriftVerdict verdict) => verdict switch
    {
        DriftVerdict.Drifted => Components.Tone.Warn,
        DriftVerdict.Stable => Components.Tone.Good,
        _ => Components.Tone.Idle,
    };

    public static string Word(this DriftVerdict verdict) => verdict switch
    {
        DriftVerdict.Drifted => "Drifted",
        DriftVerdict.Stable => "Stable",
        _ => "Too few",
    };

    /// <summary>The answer to "is it still what the model was trained on?" in one line.</summary>
    public static (Tone Tone, string Text) Verdict(DriftReport report)
    {
        if (report.Rows < report.Rule.LeastRows)
            return (Components.Tone.Idle, $"{Figures.Count(report.Rows, "record")} in this window: too few to say anything. {Figures.Count(report.Rule.LeastRows)} are needed.");
        string[] names = [.. report.Features.Where(field => field.Verdict == DriftVerdict.Drifted).Select(field => field.Name)];
        string[] answers = [.. report.Predictions.Where(field => field.Verdict == DriftVerdict.Drifted).Select(field => field.Name)];
        if (names.Length + answers.Length == 0)
            return (Components.Tone.Good, $"None of {report.Features.Count} features has drifted, and neither have the predictions.");
        var features = names.Length == 0 ? "No feature has drifted" : $"{names.Length} of {report.Features.Count} features drifted: {string.Join(", ", names)}";
        return (Components.Tone.Warn, answers.Length == 0 ? features + ". The predictions have not." : features + $", and the predictions have: {string.Join(", ", answers)}.");
    }

    /// <summary>"&lt; 0.0001" for what is smaller.</summary>
    public static string P(double? p) => p switch
    {
        null => Figures.None,
        < 0.0001 => "< 0.0001",
        _ => Figures.Score(p),
    };

    public static string Psi(double? psi) => psi is { } value ? value.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture) : Figures.None;

    public static string Window(string window) => window == "load" ? "since it was loaded" : $"last {window}";
}
