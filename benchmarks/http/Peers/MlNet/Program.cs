using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using Microsoft.ML.Trainers.FastTree;
using Peregrine.Benchmarks.MlNet;

// The way ML.NET's own guide shows: a pipeline trained and saved, a pool of prediction engines in a minimal API. Fewer features than the demo's model has: no lookups.
var model = Path.Combine(args[1], "mlnet.zip");
Train(args[0], model);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MlNetJson.Default));
builder.Services.AddSingleton(new DefaultObjectPool<PredictionEngine<Payment, Score>>(new EnginePool(model)));
var app = builder.Build();
app.MapPost("/public/api/v1/fraud/score/predict", (PredictRequest request, DefaultObjectPool<PredictionEngine<Payment, Score>> pool) =>
{
    var engine = pool.Get();
    var score = engine.Predict(request.Features);
    pool.Return(engine);
    return new PredictAnswer(new Result(score.PredictedLabel ? "1" : "0", new Probas(1 - score.Probability, score.Probability)));
});
app.MapGet("/livez", () => "ok");
app.Run();

static void Train(string table, string model)
{
    var ml = new MLContext(seed: 1);
    var rows = ml.Data.LoadFromTextFile<Payment>(table, hasHeader: true, separatorChar: ',', allowQuoting: true);
    var pipeline = ml.Transforms.Categorical.OneHotEncoding("CurrencyCode", nameof(Payment.Currency))
        .Append(ml.Transforms.Categorical.OneHotEncoding("EntryModeCode", nameof(Payment.EntryMode)))
        .Append(ml.Transforms.Concatenate(
            "Features", "CurrencyCode", "EntryModeCode", nameof(Payment.Amount), nameof(Payment.Latitude), nameof(Payment.Longitude), nameof(Payment.DeclinedLastDay)))
        .Append(ml.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options { NumberOfTrees = 100, NumberOfLeaves = 31, NumberOfThreads = 1 }));
    ml.Model.Save(pipeline.Fit(rows), rows.Schema, model);
}
