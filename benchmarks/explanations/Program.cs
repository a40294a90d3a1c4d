using System.Diagnostics;
using System.Globalization;
using Peregrine.Benchmarks.Explanations;
using Peregrine.Models.Explanations;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Verification;
using Peregrine.Records;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (Settings.Read(args) is not { } settings) return 2;
var generations = new DirectoryInfo(Path.Combine(settings.DataDirectory, "apinode", "services", "fraud", "generations"));
using var package = PackageReader.Open(generations.GetFiles("*.zip").MaxBy(file => file.LastWriteTimeUtc)!.FullName, PackageLimits.Default);
var model = new PackageVerifier(EndpointKinds.All).Verify(package, CancellationToken.None).Endpoints.Values.OfType<PredictionEndpoint>().First().Model;
var rows = Payments.Read(Path.Combine(settings.DataDirectory, "demo-data", "payments.csv"), settings.Records);
var reader = new RecordReader(model.Inputs, model.Spec.IgnoredFields, refuseUnknown: false, refuseMissing: false);
var context = model.Rent();

var score = Measure(() => { }, settings.Rounds);
var before = Process.GetCurrentProcess().WorkingSet64;
var started = Stopwatch.GetTimestamp();
var explainer = model.CreateExplainer((long)settings.TableMiB << 20);
var making = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
var gap = 0.0;
var first = Measure(Check, rounds: 1) - score;
var resident = Process.GetCurrentProcess().WorkingSet64 - before;
var shapley = Measure(() => explainer.Explain(context, ExplanationMethod.Shapley), settings.Rounds) - score;
var ice = Measure(() => explainer.Explain(context, ExplanationMethod.Ice), settings.Rounds) - score;

Console.WriteLine($"{model.Spec.Algorithm}: {explainer.Fields.Count} fields, {model.Columns.Count} columns, {rows.Count:N0} records");
Console.WriteLine($"binding, preparation, features, trees  {score,8:F2} us per record");
Console.WriteLine($"exact Shapley values, first pass       {first,8:F2} us per record more");
Console.WriteLine($"exact Shapley values                   {shapley,8:F2} us per record more");
Console.WriteLine($"ICE                                    {ice,8:F2} us per record more");
Console.WriteLine($"explainer made in {making:F1} ms; tables up to {explainer.TableBytes / 1048576.0:F2} MiB, process grew by {resident / 1048576.0:F2} MiB");
Console.WriteLine($"largest |base + sum of influences - score|: {gap:E2}");
return 0;

void Check()
{
    explainer.Explain(context, ExplanationMethod.Shapley);
    var sum = explainer.Base[0];
    foreach (var influence in context.Influences) sum += influence;
    gap = Math.Max(gap, Math.Abs(sum - context.Scores[0]));
}

double Measure(Action act, int rounds)
{
    var best = double.PositiveInfinity;
    for (var round = 0; round < rounds; round++)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var row in rows)
        {
            var json = new JsonScanner(row);
            context.Record.Clear();
            if (!reader.Read(ref json, context.Record).IsNone) throw new InvalidOperationException("A payment does not fit the model.");
            model.Score(context);
            act();
        }

        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / rows.Count);
    }

    return best;
}
