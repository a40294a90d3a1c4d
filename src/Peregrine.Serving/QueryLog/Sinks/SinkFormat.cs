namespace Peregrine.Serving.QueryLog.Sinks;

/// <summary>How lines travel to a sink.</summary>
public enum SinkFormat
{
    /// <summary>The lines themselves, <c>application/x-ndjson</c>.</summary>
    JsonLines,

    /// <summary>A CloudEvents 1.0 batch, <c>application/cloudevents-batch+json</c>: one event per line, the line as its data.</summary>
    CloudEvents,

    /// <summary>The produce call of Kafka's REST proxy, version 2: a list of records with key and value; it takes no headers.</summary>
    KafkaRest2,

    /// <summary>The produce call of version 3: records with key, value and headers, one after the other.</summary>
    KafkaRest3,
}
