using Peregrine.Serving.OpenInference.Models;

namespace Peregrine.Serving.OpenInference.Answers;

/// <summary>
/// The outputs of an answer: those that the request names, else all of the model. Explanations that were asked for without naming their output stand behind them.
/// </summary>
internal static class WantedOutputs
{
    public static int Count(ModelSignature model, InferWorkspace work) => Named(model, work) + (work.AddsExplanations ? 1 : 0);

    /// <summary>An output and whether it goes in binary form.</summary>
    public static (OutputTensor Tensor, bool IsBinary) At(ModelSignature model, InferWorkspace work, int place)
    {
        if (place == Named(model, work)) return (model.Explanations!, work.Request.BinaryOutputs);
        if (work.Request.OutputCount == 0) return (model.Outputs[place], work.Request.BinaryOutputs);
        var wish = work.Request.Outputs[place];
        return (model.OutputAt(wish.Index), wish.Binary ?? work.Request.BinaryOutputs);
    }

    private static int Named(ModelSignature model, InferWorkspace work) => work.Request.OutputCount > 0 ? work.Request.OutputCount : model.Outputs.Length;
}
