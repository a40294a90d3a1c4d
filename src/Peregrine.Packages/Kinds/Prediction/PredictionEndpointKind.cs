using System.Text;
using System.Text.Json;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>Answers with the prediction of a model for a record of features. Other kinds that answer by a model go from here.</summary>
public class PredictionEndpointKind : IEndpointKind
{
    public const string KindId = "STD_PREDICTION";

    /// <summary>Name of the model within the endpoint's folder.</summary>
    public const string ModelEntry = "model.pgm";

    private const string GoldenEntry = "golden.jsonl";
    private const string TestQueriesEntry = "test-queries.json";
    private const string Remedy = "Make the package again with the API Designer.";

    public virtual string Id => KindId;

    public IReadOnlyList<PackageFault> Validate(JsonElement settings)
    {
        try
        {
            var read = ReadSettings(settings);
            return [.. FaultsOf(read).Select(BadRule), .. OwnFaults(read)];
        }
        catch (JsonException malformed)
        {
            return [BadSettings(malformed)];
        }
    }

    public EndpointParts Pack(EndpointSource source)
    {
        if (source is not PredictionEndpointSource prediction)
            throw new ArgumentException($"{source.GetType().Name} is not a prediction endpoint.", nameof(source));
        var where = $"endpoint '{source.Id}'";
        if (prediction.Golden.Count == 0)
            throw new PackageException(
                PackageFaultCode.BadStructure, where, "There is no golden record.", "Give at least one row of the test split.");
        if (OwnFaults(prediction.Settings) is [var fault, ..]) throw new PackageException(fault with { Where = $"{where} settings/{fault.Where}" });
        EnsureAnswers(prediction.Model.Spec, where);
        EnsureReproduced(prediction, where);
        EnsureExplainable(prediction, where);
        EnsureComparable(prediction, where);
        return new EndpointParts(
            JsonSerializer.SerializeToElement(prediction.Settings, PackagesJson.Default.PredictionSettings),
            new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                [ModelEntry] = prediction.Model.ToBytes(),
                [GoldenEntry] = GoldenRecords.Write(prediction.Golden),
                [TestQueriesEntry] = Encoding.UTF8.GetBytes(source.TestQueries.ToJsonString()),
            });
    }

    public IPackagedEndpoint Load(EndpointManifest endpoint, PackageReader package)
    {
        var folder = PackageEntries.FolderOf(endpoint.Id);
        var settings = SettingsOf(endpoint);
        if (OwnFaults(settings) is [var fault, ..]) throw new PackageException(fault with { Where = $"endpoint '{endpoint.Id}' settings/{fault.Where}" });
        var model = LoadModel(package, folder + ModelEntry);
        EnsureAnswers(model.Spec, folder + ModelEntry);
        var golden = GoldenRecords.Read(package.Read(folder + GoldenEntry), folder + GoldenEntry);
        return new PredictionEndpoint(endpoint.Id, settings, model, golden, TestQueryEntries.Read(package, folder + TestQueriesEntry));
    }

    /// <summary>Whether an endpoint of this kind can answer by such a model.</summary>
    protected virtual bool Takes(PredictionKind prediction) => prediction != PredictionKind.Clustering;

    /// <summary>Faults of settings that hold for this kind alone, beyond those of all.</summary>
    protected virtual IReadOnlyList<PackageFault> OwnFaults(PredictionSettings settings) => [];

    private void EnsureAnswers(ModelSpec model, string where)
    {
        if (!Takes(model.Prediction))
            throw new PackageException(
                PackageFaultCode.BadModel, where, $"An endpoint of kind {Id} cannot answer by a {model.Prediction} model.",
                $"Make the endpoint of kind {(model.Prediction == PredictionKind.Clustering ? Clustering.ClusteringEndpointKind.KindId : KindId)}.");
    }

    /// <summary>A package that its own maker cannot reproduce would be refused by every node.</summary>
    private static void EnsureReproduced(PredictionEndpointSource source, string where)
    {
        var model = Compile(source.Model, where);
        var report = GoldenRecords.Replay(
            model, PredictionEndpoint.GoldenReaderFor(model, source.Settings), PredictionResultWriter.For(model.Spec), source.Golden,
            CancellationToken.None);
        if (report.Mismatches is [var first, ..])
            throw new PackageException(
                PackageFaultCode.GoldenMismatch, where,
                $"{report.Mismatches.Count} of {report.Records} golden records are not reproduced; record {first.Record} expects {first.Expected} and gets {first.Actual}.",
                "Take the records and answers from this very model, with all its inputs.");
    }

    /// <summary>An endpoint that promises explanations must be able to give them.</summary>
    private static void EnsureExplainable(PredictionEndpointSource source, string where)
    {
        if (!source.Settings.Explanations.Enabled) return;
        if (new EndpointExplainer(Compile(source.Model, where), source.Settings.Explanations, mostTableBytes: 0).Problem is { } problem)
            throw new PackageException(PackageFaultCode.BadModel, where, problem, "Train the model again, or turn the endpoint's explanations off.");
    }

    /// <summary>An endpoint that compares records with what training saw must know that.</summary>
    private static void EnsureComparable(PredictionEndpointSource source, string where)
    {
        if (RecordCheck.IsWanted(source.Settings) && source.Model.Reference is null)
            throw new PackageException(
                PackageFaultCode.BadModel, where, "The model does not say what training saw, so ranges and categories cannot be checked.",
                "Train the model again, or set outOfRange and unseenCategories to IGNORE.");
    }

    private static PredictionSettings SettingsOf(EndpointManifest endpoint)
    {
        try
        {
            var settings = ReadSettings(endpoint.Settings);
            if (FaultsOf(settings).FirstOrDefault() is { } wrong)
                throw new PackageException(BadRule(wrong) with { Where = $"endpoint '{endpoint.Id}' settings/logColumns" });
            return settings;
        }
        catch (JsonException malformed)
        {
            var fault = BadSettings(malformed);
            throw new PackageException(fault with { Where = $"endpoint '{endpoint.Id}' settings{fault.Where}" }, malformed);
        }
    }

    private static PredictionSettings ReadSettings(JsonElement settings)
    {
        var read = settings.Deserialize(PackagesJson.Default.PredictionSettings) ?? throw new JsonException("The settings are null.");
        if (read.Explanations.Fault() is { } wrong) throw new JsonException(wrong.Message, $"$.explanations.{wrong.Member}", null, null);
        return read.Fault() is { } fault ? throw new JsonException(fault.Message, $"$.{fault.Member}", null, null) : read;
    }

    private static IEnumerable<string> FaultsOf(PredictionSettings settings) => (settings.LogColumns ?? []).Select(rule => rule.Fault()).OfType<string>();

    private static PackageFault BadRule(string wrong) => new(
        PackageFaultCode.BadManifest, "logColumns", $"A rule of the query log {wrong}.", "Mend the endpoint's settings and make the package again.");

    private static PackageFault BadSettings(JsonException malformed) => new(
        PackageFaultCode.BadManifest, malformed.Path is { Length: > 1 } path ? path[1..].Replace('.', '/') : string.Empty,
        $"The settings of a prediction endpoint are not valid: {malformed.Message}", "unknownFeatures, missingFeatures, wrongTypes, convertedTypes, outOfRange and unseenCategories are REFUSE, WARN, COUNT or IGNORE; explanations.method is SHAPLEY or ICE.");

    /// <summary>The boundary to a file from elsewhere: whatever a hostile model makes fail becomes a refusal.</summary>
    private static CompiledModel LoadModel(PackageReader package, string entry)
    {
        try
        {
            return package.Read(entry, content => CompiledModel.Compile(ModelArtifact.Read(content)));
        }
        catch (ModelException unusable)
        {
            throw BadModel(entry, unusable);
        }
        catch (Exception fault) when (fault is not (PackageException or IOException))
        {
            throw new PackageException(PackageFaultCode.BadModel, entry, "The model is not one that training wrote.", Remedy, fault);
        }
    }

    private static CompiledModel Compile(ModelArtifact artifact, string where)
    {
        try
        {
            return CompiledModel.Compile(artifact);
        }
        catch (ModelException unusable)
        {
            throw BadModel(where, unusable);
        }
    }

    private static PackageException BadModel(string where, ModelException unusable) =>
        new(PackageFaultCode.BadModel, where, unusable.Message, "Train the model again, or make the package again.", unusable);
}
