using Peregrine.Serving.OpenInference.Grpc.Wire;
using Peregrine.Serving.OpenInference.Requests;

namespace Peregrine.Serving.Tests.OpenInference.Grpc.Wire;

public sealed class InferProtoReaderTests
{
    [Theory]
    [InlineData("2206 0A01 61 0F 0000", 6)] // a parameter of the request, with a kind of value that there is not
    [InlineData("2A08 2206 0A01 61 0F 0000", 8)] // of an input
    [InlineData("3208 1206 0A01 61 0F 0000", 8)] // of an output
    [InlineData("2A04 2202 0A05", 6)] // a key that is longer than its entry
    public void Read_MalformedEntryOfAMap_SaysWhereItBreaksOff(string hex, int at)
    {
        var fault = new InferProtoReader(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), new InferRequest()).Read();
        fault.ShouldNotBeNull().ErrorType.ShouldBe("MalformedMessage");
        fault.Message.ShouldEndWith($"malformed at byte {at}.");
    }
}
