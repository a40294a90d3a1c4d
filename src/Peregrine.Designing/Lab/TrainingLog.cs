using Microsoft.Extensions.Logging;

namespace Peregrine.Designing.Lab;

internal static partial class TrainingLog
{
    [LoggerMessage(EventId = 4101, Level = LogLevel.Information, Message = "Model {ModelId} trained in {Seconds:F1} s")]
    public static partial void ModelTrained(ILogger logger, string modelId, double seconds);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Warning, Message = "Model {ModelId} could not be trained")]
    public static partial void ModelFailed(ILogger logger, string modelId, Exception fault);
}
