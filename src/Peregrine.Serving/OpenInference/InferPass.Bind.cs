using Peregrine.Hosting.Errors;
using Peregrine.Records;
using Peregrine.Serving.OpenInference.Requests;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference;

/// <content>Which tensor is which input, before any of them is read.</content>
internal ref partial struct InferPass
{
    /// <summary>Finds the model's input of each tensor, and the model's output of each wish.</summary>
    public ApiError? Bind(int maxRecords)
    {
        if (_work.Request.BoundTo != _model.Number && (BindInputs(maxRecords) ?? BindOutputs()) is { } fault) return fault;
        return BindExplanations();
    }

    private ApiError? BindInputs(int maxRecords)
    {
        var inputs = _work.Request.Inputs;
        var rows = inputs[0].Rows;
        _work.Request.Rows = rows;
        if (rows > maxRecords) return PredictionFaults.TooManyRecords(maxRecords);
        var bound = 0;
        var expected = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            ref var tensor = ref inputs[i];
            if (tensor.Rows != rows) return InferFaults.RowsDiffer(i, NameOf(tensor), tensor.Rows, rows);
            if (Check(tensor, i) is { } fault) return fault;
            tensor.Slot = _reader.FindSlot(tensor.Name.Of(_body), tensor.NameIsEscaped, expected);
            if (tensor.Slot == RecordReader.Unknown && BindUnknown(tensor, i) is { } unknown) return unknown;
            if (tensor.Slot < 0) continue;
            if (!_context.Record.MarkGiven(tensor.Slot)) return Refuse(RecordFaultCode.DuplicateField, InferFaults.InputTwice(i, NameOf(tensor)));
            if (BindType(tensor, i) is { } converted) return converted;
            expected = tensor.Slot + 1;
            bound++;
        }

        if (bound < _reader.Schema.Count && !_reader.CheckGiven(_context.Record).IsNone)
            return Refuse(RecordFaultCode.MissingField, InferFaults.MissingInputs(_model, _context.Record));
        return null;
    }

    private ApiError? BindUnknown(in TensorInput tensor, int place)
    {
        if (_reader.Rules.Unknown == Tolerance.Refuse) return Refuse(RecordFaultCode.UnknownField, InferFaults.UnknownInput(place, NameOf(tensor), _model));
        if (_reader.Rules.Unknown == Tolerance.Note) _context.Record.Notes.Add(new(RecordFaultCode.UnknownField, -1, tensor.Name.Start, tensor.Name.Length));
        return null;
    }

    /// <summary>A binary tensor of another type is converted as a whole; in JSON each value tells its own type.</summary>
    private ApiError? BindType(in TensorInput tensor, int place)
    {
        if (_reader.Rules.Converted == Tolerance.Accept || tensor.Source == TensorSource.Json || TensorTypes.IsOwnType(tensor.Type, _reader.Schema[tensor.Slot].Kind)) return null;
        if (_reader.Rules.Converted == Tolerance.Refuse)
            return Refuse(RecordFaultCode.ConvertedType, InferFaults.Cell(CellFault.Converted, place, NameOf(tensor), 0, tensor, _model));
        _context.Record.Notes.Add(new(RecordFaultCode.ConvertedType, tensor.Slot));
        return null;
    }

    /// <summary>Before anything is set aside for the records it names, a tensor must hold a byte for each at least.</summary>
    private readonly ApiError? Check(in TensorInput tensor, int place)
    {
        if (tensor.Data.Length < tensor.Rows) return InferFaults.Cell(CellFault.TooFew, place, NameOf(tensor), 0, tensor, _model);
        if (tensor.Source != TensorSource.Raw || TensorTypes.SizeOf(tensor.Type) is not (var size and > 0)) return null;
        return tensor.Data.Length == (long)tensor.Rows * size ? null : InferFaults.RawSize(place, NameOf(tensor), tensor, size);
    }

    private ApiError? BindOutputs()
    {
        var wishes = _work.Request.Outputs;
        for (var i = 0; i < wishes.Length; i++)
        {
            var index = _model.FindOutput(wishes[i].Name.Of(_body));
            if (index < 0) return InferFaults.UnknownOutput(i, wishes[i].Name.Of(_body), _model);
            for (var other = 0; other < i; other++)
                if (wishes[other].Index == index) return InferFaults.OutputTwice(i, wishes[i].Name.Of(_body));
            wishes[i].Index = index;
        }

        // What is noted of a request is to be noted of the next one too.
        if (_context.Record.HasNotes) return null;
        _work.Request.BoundTo = _model.Number;
        _work.Headers.KeepBound(_work.Request);
        return null;
    }

    /// <summary>Asked for by the parameter or by naming the output; a request that says nothing and names no outputs is explained as the endpoint is set.</summary>
    private ApiError? BindExplanations()
    {
        var isNamed = false;
        foreach (var wish in _work.Request.Outputs) isNamed |= wish.Index == _model.Outputs.Length;
        var asked = _work.Request.Explanations.Or(_endpoint.Explainer.Settings);
        var isWanted = isNamed || (_work.Request.OutputCount == 0 ? asked.Enabled : _work.Request.Explanations.Enabled == true);
        if (!isWanted) return null;
        if (_endpoint.Explainer.Problem is { } problem) return PredictionFaults.NoExplanations(problem, isNamed ? "/outputs" : ExplainParameter.Pointer);
        _explanations = asked with { Enabled = true, Count = int.MaxValue };
        _work.AddsExplanations = !isNamed;
        return null;
    }
}
