using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Serving.QueryLog.Columns;

/// <summary>A rule of the operator for columns of the query log.</summary>
public sealed class NodeColumnRule
{
    /// <summary>The service it holds for. Default: every one.</summary>
    public string? Service { get; set; }

    /// <summary>The endpoint it holds for. Default: every one.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Name of the column, or the beginning of names and <c>*</c>. Required.</summary>
    public string Column { get; set; } = "";

    /// <summary>Features, context, or both. Default: both.</summary>
    public LogPart In { get; set; }

    /// <summary>Default: drop.</summary>
    public LogAction Action { get; set; } = LogAction.Drop;

    /// <summary>For buckets: where intervals begin, rising.</summary>
    public IList<double> Edges { get; } = [];

    internal string? Fault() => Rule().Fault();

    internal bool Fits(string service, string endpoint) => (Service is null || Service == service) && (Endpoint is null || Endpoint == endpoint);

    internal LogColumnRule Rule() => new() { Column = Column, In = In, Action = Action, Edges = [.. Edges] };
}
