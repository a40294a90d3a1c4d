using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Explanations;

/// <summary>Row explanations on an API node.</summary>
public sealed class ExplanationOptions
{
    public const string Section = "Serving:Explanations";

    /// <summary>
    /// Memory that the tables of one endpoint may take, in bytes: 0 to 1 GiB, default 16 MiB. It is taken as rows occur. With less, more trees are computed
    /// each time.
    /// </summary>
    [Range(0L, 1024L * 1024 * 1024)]
    public long TableBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>Whether tables are made beside the requests once a generation is loaded. Default: yes. When not, the first explained request of an endpoint makes them.</summary>
    public bool PrepareAhead { get; set; } = true;
}
