using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Requests;

/// <summary>What an inference request says, whichever way it came: tensors and wishes as places in the body. Reused.</summary>
internal sealed class InferRequest
{
    /// <summary>Tensors or outputs in one request; more is refused.</summary>
    public const int MostTensors = 65_536;

    private const int MostKept = 4_096;

    private TensorInput[] _inputs = new TensorInput[32];
    private OutputWish[] _outputs = new OutputWish[8];

    /// <summary>Records: the first dimension, the same for all tensors.</summary>
    public int Rows { get; set; }

    public Piece Id { get; set; }

    /// <summary>The key that the caller sticks to, as it stands in the body.</summary>
    public Piece DispatchKey { get; set; }

    /// <summary>Whether outputs are wanted in binary form where nothing else is said.</summary>
    public bool BinaryOutputs { get; set; }

    /// <summary>What the caller asked to explain.</summary>
    public AskedExplanations Explanations { get; set; }

    /// <summary><see cref="ModelSignature.Number"/> of the model whose inputs the tensors have found, all of them as they should be; 0: of none yet.</summary>
    public long BoundTo { get; set; }

    public int InputCount { get; private set; }

    public int OutputCount { get; private set; }

    public Span<TensorInput> Inputs => _inputs.AsSpan(0, InputCount);

    public Span<OutputWish> Outputs => _outputs.AsSpan(0, OutputCount);

    public void Clear()
    {
        if (_inputs.Length > MostKept) _inputs = new TensorInput[32];
        if (_outputs.Length > MostKept) _outputs = new OutputWish[8];
        (Rows, InputCount, OutputCount, BinaryOutputs) = (0, 0, 0, false);
        (Id, DispatchKey, Explanations, BoundTo) = (default, default, default, 0);
    }

    /// <summary>Takes all that another one says.</summary>
    public void CopyFrom(InferRequest other)
    {
        if (_inputs.Length < other.InputCount) _inputs = new TensorInput[other._inputs.Length];
        if (_outputs.Length < other.OutputCount) _outputs = new OutputWish[other._outputs.Length];
        other.Inputs.CopyTo(_inputs);
        other.Outputs.CopyTo(_outputs);
        (Rows, InputCount, OutputCount, BinaryOutputs) = (other.Rows, other.InputCount, other.OutputCount, other.BinaryOutputs);
        (Id, DispatchKey, Explanations, BoundTo) = (other.Id, other.DispatchKey, other.Explanations, other.BoundTo);
    }

    public ref TensorInput AddInput()
    {
        if (InputCount == _inputs.Length) Array.Resize(ref _inputs, _inputs.Length * 2);
        ref var input = ref _inputs[InputCount++];
        input = new TensorInput { BinarySize = -1, Slot = -1, Rows = -1 };
        return ref input;
    }

    public ref OutputWish AddOutput()
    {
        if (OutputCount == _outputs.Length) Array.Resize(ref _outputs, _outputs.Length * 2);
        ref var output = ref _outputs[OutputCount++];
        output = default;
        return ref output;
    }
}
