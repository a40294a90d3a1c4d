using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Clustering;
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
        Prepared = PreparedRecordWriter.For(model, settings);
        Check = RecordCheck.For(model, settings);
        Warnings = new RecordWarnings(model, settings, Check);
        Reader = new RecordReader(model.Inputs, model.Spec.IgnoredFields, settings.ToRules());
        TextReader = settings.ConvertedTypes == FeaturePolicy.Ignore
            ? Reader : new RecordReader(model.Inputs, model.Spec.IgnoredFields, settings.ToRules() with { Converted = Tolerance.Accept });
    }

    /// <summary>An endpoint of a model that is in no package yet, to try its settings.</summary>
    public static PredictionEndpoint ForTrial(string id, PredictionSettings settings, CompiledModel model) => new(id, settings, model, [], []);

    public string Id { get; }

    public string Kind => Model.Spec.Prediction == PredictionKind.Clustering ? ClusteringEndpointKind.KindId : PredictionEndpointKind.KindId;

    public PredictionSettings Settings { get; }

    public CompiledModel Model { get; }

    /// <summary>Binds an object of features the way the settings say.</summary>
    public RecordReader Reader { get; }

    /// <summary>The same for records whose values are all text, as in a query string: reading them as numbers is no conversion.</summary>
    public RecordReader TextReader { get; }

    /// <summary>Compares bound records with what training saw; null when the settings do not ask for it.</summary>
    public RecordCheck? Check { get; }

    public RecordWarnings Warnings { get; }

    public PredictionResultWriter Results { get; }

    /// <summary>Writes records as the model saw them; null when they are told nowhere.</summary>
    public PreparedRecordWriter? Prepared { get; }

    public JsonArray TestQueries { get; }

    /// <summary>Reads an object of features, the way the settings say, and compares it with what training saw.</summary>
    /// <param name="features">Stands before the object, and behind it on return.</param>
    /// <param name="record">Clear; after a fault its content is undefined.</param>
    /// <param name="isText">Whether all values are text, as in a query string.</param>
    public RecordFault Bind(ref JsonScanner features, TypedRecord record, bool isText = false)
    {
        var fault = (isText ? TextReader : Reader).Read(ref features, record);
        return Check is null || !fault.IsNone ? fault : Check.Check(record);
    }

    /// <summary>Reads an object of features and scores it; the result is in the context, for <see cref="Results"/> to write.</summary>
    /// <param name="features">Stands before the object, and behind it on return.</param>
    /// <param name="context">Rented from <see cref="Model"/>, its record clear.</param>
    public RecordFault Score(ref JsonScanner features, ScoringContext context)
    {
        var fault = Bind(ref features, context.Record);
        if (fault.IsNone) Model.Score(context);
        return fault;
    }

    /// <summary>What explains its results; makes nothing yet.</summary>
    /// <param name="mostTableBytes">Memory that it may take to be fast, in bytes: 0 or more.</param>
    public EndpointExplainer CreateExplainer(long mostTableBytes) => new(Model, Settings.Explanations, mostTableBytes, isQuiet: Settings.Quiet);

    public GoldenReport ReplayGolden(CancellationToken cancellationToken) =>
        GoldenRecords.Replay(Model, GoldenReaderFor(Model, Settings), Results, _golden, cancellationToken);

    public EndpointDescription Describe() => PredictionOpenApi.Describe(Id, Model, Settings, TestQueries);

    /// <summary>Golden records are rows of the test split: whatever types and values they have.</summary>
    internal static RecordReader GoldenReaderFor(CompiledModel model, PredictionSettings settings) => new(
        model.Inputs, model.Spec.IgnoredFields, settings.UnknownFeatures == FeaturePolicy.Refuse,
        settings.MissingFeatures == FeaturePolicy.Refuse);
}
