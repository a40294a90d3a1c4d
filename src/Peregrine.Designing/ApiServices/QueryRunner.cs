using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;

namespace Peregrine.Designing.ApiServices;

/// <summary>Answers queries in process by the program, the reader and the writer that the node uses.</summary>
internal sealed class QueryRunner
{
    private const int MostWarnings = 100;

    private readonly PredictionEndpoint _endpoint;
    private readonly EndpointExplainer _explainer;

    public QueryRunner(CompiledModel model, PredictionSettings settings)
    {
        _endpoint = PredictionEndpoint.ForTrial("trial", settings, model);
        _explainer = _endpoint.CreateExplainer(mostTableBytes: 0);
    }

    public TestQueryResult Run(JsonObject query)
    {
        if (query["features"] is not JsonObject features)
            return new TestQueryResult { Query = Copy(query), Error = "The query has no object 'features'.", Elapsed = TimeSpan.Zero };
        if (!EndpointExplanations.TryRead(query[EndpointExplanations.Member], out var asked, out var wrong))
            return new TestQueryResult { Query = Copy(query), Error = wrong!.Message, Elapsed = TimeSpan.Zero };
        var explanations = asked.Or(_explainer.Settings);
        if (explanations.Enabled && _explainer.Problem is { } problem)
            return new TestQueryResult { Query = Copy(query), Error = problem, Elapsed = TimeSpan.Zero };
        var json = Encoding.UTF8.GetBytes(Documents.Text(features));
        var output = new ArrayBufferWriter<byte>();
        var start = Stopwatch.GetTimestamp();
        var fault = Score(json, explanations, output);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return fault is null
            ? new TestQueryResult { Query = Copy(query), Result = (JsonObject)JsonNode.Parse(output.WrittenSpan)!, Elapsed = elapsed }
            : new TestQueryResult { Query = Copy(query), Error = fault, Elapsed = elapsed };
    }

    private string? Score(byte[] features, in ExplanationRequest explanations, ArrayBufferWriter<byte> output)
    {
        var context = _endpoint.Model.Rent();
        try
        {
            var scanner = new JsonScanner(features);
            var fault = _endpoint.Bind(ref scanner, context.Record);
            if (!fault.IsNone) return RecordFaults.Describe(fault, _endpoint, features, context.Record);
            _endpoint.Model.Score(context);
            _endpoint.Results.Write(context, output);
            if (_endpoint.Warnings.CountOf(context.Record) > 0)
            {
                Reopen(output);
                _endpoint.Warnings.Write(context.Record, features, MostWarnings, output);
            }

            if (explanations.Enabled && context.IgnoreReason is null)
            {
                Reopen(output);
                _explainer.Write(context, explanations, output);
            }

            if (_endpoint.Prepared is { InAnswer: true } prepared)
            {
                Reopen(output);
                output.Write(",\"postEnrich\":"u8);
                prepared.Write(context.Record, output);
                output.Write("}"u8);
            }

            return null;
        }
        finally
        {
            _endpoint.Model.Return(context);
        }
    }

    /// <summary>Takes off the closing brace, for another member.</summary>
    private static void Reopen(ArrayBufferWriter<byte> output)
    {
        var result = output.WrittenSpan[..^1].ToArray();
        output.ResetWrittenCount();
        output.Write(result);
    }

    private static JsonObject Copy(JsonObject query) => (JsonObject)query.DeepClone();
}
