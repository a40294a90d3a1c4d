using System.Globalization;
using System.Text;
using Peregrine.Benchmarks.Engine;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Verification;

if (args is not [var dataDirectory, ..])
{
    Console.Error.WriteLine("usage: benchmarks/engine/run DATA-DIR   (made by ./peregrine demo --once --data-dir DATA-DIR)");
    return 2;
}

const int Records = 20_000;
var zip = Directory.GetFiles(Path.Combine(dataDirectory, "apinode", "services", "fraud", "generations"), "*.zip").Order(StringComparer.Ordinal).First();
using var package = PackageReader.Open(zip);
var endpoint = (PredictionEndpoint)new PackageVerifier(EndpointKinds.All).Verify(package, CancellationToken.None).EnsureFaithful().Endpoints["score"];
var artifact = ModelArtifact.Read(new MemoryStream(package.Read("endpoints/score/model.pgm")));
var rows = DemoRows.Read(Path.Combine(dataDirectory, "demo-data", "payments.csv"), endpoint.Model.Spec, Records);
var utf8 = rows.Select(Encoding.UTF8.GetBytes).ToArray();
var phases = new Phases(endpoint, artifact, utf8);
var engine = new EngineRun(endpoint, rows);

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows.Count} payments, {utf8.Average(row => row.Length):F0} bytes each; nanoseconds a record, each line as quick as the machine let it be"));
phases.Report();
engine.Report();
return 0;
