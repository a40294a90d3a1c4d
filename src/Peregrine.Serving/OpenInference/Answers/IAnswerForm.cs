using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Answers;

/// <summary>How an answer is put into bytes: JSON with or without binary tensors, or a gRPC message.</summary>
internal interface IAnswerForm
{
    /// <param name="body">The request's body, which the request's id stands in.</param>
    static abstract void Write(ModelSignature model, InferWorkspace work, ReadOnlySpan<byte> body, Utf8Output output);
}
