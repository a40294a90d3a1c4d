using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Serving.Tests.Transport;

public sealed class TlsReloadTests : IDisposable
{
    private readonly TlsFolder _tls = new();

    public void Dispose() => _tls.Dispose();

    [Fact]
    public async Task ChangedFiles_UnderRequests_ReachNewHandshakes_AndNoRequestFails()
    {
        await using var node = await _tls.Node().WithService().StartAsync();
        using var stop = new CancellationTokenSource();
        var subjects = new ConcurrentDictionary<string, int>();
        // One caller keeps its connection, the others make a new one for each request.
        var kept = CallAsync(node, keep: true, subjects, stop.Token);
        var callers = Enumerable.Range(0, 2).Select(_ => CallAsync(node, keep: false, subjects, stop.Token)).Append(kept).ToList();
        await Eventually.TrueAsync(() => subjects.ContainsKey("CN=first"));

        foreach (var name in new[] { "second", "third" })
        {
            _tls.Write(_tls.Authority.Server(name));
            await Eventually.TrueAsync(() => subjects.ContainsKey($"CN={name}"));
        }

        await stop.CancelAsync();
        var counts = await Task.WhenAll(callers);
        counts.ShouldAllBe(count => count > 0);
        subjects.Keys.ShouldBe(["CN=first", "CN=second", "CN=third"], ignoreOrder: true);
        (await node.GetAsync("metrics")).Text.ShouldMatch("""peregrine_tls_reloads_total\{.*outcome="taken".*\} 2""");
    }

    [Fact]
    public async Task BrokenFile_KeepsTheOldCertificate_AndSaysSo_UntilItIsMended()
    {
        await using var node = await _tls.Node().StartAsync();

        await File.WriteAllTextAsync(_tls.Certificate, "-----BEGIN CERTIFICATE-----\nnot\n-----END CERTIFICATE-----\n", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => (await node.GetAsync("readyz?verbose")).Text.Contains("changed certificate files of 'node' not taken", StringComparison.Ordinal));
        (await SubjectAsync(node)).ShouldBe("CN=first");
        (await node.GetAsync("readyz")).Status.ShouldBe(HttpStatusCode.OK);
        (await node.GetAsync("metrics")).Text.ShouldMatch("""peregrine_tls_reloads_total\{.*outcome="refused".*\} 1""");

        _tls.Write(_tls.Authority.Server("mended"));
        await Eventually.TrueAsync(async () => !(await node.GetAsync("readyz?verbose")).Text.Contains("not taken", StringComparison.Ordinal));
        (await SubjectAsync(node)).ShouldBe("CN=mended");
    }

    [Fact]
    public async Task ExpiredFile_IsNotTakenInPlaceOfAGoodOne()
    {
        await using var node = await _tls.Node().StartAsync();

        _tls.Write(_tls.Authority.Server("late", DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(-1)));

        await Eventually.TrueAsync(async () => (await node.GetAsync("readyz?verbose")).Text.Contains("the certificate CN=late ended on", StringComparison.Ordinal));
        (await SubjectAsync(node)).ShouldBe("CN=first");
    }

    [Fact]
    public async Task CertificateThatEndsSoon_IsTold()
    {
        var builder = _tls.Node();
        _tls.Write(_tls.Authority.Server("soon", until: DateTimeOffset.UtcNow.AddDays(3)));
        await using var node = await builder.StartAsync();

        (await node.GetAsync("readyz?verbose")).Text.ShouldContain("the certificate of 'node' ends in 3.0 days");
    }

    private async Task<string> SubjectAsync(TestNode node)
    {
        var subject = "";
        using var http = new HttpClient(_tls.Handler(seen: seen => subject = seen));
        await http.GetStringAsync(new Uri(node.Address, "livez"), TestContext.Current.CancellationToken);
        return subject;
    }

    private async Task<int> CallAsync(TestNode node, bool keep, ConcurrentDictionary<string, int> subjects, CancellationToken stop)
    {
        var handler = _tls.Handler(seen: subject => subjects.AddOrUpdate(subject, 1, (_, count) => count + 1));
        if (!keep) handler.PooledConnectionLifetime = TimeSpan.Zero;
        using var http = new HttpClient(handler);
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            using var content = new StringContent($$"""{"features":{{TestPackage.GoodFeatures}}}""");
            using var answer = await http.PostAsync(new Uri(node.Address, "public/api/v1/fraud/score/predict"), content, CancellationToken.None); // a stop waits for the answer
            ((int)answer.StatusCode).ShouldBe(StatusCodes.Status200OK);
            count++;
        }

        return count;
    }
}
