using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.OpenInference;

/// <summary>How the node speaks the Open Inference Protocol. A value out of range stops the start with a message that names it.</summary>
public sealed class OpenInferenceOptions
{
    public const string Section = "Serving:OpenInference";

    /// <summary>The name that the server tells at <c>/v2</c>. Default: <c>peregrine</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string ServerName { get; set; } = "peregrine";

    /// <summary>Largest gRPC message that is taken, in bytes, also after unpacking: 1 KiB to 1 GiB, default 10 MB. A larger one is answered RESOURCE_EXHAUSTED.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int GrpcMaxMessageBytes { get; set; } = 10_000_000;
}
