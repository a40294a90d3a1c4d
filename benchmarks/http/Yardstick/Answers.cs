namespace Peregrine.Benchmarks.Yardstick;

/// <summary>Answers of the shape that the API node gives.</summary>
internal static class Answers
{
    public static PredictAnswer To(PredictRequest request) => new(
        new Result("0", 42, new Probas(0.98765432109876 - (request.Features.Amount ?? 0) * 1e-9, 0.01234567890124), Ignored: false),
        new Timing(0.012, 0.034, 0.051),
        new ApiContext("fraud", "score", "v1"));
}
