using System.Text;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Packages.Blobs;

namespace Peregrine.Packages.Tests.Blobs;

public sealed class BlobStoreTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("a package");

    [Fact]
    public async Task Put_ThenOpen_GivesTheContentBack()
    {
        using var folder = new TestFolder();
        var store = Store(folder);

        var blob = await store.PutAsync(Content, TestContext.Current.CancellationToken);

        blob.ShouldBe(new Blob(Digests.Of(Content), Content.Length));
        store.Contains(blob.Digest).ShouldBeTrue();
        store.LengthOf(blob.Digest).ShouldBe(Content.Length);
        (await ReadAsync(store, blob.Digest)).ShouldBe(Content);
        File.Exists(Path.Combine(folder.Path, "sha256", blob.Digest[..2], blob.Digest)).ShouldBeTrue();
    }

    [Fact]
    public async Task Put_OfEqualContent_StoresItOnceAndLeavesNothingBehind()
    {
        using var folder = new TestFolder();
        var store = Store(folder);

        var first = await store.PutAsync(Content, TestContext.Current.CancellationToken);
        var second = await Store(folder).PutAsync(Content, TestContext.Current.CancellationToken);

        second.ShouldBe(first);
        Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Put_FromManyAtOnce_AllSucceed()
    {
        using var folder = new TestFolder();
        var store = Store(folder);

        var blobs = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => store.PutAsync(
            Encoding.UTF8.GetBytes($"content {i % 3}"), TestContext.Current.CancellationToken)));

        blobs.Distinct().Count().ShouldBe(3);
        Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Count().ShouldBe(3);
    }

    [Fact]
    public async Task Put_ThatFailsHalfWay_LeavesNothingBehind()
    {
        using var folder = new TestFolder();
        var store = Store(folder);

        await Should.ThrowAsync<IOException>(() => store.PutAsync(new BreakingStream(), TestContext.Current.CancellationToken));

        Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_OfDamagedContent_IsRefused_AndPuttingItAgainHeals()
    {
        using var folder = new TestFolder();
        var store = Store(folder);
        var blob = await store.PutAsync(Content, TestContext.Current.CancellationToken);
        var path = Path.Combine(folder.Path, "sha256", blob.Digest[..2], blob.Digest);
        await File.WriteAllBytesAsync(path, [.. Content[..^1], (byte)'?'], TestContext.Current.CancellationToken);

        var refusal = await Should.ThrowAsync<BlobDamagedException>(() => store.OpenReadAsync(blob.Digest, TestContext.Current.CancellationToken));
        refusal.Digest.ShouldBe(blob.Digest);

        await store.PutAsync(Content, TestContext.Current.CancellationToken);
        (await ReadAsync(store, blob.Digest)).ShouldBe(Content);
    }

    [Fact]
    public async Task Open_OfAnUnknownDigest_GivesNull_AndDeleteDoesNothing()
    {
        using var folder = new TestFolder();
        var store = Store(folder);
        var unknown = Digests.Of("other"u8);

        (await store.OpenReadAsync(unknown, TestContext.Current.CancellationToken)).ShouldBeNull();
        store.LengthOf(unknown).ShouldBeNull();
        Should.NotThrow(() => store.Delete(unknown));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("ABCDEF")]
    [InlineData("")]
    public void Contains_OfSomethingThatIsNoDigest_IsRefused(string digest)
    {
        using var folder = new TestFolder();

        Should.Throw<ArgumentException>(() => Store(folder).Contains(digest));
    }

    [Fact]
    public async Task Delete_LetsAnOpenReaderFinish()
    {
        using var folder = new TestFolder();
        var store = Store(folder);
        var blob = await store.PutAsync(Content, TestContext.Current.CancellationToken);
        await using var open = (await store.OpenReadAsync(blob.Digest, TestContext.Current.CancellationToken))!;

        store.Delete(blob.Digest);

        store.Contains(blob.Digest).ShouldBeFalse();
        open.ReadByte().ShouldBe('a');
    }

    [Fact]
    public void Start_RemovesWhatACrashLeftLongAgo_ButNotWhatIsComingIn()
    {
        using var folder = new TestFolder();
        _ = Store(folder);
        var left = Path.Combine(folder.Path, "incoming", "left.tmp");
        File.WriteAllText(left, "half");

        _ = Store(folder);
        File.Exists(left).ShouldBeTrue();

        _ = Store(folder, DateTimeOffset.UtcNow + TimeSpan.FromDays(1));
        File.Exists(left).ShouldBeFalse();
    }

    private static BlobStore Store(TestFolder folder, DateTimeOffset? now = null) =>
        new(folder.Path, new FakeTimeProvider(now ?? DateTimeOffset.UtcNow));

    private static async Task<byte[]> ReadAsync(BlobStore store, string digest)
    {
        await using var stream = (await store.OpenReadAsync(digest, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
        return copy.ToArray();
    }

    private sealed class BreakingStream : MemoryStream
    {
        private bool _read;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_read) throw new IOException("the line broke");
            _read = true;
            buffer.Span[..10].Clear();
            return ValueTask.FromResult(10);
        }
    }
}
