using System.Buffers;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Preparation;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;
using Peregrine.Serving.Drift;

namespace Peregrine.Benchmarks.Engine;

/// <summary>The steps of scoring records, each line with those before it.</summary>
internal sealed class Phases(PredictionEndpoint endpoint, ModelArtifact artifact, byte[][] rows)
{
    private readonly ArrayBufferWriter<byte> _text = new(1 << 20);
    private readonly CompiledModel _model = endpoint.Model;

    public void Report()
    {
        var spec = artifact.Spec;
        var preparation = PreparationProgram.Compile(spec.Inputs, spec.Steps, artifact.Lookups);
        var features = FeatureProgram.Compile(spec.Inputs, spec.Steps, spec.Features, artifact.Lookups);
        var columns = new double[features.Width];
        var context = _model.Rent();
        Time("bind", i => Bind(i, context));
        Time("bind, preparation", i =>
        {
            Bind(i, context);
            preparation.Apply(context.Record);
        });
        Time("bind, preparation, features", i =>
        {
            Bind(i, context);
            features.Run(context.Record, columns);
        });
        Time("bind, score one by one", i =>
        {
            Bind(i, context);
            _model.Score(context);
        });
        Time("bind, score one by one, text", i =>
        {
            Bind(i, context);
            _model.Score(context);
            Write(context);
        });
        ReportChecks(context);
        if (_model.Reference is { } reference) ReportDrift(new DriftSketch(reference, [], TimeProvider.System), context);
        _model.Return(context);
        ReportBlocks();
    }

    /// <summary>What looking for values that training did not see adds to a single prediction.</summary>
    private void ReportChecks(ScoringContext context)
    {
        if (RecordCheck.For(_model, new PredictionSettings { OutOfRange = FeaturePolicy.Count, UnseenCategories = FeaturePolicy.Count }) is not { } check) return;
        Time("bind, ranges and categories checked", i =>
        {
            Bind(i, context);
            check.Check(context.Record);
        });
    }

    /// <summary>What counting for drift adds to a single prediction.</summary>
    private void ReportDrift(DriftSketch sketch, ScoringContext context)
    {
        Console.WriteLine(FormattableString.Invariant($"drift: {sketch.Binner.Fields} fields, {sketch.Binner.Cells} cells, {sketch.Bytes / 1024} KiB without windows"));
        Time("bind, drift", i =>
        {
            Bind(i, context);
            var tally = DriftTally.Rent(sketch);
            tally.NoteInputs(context.Record);
            tally.NotePrediction(context);
            tally.Count();
            tally.Return();
        });
    }

    private void ReportBlocks()
    {
        var block = _model.RentBlock();
        TimeBlocks("bind, score in blocks", block, write: false);
        TimeBlocks("bind, score in blocks, text", block, write: true);
        _model.Return(block);
    }

    private void TimeBlocks(string what, ScoringBlock block, bool write) => Clock.Line(what, Clock.Best(rows.Length, (first, count) =>
    {
        for (var i = first; i < first + count; i += ScoringBlock.Rows)
        {
            var some = Math.Min(ScoringBlock.Rows, first + count - i);
            for (var row = 0; row < some; row++) Bind(i + row, block[row]);
            _model.Score(block, some);
            for (var row = 0; write && row < some; row++) Write(block[row]);
        }
    }));

    private static void Time(int records, string what, Action<int> one) => Clock.Line(what, Clock.Best(records, (first, count) =>
    {
        for (var i = first; i < first + count; i++) one(i);
    }));

    private void Time(string what, Action<int> one) => Time(rows.Length, what, one);

    private void Bind(int row, ScoringContext context)
    {
        context.Record.Clear();
        var json = new JsonScanner(rows[row]);
        endpoint.Reader.Read(ref json, context.Record);
    }

    private void Write(ScoringContext context)
    {
        if (_text.WrittenCount > 1 << 19) _text.ResetWrittenCount();
        endpoint.Results.Write(context, _text);
    }
}
