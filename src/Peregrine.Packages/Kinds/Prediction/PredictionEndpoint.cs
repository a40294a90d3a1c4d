using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Packages.OpenApi;
using Peregrine.Packages.Verification;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>A prediction endpoint ready to answer. Thread-safe.</summary>
public sealed class PredictionEndpoint : IPackagedEndpoint
{
    private readonly IReadOnlyList<GoldenRecord> _golden;

    internal PredictionEndpoint(
        string id, PredictionSettings settings, CompiledModel model, IReadOnlyList<GoldenRecord> golden, JsonArray testQueries)
    {
        Id = id;
        Settings = settings;
        Model = model;
        TestQueries = testQueries;
        _golden = golden;
        Results = PredictionResultWriter.For(model.Spec);
        Reader = ReaderFor(model, settings);
    }

    public string Id { get; }

    public string Kind => PredictionEndpointKind.KindId;

    public PredictionSettings Settings { get; }

    public CompiledModel Model { get; }

    /// <summary>Binds an object of features the way the settings say.</summary>
    public RecordReader Reader { get; }

    public PredictionResultWriter Results { get; }

    public JsonArray TestQueries { get; }

    /// <summary>Reads an object of features and scores it; the result is in the context, for <see cref="Results"/> to write.</summary>
    /// <param name="features">Stands before the object, and behind it on return.</param>
    /// <param name="context">Rented from <see cref="Model"/>, its record clear.</param>
    public RecordFault Score(ref JsonScanner features, ScoringContext context)
    {
        var fault = Reader.Read(ref features, context.Record);
        if (fault.IsNone) Model.Score(context);
        return fault;
    }

    /// <summary>What explains its results; makes nothing yet.</summary>
    /// <param name="mostTableBytes">Memory that it may take to be fast, in bytes: 0 or more.</param>
    public EndpointExplainer CreateExplainer(long mostTableBytes) => new(Model, Settings.Explanations, mostTableBytes);

    public GoldenReport ReplayGolden(CancellationToken cancellationToken) =>
        GoldenRecords.Replay(Model, Reader, Results, _golden, cancellationToken);

    public EndpointDescription Describe() => PredictionOpenApi.Describe(Id, Model.Spec, Settings, TestQueries);

    internal static RecordReader ReaderFor(CompiledModel model, PredictionSettings settings) => new(
        model.Inputs, model.Spec.IgnoredFields, settings.UnknownFeatures == FeaturePolicy.Refuse,
        settings.MissingFeatures == FeaturePolicy.Refuse);
}
