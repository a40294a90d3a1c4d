using Microsoft.Extensions.Time.Testing;
using Peregrine.Serving.QueryLog;

namespace Peregrine.Serving.Tests.QueryLog;

public sealed class QueryLogFilesTests : IDisposable
{
    private static readonly TimeSpan s_age = TimeSpan.FromHours(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Append_PastTheFileSize_BeginsTheNextFile()
    {
        using (var files = new QueryLogFiles(_folder, fileBytes: 100, totalBytes: 10_000, s_age, new FakeTimeProvider()))
        {
            for (var i = 0; i < 5; i++) files.Append(Line(60));
        }

        Names().Length.ShouldBe(5);
        Names().ShouldAllBe(path => new FileInfo(path).Length == 60);
    }

    [Fact]
    public void Append_PastTheCap_DeletesTheOldest()
    {
        using (var files = new QueryLogFiles(_folder, fileBytes: 100, totalBytes: 300, s_age, new FakeTimeProvider()))
        {
            for (var i = 0; i < 50; i++) files.Append(Line(100, (byte)i));
        }

        Names().Sum(path => new FileInfo(path).Length).ShouldBeLessThanOrEqualTo(300);
        File.ReadAllBytes(Names().Last())[0].ShouldBe((byte)49);
    }

    [Fact]
    public void Append_PastTheCapOfLargeFiles_DeletesInPiecesAndKeepsTheCapAtEveryMoment()
    {
        const int fileBytes = 8 * 1024 * 1024;
        var line = Line(512 * 1024);
        using var files = new QueryLogFiles(_folder, fileBytes, totalBytes: 3 * fileBytes, s_age, new FakeTimeProvider());
        var going = new SortedSet<long>();
        for (var i = 0; i < 100; i++)
        {
            files.Append(line);
            Names().Sum(path => new FileInfo(path).Length).ShouldBeLessThanOrEqualTo(3 * fileBytes);
            if (Names().FirstOrDefault(path => path.EndsWith(".going", StringComparison.Ordinal)) is { } name) going.Add(new FileInfo(name).Length);
        }

        going.Count.ShouldBe(7); // a MiB less each time
        QueryLogFiles.Of(_folder).Count().ShouldBeInRange(2, 3);
        files.Dispose();
        Names().ShouldNotContain(path => path.EndsWith(".going", StringComparison.Ordinal));
    }

    [Fact]
    public void Append_AfterSomebodyDeletedTheFileThatWasGoing_WritesOn()
    {
        using var files = new QueryLogFiles(_folder, fileBytes: 4 * 1024 * 1024, totalBytes: 8 * 1024 * 1024, s_age, new FakeTimeProvider());
        var line = Line(512 * 1024);
        string? going = null;
        for (var i = 0; i < 40 && going is null; i++)
        {
            files.Append(line);
            going = Names().FirstOrDefault(path => path.EndsWith(".going", StringComparison.Ordinal));
        }

        File.Delete(going.ShouldNotBeNull());
        var newest = Names().Last();
        var before = new FileInfo(newest).Length;
        files.Append(line);
        new FileInfo(newest).Length.ShouldBe(before + line.Length);
    }

    [Fact]
    public void Append_AfterAKillWhileAFileWasGoing_DeletesTheRest()
    {
        var rest = Path.Combine(_folder, "queries-20260101-000000-000.jsonl.going");
        File.WriteAllBytes(rest, Line(50));
        QueryLogFiles.Of(_folder).ShouldBeEmpty();
        using var files = new QueryLogFiles(_folder, 100, 300, s_age, new FakeTimeProvider());
        files.Append(Line(10));
        File.Exists(rest).ShouldBeFalse();
    }

    [Fact]
    public void Append_AfterARestart_KeepsEarlierFiles()
    {
        var clock = new FakeTimeProvider();
        for (var run = 0; run < 3; run++)
        {
            using var files = new QueryLogFiles(_folder, 1_000, 10_000, s_age, clock);
            files.Append(Line(10));
        }

        Names().Length.ShouldBe(3);
    }

    [Fact]
    public void Append_PastTheAge_BeginsTheNextFile()
    {
        var clock = new FakeTimeProvider();
        using (var files = new QueryLogFiles(_folder, 1_000, 10_000, s_age, clock))
        {
            files.Append(Line(10));
            clock.Advance(s_age - TimeSpan.FromSeconds(1));
            files.Append(Line(10));
            Names().ShouldHaveSingleItem();
            clock.Advance(TimeSpan.FromSeconds(1));
            files.Append(Line(10));
        }

        Names().Select(path => new FileInfo(path).Length).ShouldBe([20, 10]);
    }

    private static byte[] Line(int length, byte fill = (byte)'x')
    {
        var line = new byte[length];
        line.AsSpan().Fill(fill);
        return line;
    }

    private string[] Names() => [.. Directory.GetFiles(_folder).Order(StringComparer.Ordinal)];
}
