using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Grpc.Wire;

/// <summary>A gRPC answer on HTTP/2: one message behind five bytes, and its status in the trailers.</summary>
internal static class GrpcFrame
{
    /// <summary>Whether it is packed, 1 byte; its length, 4 bytes, big-endian.</summary>
    public const int HeadBytes = 5;

    /// <summary>Makes room for the head at the begin of an output.</summary>
    /// <returns><see cref="HeadBytes"/>.</returns>
    public static int Reserve(Utf8Output output)
    {
        output.GetSpan(HeadBytes)[..HeadBytes].Clear();
        return HeadBytes;
    }

    /// <param name="output">Room for the head, and the message.</param>
    /// <param name="packing">How to pack the message; null: not at all.</param>
    public static void WriteMessage(HttpResponse response, Utf8Output output, string? packing)
    {
        response.ContentType = "application/grpc";
        var message = output.Written;
        if (packing is not null)
        {
            response.Headers["grpc-encoding"] = packing;
            byte[] packed = [0, 0, 0, 0, 0, .. BodyCoding.Encode(message[HeadBytes..], packing)];
            message = packed;
        }

        var writer = response.BodyWriter;
        var span = writer.GetSpan(message.Length);
        message.CopyTo(span);
        span[0] = packing is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], message.Length - HeadBytes);
        writer.Advance(message.Length);
        response.AppendTrailer("grpc-status", "0");
    }

    /// <summary>An answer without a message.</summary>
    public static void WriteStatus(HttpResponse response, ApiError error)
    {
        response.ContentType = "application/grpc";
        response.ContentLength = 0;
        response.Headers["grpc-status"] = GrpcStatus.Of(error).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Escape(error.DetailedMessage);
    }

    /// <summary>UTF-8, with a percent sign and two digits for what may not stand in a header.</summary>
    private static string Escape(string message)
    {
        var escaped = new StringBuilder(message.Length);
        foreach (var value in Encoding.UTF8.GetBytes(message))
        {
            if (value is >= 0x20 and < 0x7F and not (byte)'%') escaped.Append((char)value);
            else escaped.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }
}
