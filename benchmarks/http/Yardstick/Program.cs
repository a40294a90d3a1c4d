using Peregrine.Benchmarks.Yardstick;

// What a good engineer writes by hand in an afternoon: bind the body to a class with generated JSON code, answer an object. It scores nothing.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, YardstickJson.Default));
var app = builder.Build();
app.MapPost("/public/api/v1/fraud/score/predict", (PredictRequest request) => Answers.To(request));
app.MapGet("/livez", () => "ok");
app.Run();
