using System.Text;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.QueryLog.Sinks;

/// <summary>Turns lines into the body of one call.</summary>
internal sealed class SinkEncoder(SinkFormat format, string source)
{
    private readonly byte[] _source = JsonText.Quote(source);

    public string ContentType => format switch
    {
        SinkFormat.JsonLines => "application/x-ndjson",
        SinkFormat.CloudEvents => "application/cloudevents-batch+json",
        SinkFormat.KafkaRest2 => "application/vnd.kafka.json.v2+json",
        _ => "application/json",
    };

    /// <param name="lines">Whole lines, each with its end.</param>
    public void Encode(ReadOnlySpan<byte> lines, Utf8Output body)
    {
        if (format == SinkFormat.JsonLines)
        {
            body.Write(lines);
            return;
        }

        body.Write(format switch { SinkFormat.CloudEvents => "["u8, SinkFormat.KafkaRest2 => "{\"records\":["u8, _ => default });
        for (var any = false; !lines.IsEmpty; any = true)
        {
            var end = lines.IndexOf((byte)'\n');
            if (any && format != SinkFormat.KafkaRest3) body.Write((byte)',');
            EncodeLine(lines[..end], body);
            lines = lines[(end + 1)..];
        }

        body.Write(format switch { SinkFormat.CloudEvents => "]"u8, SinkFormat.KafkaRest2 => "]}"u8, _ => default });
    }

    private void EncodeLine(ReadOnlySpan<byte> line, Utf8Output body)
    {
        LogLine.TryRead(line, out var read);
        if (format == SinkFormat.CloudEvents) WriteEvent(line, read, body);
        else if (format == SinkFormat.KafkaRest2) WriteRecord(line, read, body);
        else WriteRecordWithHeaders(line, read, body);
    }

    private void WriteEvent(ReadOnlySpan<byte> line, in LogLine read, Utf8Output body)
    {
        body.Write("{\"specversion\":\"1.0\",\"id\":\""u8);
        body.Write(read.Id);
        body.Write("\",\"source\":"u8);
        body.Write(_source);
        body.Write(",\"type\":\"org.peregrine."u8);
        body.Write(read.Type);
        body.Write(".v1\",\"subject\":\""u8);
        WriteKey(read, body);
        body.Write("\",\"time\":\""u8);
        body.Write(read.Timestamp);
        body.Write("\",\"datacontenttype\":\"application/json\",\"generation\":\""u8);
        body.Write(read.Generation);
        body.Write("\",\"data\":"u8);
        body.Write(line);
        body.Write((byte)'}');
    }

    private static void WriteRecord(ReadOnlySpan<byte> line, in LogLine read, Utf8Output body)
    {
        body.Write("{\"key\":\""u8);
        WriteKey(read, body);
        body.Write("\",\"value\":"u8);
        body.Write(line);
        body.Write((byte)'}');
    }

    private static void WriteRecordWithHeaders(ReadOnlySpan<byte> line, in LogLine read, Utf8Output body)
    {
        body.Write("{\"key\":{\"type\":\"STRING\",\"data\":\""u8);
        WriteKey(read, body);
        body.Write("\"},\"value\":{\"type\":\"JSON\",\"data\":"u8);
        body.Write(line);
        body.Write("},\"headers\":["u8);
        WriteHeader("ce_specversion"u8, "1.0"u8, body);
        body.Write((byte)',');
        WriteHeader("ce_id"u8, read.Id, body);
        body.Write((byte)',');
        WriteHeader("ce_time"u8, read.Timestamp, body);
        body.Write((byte)',');
        WriteHeader("generation"u8, read.Generation, body);
        body.Write("]}\n"u8);
    }

    private static void WriteHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, Utf8Output body)
    {
        body.Write("{\"name\":\""u8);
        body.Write(name);
        body.Write("\",\"value\":\""u8);
        body.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(value)));
        body.Write("\"}"u8);
    }

    /// <summary>All lines of an endpoint have one key, so Kafka keeps their order.</summary>
    private static void WriteKey(in LogLine read, Utf8Output body)
    {
        body.Write(read.Service);
        body.Write((byte)'/');
        body.Write(read.Endpoint);
    }
}
