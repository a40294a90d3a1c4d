using System.Text;
using Peregrine.Serving.OpenInference.Requests;

namespace Peregrine.Serving.Tests.OpenInference.Requests;

public sealed class ReadHeadersTests
{
    private readonly ReadHeaders _headers = new();

    [Fact]
    public void TryRecall_TheSameHeaderBeforeOtherBytes_FillsTheRequestAsReadingDoes()
    {
        var first = Body("amount", id: "7", data: [1, 2, 3, 4, 5, 6, 7, 8]);
        var second = Body("amount", id: "7", data: [8, 7, 6, 5, 4, 3, 2, 1]);
        var read = Read(first);
        _headers.Keep(first.Bytes, first.HeaderLength, read);
        // What becomes of a request after it was read is not kept.
        read.Inputs[0].Slot = 5;
        read.Inputs[0].At += 8;
        var recalled = new InferRequest();

        _headers.TryRecall(second.Bytes, second.HeaderLength, recalled).ShouldBeTrue();

        ShouldBeEqual(recalled, Read(second));
        recalled.Inputs[0].Data.Of(second.Bytes).ToArray().ShouldBe([8, 7, 6, 5, 4, 3, 2, 1]);
        Encoding.UTF8.GetString(recalled.Id.Of(second.Bytes)).ShouldBe("7");
    }

    [Fact]
    public void KeepBound_OfTheHeaderLookedForLast_IsRecalledWithIt()
    {
        var body = Body("amount", id: "7", data: new byte[8]);
        var read = Read(body);
        _headers.Keep(body.Bytes, body.HeaderLength, read);
        read.Inputs[0].Slot = 5;
        read.BoundTo = 3;
        _headers.KeepBound(read);
        var recalled = new InferRequest();

        _headers.TryRecall(body.Bytes, body.HeaderLength, recalled).ShouldBeTrue();

        ShouldBeEqual(recalled, read);
        (recalled.BoundTo, recalled.Inputs[0].Slot).ShouldBe((3, 5));
    }

    [Fact]
    public void KeepBound_OfARequestWhoseHeaderIsNotKept_ChangesNoOther()
    {
        var body = Body("amount", id: "7", data: new byte[8]);
        _headers.Keep(body.Bytes, body.HeaderLength, Read(body));
        var other = Read(Body("other", id: "7", data: new byte[8]));
        other.BoundTo = 3;
        _headers.Leave();
        _headers.KeepBound(other);
        _headers.TryRecall([1, 2, 3], 2, new InferRequest());
        _headers.KeepBound(other);
        var recalled = new InferRequest();

        _headers.TryRecall(body.Bytes, body.HeaderLength, recalled).ShouldBeTrue();

        recalled.BoundTo.ShouldBe(0);
        ShouldBeEqual(recalled, Read(body));
    }

    [Theory]
    [InlineData("amounts", "7", 8)] // other lengths
    [InlineData("Amount", "7", 8)]  // another byte
    [InlineData("amount", "8", 8)]
    [InlineData("amount", "7", 7)]  // fewer bytes behind the same header
    public void TryRecall_AnotherHeaderOrLength_IsRead(string name, string id, int data)
    {
        var kept = Body("amount", "7", new byte[8]);
        _headers.Keep(kept.Bytes, kept.HeaderLength, Read(kept));
        var asked = Body(name, id, new byte[data], size: 8);

        _headers.TryRecall(asked.Bytes, asked.HeaderLength, new InferRequest()).ShouldBeFalse();
    }

    [Fact]
    public void TryRecall_ARequestThatIsAllJson_IsRead()
    {
        var body = Encoding.UTF8.GetBytes("""{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64","data":[1]}]}""");
        _headers.Keep(body, body.Length, Read((body, body.Length)));

        _headers.TryRecall(body, body.Length, new InferRequest()).ShouldBeFalse();
    }

    [Fact]
    public void TryRecall_AnEmptyBodyFirst_IsRead() => _headers.TryRecall([], 0, new InferRequest()).ShouldBeFalse();

    [Fact]
    public void TryRecall_ManyHeadersInTurn_NeverTakesOneForAnother()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var body = Body($"f{i * 7 % 97}", $"{i % 11}", new byte[8 + i % 3 * 8]);
            var request = new InferRequest();
            if (!_headers.TryRecall(body.Bytes, body.HeaderLength, request))
            {
                request = Read(body);
                _headers.Keep(body.Bytes, body.HeaderLength, request);
            }

            ShouldBeEqual(request, Read(body));
        }
    }

    private static void ShouldBeEqual(InferRequest one, InferRequest other)
    {
        one.Inputs.ToArray().ShouldBe(other.Inputs.ToArray());
        one.Outputs.ToArray().ShouldBe(other.Outputs.ToArray());
        (one.Rows, one.Id, one.DispatchKey, one.BinaryOutputs, one.Explanations).ShouldBe((other.Rows, other.Id, other.DispatchKey, other.BinaryOutputs, other.Explanations));
    }

    private static InferRequest Read((byte[] Bytes, int HeaderLength) body)
    {
        var request = new InferRequest();
        new InferJsonReader(body.Bytes, body.HeaderLength, 64, request).Read().ShouldBeNull();
        return request;
    }

    private static (byte[] Bytes, int HeaderLength) Body(string name, string id, byte[] data, int? size = null)
    {
        var header = Encoding.UTF8.GetBytes(
            $$"""{"id":"{{id}}","inputs":[{"name":"{{name}}","shape":[{{(size ?? data.Length) / 8}}],"datatype":"FP64","parameters":{"binary_data_size":{{size ?? data.Length}} } }],"outputs":[{"name":"probas"}],"parameters":{"binary_data_output":true,"dispatchKey":"k","explain":true} }""");
        return ([.. header, .. data], header.Length);
    }
}
