namespace Peregrine.FunctionalTests.OpenInference;

/// <summary>gRPC against a client that shares no code with the node.</summary>
public sealed class PythonPeerTests(PythonPeer peer) : IClassFixture<PythonPeer>
{
    [Theory]
    [InlineData("numbers")]
    [InlineData("server")]
    [InlineData("model")]
    [InlineData("bits")]
    [InlineData("compression")]
    [InlineData("codes")]
    [InlineData("deadlines")]
    [InlineData("health")]
    [InlineData("reflection")]
    public Task PythonClient_OfGrpc_FindsWhatTheProtocolPromises(string check) => peer.CheckAsync(check);
}
