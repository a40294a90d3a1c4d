using Peregrine.Models.Explanations;
using Peregrine.Packages.Kinds.Prediction.Explanations;

namespace Peregrine.Serving.OpenInference.Requests;

/// <summary>The request's parameter <c>explain</c>: whether results are explained, or by which method.</summary>
internal static class ExplainParameter
{
    public const string Pointer = "/parameters/explain";

    public const string Wanted = "true, false, \"SHAPLEY\" or \"ICE\"";

    public static ReadOnlySpan<byte> Name => "explain"u8;

    public static AskedExplanations Of(bool enabled) => new(enabled, null, null);

    /// <returns>Null: there is no such method.</returns>
    public static AskedExplanations? Of(ReadOnlySpan<byte> method) =>
        method.SequenceEqual("SHAPLEY"u8) ? new(true, ExplanationMethod.Shapley, null)
        : method.SequenceEqual("ICE"u8) ? new(true, ExplanationMethod.Ice, null)
        : null;
}
