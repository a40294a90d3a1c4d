using System.Text;
using Peregrine.Packages.Kinds;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Generations;

/// <summary>An endpoint of one generation, of whatever kind, with every constant piece of its answers and log lines made ahead.</summary>
internal abstract class ServedEndpoint
{
    /// <param name="logType">What its queries are called in the log, such as <c>prediction-query</c>.</param>
    /// <param name="logInput">Member of the log line that holds what was asked, such as <c>features</c>.</param>
    /// <param name="logMore">Members of the log line that follow the generation, each with a comma before.</param>
    protected ServedEndpoint(string service, string generation, IPackagedEndpoint packaged, EndpointMeter meter, string logType, string logInput, string logMore = "")
    {
        Id = packaged.Id;
        Packaged = packaged;
        Meter = meter;
        var names = $"\"serviceId\":{Quote(service)},\"endpointId\":{Quote(packaged.Id)},\"serviceGeneration\":{Quote(generation)}";
        AnswerTail = Encoding.UTF8.GetBytes($"}},\"apiContext\":{{{names}}}}}");
        LogHead = Encoding.UTF8.GetBytes(
            $"\",\"msgType\":\"{logType}\",\"service\":{Quote(service)},\"endpoint\":{Quote(packaged.Id)},\"generation\":{Quote(generation)}{logMore}");
        LogInput = Encoding.UTF8.GetBytes($",\"{logInput}\":");
    }

    public string Id { get; }

    /// <summary>As the package holds it.</summary>
    public IPackagedEndpoint Packaged { get; }

    public EndpointMeter Meter { get; }

    /// <summary>From the end of <c>timing</c> to the end of the answer.</summary>
    public byte[] AnswerTail { get; }

    /// <summary>From behind the time stamp to the generation, inclusive.</summary>
    public byte[] LogHead { get; }

    /// <summary>What stands before the caller's record in a log line.</summary>
    public byte[] LogInput { get; }

    protected static string Quote(string text) => Encoding.UTF8.GetString(JsonText.Quote(text));
}
