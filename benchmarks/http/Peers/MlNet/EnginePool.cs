using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace Peregrine.Benchmarks.MlNet;

/// <summary>Prediction engines are not for two threads at once: each request borrows one, as ML.NET's own pool does.</summary>
internal sealed class EnginePool(string model) : PooledObjectPolicy<PredictionEngine<Payment, Score>>
{
    private readonly MLContext _ml = new(seed: 1);
    private ITransformer? _model;

    public override PredictionEngine<Payment, Score> Create() =>
        _ml.Model.CreatePredictionEngine<Payment, Score>(_model ??= _ml.Model.Load(model, out _));

    public override bool Return(PredictionEngine<Payment, Score> obj) => true;
}
